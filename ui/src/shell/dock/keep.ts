// Keeps the dock and the settings alike: a change by hand is written a moment later, one that came from elsewhere is
// shown. Always true: what the window's size did to the layout is nobody's choice and is not written.
import type { DockviewApi, SerializedDockview } from "dockview-vue";
import { watch } from "vue";
import { isUsable } from "../../store/layouts";
import { PANELS } from "../../panels/registry";
import { settings } from "../../store/settings";
import { titleOf } from "../windows";
import { defaultLayout } from "./arrangement";

const REST_MS = 400;
const PANEL_IDS = PANELS.map((panel) => panel.id);

/** Returns how to stop, and how to show a layout; null is the default. */
export function keep(api: DockviewApi, root: HTMLElement): { show(layout: unknown): boolean; stop(): void } {
  let shown = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let resized = 0;
  const resize = (): void => void (resized = Date.now());
  window.addEventListener("resize", resize);
  show(settings.dock);
  const listener = api.onDidLayoutChange(() => {
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  });
  const unwatch = watch(() => settings.dock, (dock) => {
    if (text(dock) !== shown) show(dock);
  });
  return { show, stop };

  function stop(): void {
    clearTimeout(timer);
    window.removeEventListener("resize", resize);
    listener.dispose();
    unwatch();
  }

  function write(): void {
    const now = JSON.stringify(api.toJSON());
    if (now === shown || Date.now() - resized < 2 * REST_MS) return;
    shown = now;
    settings.dock = JSON.parse(now);
  }

  function show(layout: unknown): boolean {
    const usable = layout !== null && isUsable(layout, PANEL_IDS);
    const isTaken = usable && take(JSON.parse(JSON.stringify(layout)) as SerializedDockview);
    if (!isTaken && (layout === null || api.panels.length === 0)) take(fresh());
    for (const panel of api.panels) panel.api.setTitle(titleOf(panel.id));
    // What the dock makes of it, so that only what is done by hand later counts as a change.
    setTimeout(() => (shown = JSON.stringify(api.toJSON())));
    shown = text(layout);
    return isTaken || layout === null;
  }

  function take(layout: SerializedDockview): boolean {
    try {
      api.fromJSON(layout, { reuseExistingPanels: true });
      return true;
    } catch {
      return false;
    }
  }

  function fresh(): SerializedDockview {
    const { clientWidth, clientHeight } = root;
    return defaultLayout(clientWidth, clientHeight, titleOf) as unknown as SerializedDockview;
  }
}

function text(layout: unknown): string {
  return JSON.stringify(layout);
}
