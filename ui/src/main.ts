import { createApp, watchEffect } from "vue";
import App from "./App.vue";
import { t } from "./i18n";
import { resume } from "./session";
import { settings } from "./settings";
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

resume();
createApp(App).mount("#app");
