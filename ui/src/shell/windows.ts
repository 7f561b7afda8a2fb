// Panels in windows of their own, each with its own stream; and what all windows of this browser have in common: the
// instrument, the trading process, language and colours. Always true: a choice in one window is the choice in all.
import { load, settings } from "../store/settings";
import { addressOf } from "../store/route";
import { choose } from "../store/ticket";
import { toast } from "../store/notes";
import { t } from "../i18n";
import { panelOf } from "../panels/registry";

/** Where the settings of this browser are kept. */
const KEY = "webtrader.settings";
const SIZE = { width: 760, height: 520 };

/** False where the browser blocked it, which is said. */
export function openWindow(id: string): boolean {
  const features = `popup,width=${SIZE.width},height=${SIZE.height}`;
  const opened = window.open(`${location.pathname}${addressOf({ name: "panel", id })}`, `webtrader-${id}`, features);
  if (opened === null) toast("warn", "dock.blocked");
  return opened !== null;
}

export function titleOf(id: string): string {
  const panel = panelOf(id);
  return panel === undefined ? id : t(panel.title);
}

/** Once per page. */
export function followOtherWindows(): void {
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY || event.newValue === null) return;
    const { language, theme, up, trader, groups, group, selected } = load(event.newValue, navigator.language);
    Object.assign(settings, { language, theme, up, trader, group });
    if (JSON.stringify(groups) !== JSON.stringify(settings.groups)) settings.groups = groups;
    if (selected !== "") choose(selected);
  });
}
