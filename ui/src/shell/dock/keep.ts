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
const GESTURES = ["pointerdown", "keydown"] as const;
const PANEL_IDS = PANELS.map((panel) => panel.id);

/** Returns how to stop, and how to show a layout; null is the default. */
export function keep(api: DockviewApi, root: HTMLElement): { show(layout: unknown): boolean; stop(): void } {
  let shown = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let resized = 0;
  /** A layout settles by itself for a moment after it is shown; only what follows a press is somebody's choice. */
  let isTouched = false;
  const resize = (): void => void (resized = Date.now());
  const touch = (): void => void (isTouched = true);
  window.addEventListener("resize", resize);
  for (const name of GESTURES) document.addEventListener(name, touch, true);
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
    for (const name of GESTURES) document.removeEventListener(name, touch, true);
    listener.dispose();
    unwatch();
  }

  function write(): void {
    const now = JSON.stringify(api.toJSON());
    if (now === shown) return;
    const isChosen = isTouched && Date.now() - resized > 2 * REST_MS;
    shown = now;
    if (isChosen) settings.dock = JSON.parse(now);
  }

  function show(layout: unknown): boolean {
    const usable = layout !== null && isUsable(layout, PANEL_IDS);
    const isTaken = usable && take(JSON.parse(JSON.stringify(layout)) as SerializedDockview);
    if (!isTaken && (layout === null || api.panels.length === 0)) take(fresh());
    for (const panel of api.panels) panel.api.setTitle(titleOf(panel.id));
    shown = text(layout);
    isTouched = false;
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
