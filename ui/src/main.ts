// Starts the page: settings onto the document, the session of this browser, the app.
import { createApp, watchEffect } from "vue";
import App from "./app/App.vue";
import { t } from "./i18n";
import { resume } from "./store/session";
import { settings } from "./store/settings";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/lists.css";
import "./styles/trade.css";
import "./styles/parts.css";

watchEffect(() => {
  const page = document.documentElement;
  page.lang = settings.language === "zh" ? "zh-CN" : "en";
  page.dataset["theme"] = settings.theme;
  page.dataset["up"] = settings.up;
  document.title = t("app.title");
});

void resume();
createApp(App).mount("#app");
