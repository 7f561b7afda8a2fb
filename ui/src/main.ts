// Starts the page: settings onto the document, the session of this browser, the app.
import { createApp, watchEffect } from "vue";
import App from "./app/App.vue";
import { t } from "./i18n";
import { startAlerts } from "./shell/alerting";
import { startFaults } from "./shell/faults";
import { startUpdates } from "./shell/update";
import { followOtherWindows } from "./shell/windows";
import { route } from "./store/route";
import { resume } from "./store/session";
import { settings } from "./store/settings";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/lists.css";
import "./styles/trade.css";
import "./styles/parts.css";

const GROUND = { dark: "#121823", light: "#ffffff" };

watchEffect(() => {
  const page = document.documentElement;
  page.lang = settings.language === "zh" ? "zh-CN" : "en";
  page.dataset["theme"] = settings.theme;
  page.dataset["up"] = settings.up;
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", GROUND[settings.theme]);
  if (route.value.name !== "panel") document.title = t("app.title");
});

const app = createApp(App);
startFaults(app);
followOtherWindows();
startUpdates();
// One window tells; those with one panel keep still.
if (route.value.name !== "panel") startAlerts();
void resume();
app.mount("#app");
