// The panels of the desk: what can be docked, floated, or opened in a window of its own. Each is loaded when it is
// first shown, so that a phone never loads what it does not show.
import type { Component } from "vue";
import type { Key } from "../i18n";
import { lazy } from "../shell/lazy";

export interface Panel {
  readonly id: PanelId;
  readonly title: Key;
  readonly component: Component;
}

export type PanelId =
  | "watch" | "depth" | "chart" | "ticket" | "orders" | "active" | "trades" | "positions" | "accounts" | "quotes" | "log";

function panel(id: PanelId, load: () => Promise<{ default: Component }>): Panel {
  return { id, title: `panel.${id}`, component: lazy(load) };
}

export const PANELS: readonly Panel[] = [
  panel("watch", () => import("./WatchPanel.vue")),
  panel("depth", () => import("./DepthPanel.vue")),
  panel("chart", () => import("./ChartPanel.vue")),
  panel("ticket", () => import("./TicketPanel.vue")),
  panel("orders", () => import("./OrdersPanel.vue")),
  panel("active", () => import("./ActivePanel.vue")),
  panel("trades", () => import("./TradesPanel.vue")),
  panel("positions", () => import("./PositionsPanel.vue")),
  panel("accounts", () => import("./AccountsPanel.vue")),
  panel("quotes", () => import("./QuotesPanel.vue")),
  panel("log", () => import("./LogPanel.vue")),
];

export function panelOf(id: string): Panel | undefined {
  return PANELS.find((known) => known.id === id);
}
