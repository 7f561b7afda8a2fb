// The desk on the first day, as VeighNa's: ticket and depth on the left; market and chart, orders and trades to the
// right of them; positions, accounts and log at the bottom. Pure; in the form that the dock reads and writes.
// Always true: what a trader looks at in an order (up to its status) and a position (up to its profit) is in view, so
// a narrower desk has more tabs instead of narrower lists.
import type { PanelId } from "../../panels/registry";

interface Leaf {
  readonly type: "leaf";
  readonly size: number;
  readonly data: { readonly id: string; readonly views: string[]; readonly activeView: string };
}
interface Branch {
  readonly type: "branch";
  readonly size: number;
  readonly data: (Leaf | Branch)[];
}

/** From here on trades stand beside orders, and the log beside accounts. */
const BROAD = 1800;
/** From here on accounts stand beside positions. */
const MIDDLE = 1560;
/** The ticket's fields and the five levels need this; more is better spent on the lists. */
const LEFT_PX = 310;
/** All of the ticket, from the contract to why it cannot be sent; a low screen scrolls it. */
const TICKET_PX = 456;
const LARGEST_TICKET = 0.62;

export function defaultLayout(width: number, height: number, title: (id: PanelId) => string) {
  const right = Math.max(width - LEFT_PX, LEFT_PX);
  const ticket = Math.min(TICKET_PX, height * LARGEST_TICKET);
  const root: Branch = {
    type: "branch",
    size: height,
    data: [
      { type: "branch", size: LEFT_PX, data: [leaf(ticket, ["ticket"]), leaf(height - ticket, ["depth"])] },
      {
        type: "branch",
        size: right,
        data: [
          row(height * 0.45, right, [[0.52, ["watch"]], [0.48, ["chart"]]]),
          row(height * 0.3, right, ordersOf(width)),
          row(height * 0.25, right, holdingsOf(width)),
        ],
      },
    ],
  };
  const ids = idsOf(root);
  const panels = Object.fromEntries(ids.map((id) => [id, { id, contentComponent: "panel", tabComponent: "tab", title: title(id) }]));
  return { grid: { root, width, height, orientation: "HORIZONTAL" }, panels, activeGroup: "watch" };
}

type Groups = readonly (readonly [share: number, views: PanelId[]])[];

function ordersOf(width: number): Groups {
  if (width < BROAD) return [[1, ["orders", "active", "trades", "quotes"]]];
  return [[0.62, ["orders", "active", "quotes"]], [0.38, ["trades"]]];
}

function holdingsOf(width: number): Groups {
  if (width < MIDDLE) return [[1, ["positions", "accounts", "log"]]];
  if (width < BROAD) return [[0.66, ["positions"]], [0.34, ["accounts", "log"]]];
  return [[0.5, ["positions"]], [0.26, ["accounts"]], [0.24, ["log"]]];
}

function row(size: number, width: number, groups: Groups): Branch {
  return { type: "branch", size, data: groups.map(([share, views]) => leaf(width * share, views)) };
}

function leaf(size: number, views: PanelId[]): Leaf {
  const first = views[0] ?? "";
  return { type: "leaf", size, data: { id: first, views, activeView: first } };
}

function idsOf(node: Leaf | Branch): PanelId[] {
  return node.type === "leaf" ? (node.data.views as PanelId[]) : node.data.flatMap(idsOf);
}
