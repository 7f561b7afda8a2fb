// What the menu of a panel can do with it. Always true: what the mouse can do by dragging can be done here by key.
import type { DockviewApi, DockviewGroupPanel, IDockviewPanel } from "dockview-vue";
import { t } from "../../i18n";
import { openWindow, titleOf } from "../windows";

export interface Move {
  readonly name: string;
  /** For tests and keys. */
  readonly id: string;
  act(): void;
}

const FLOAT = { width: 520, height: 380 };
const SIDES = ["left", "right", "up", "down"] as const;
const TO = { left: "left", right: "right", up: "above", down: "below" } as const;

export function movesOf(api: DockviewApi, panel: IDockviewPanel): Move[] {
  const isFloating = panel.api.location.type === "floating";
  const isMaximized = panel.api.isMaximized();
  return [
    { id: "close", name: t("dock.close"), act: () => panel.api.close() },
    isFloating
      ? { id: "unfloat", name: t("dock.unfloat"), act: () => toSide(api, panel, "right") }
      : { id: "float", name: t("dock.float"), act: () => float(api, panel) },
    ...(isFloating
      ? []
      : [{ id: "maximize", name: t(isMaximized ? "dock.restoreSize" : "dock.maximize"), act: () => (isMaximized ? panel.api.exitMaximized() : panel.api.maximize()) }]),
    {
      id: "window",
      name: t("dock.window"),
      act: () => {
        if (openWindow(panel.id)) panel.api.close();
      },
    },
    ...SIDES.map((side) => ({ id: side, name: t(`dock.${side}`), act: () => toSide(api, panel, side) })),
    ...api.groups.filter((group) => group !== panel.group && group.activePanel !== undefined).map((group) => beside(panel, group)),
  ];
}

function beside(panel: IDockviewPanel, group: DockviewGroupPanel): Move {
  const other = group.activePanel?.id ?? "";
  return { id: `beside-${other}`, name: t("dock.moveTo", { panel: titleOf(other) }), act: () => panel.api.moveTo({ group, position: "center" }) };
}

function float(api: DockviewApi, panel: IDockviewPanel): void {
  const many = api.groups.filter((group) => group.api.location.type === "floating").length;
  // Each a little further, so that none hides another.
  const step = 30 * (many % 8);
  api.addFloatingGroup(panel, { position: { left: 120 + step, top: 80 + step }, ...FLOAT });
}

function toSide(api: DockviewApi, panel: IDockviewPanel, side: (typeof SIDES)[number]): void {
  if (panel.api.isMaximized()) panel.api.exitMaximized();
  const group = api.addGroup({ direction: TO[side] });
  panel.api.moveTo({ group, position: "center" });
}
