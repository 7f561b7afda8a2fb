// The desk on the first day, as VeighNa's: ticket and depth on the left; market and chart, orders and trades to the
// right of them; positions, accounts and log at the bottom. Pure; in the form that the dock reads and writes.
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

/** Narrower desks have fewer groups side by side. */
const BROAD = 1440;
/** The ticket's fields and the five levels need this; more is better spent on the lists. */
const LEFT_PX = 310;
/** All of the ticket, from the contract to why it cannot be sent; a low screen scrolls it. */
const TICKET_PX = 470;
const LARGEST_TICKET = 0.62;

export function defaultLayout(width: number, height: number, title: (id: PanelId) => string) {
  const right = Math.max(width - LEFT_PX, LEFT_PX);
  const isBroad = width >= BROAD;
  const ticket = Math.min(TICKET_PX, height * LARGEST_TICKET);
  const bottom = isBroad
    ? row(height * 0.25, right, [[0.42, ["positions"]], [0.28, ["accounts"]], [0.3, ["log"]]])
    : row(height * 0.27, right, [[0.56, ["positions"]], [0.44, ["accounts", "log"]]]);
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
          row(height * 0.3, right, [[0.6, ["orders", "active", "quotes"]], [0.4, ["trades"]]]),
          bottom,
        ],
      },
    ],
  };
  const ids = idsOf(root);
  const panels = Object.fromEntries(ids.map((id) => [id, { id, contentComponent: "panel", tabComponent: "tab", title: title(id) }]));
  return { grid: { root, width, height, orientation: "HORIZONTAL" }, panels, activeGroup: "watch" };
}

function row(size: number, width: number, groups: readonly (readonly [number, PanelId[]])[]): Branch {
  return { type: "branch", size, data: groups.map(([share, views]) => leaf(width * share, views)) };
}

function leaf(size: number, views: PanelId[]): Leaf {
  const first = views[0] ?? "";
  return { type: "leaf", size, data: { id: first, views, activeView: first } };
}

function idsOf(node: Leaf | Branch): PanelId[] {
  return node.type === "leaf" ? (node.data.views as PanelId[]) : node.data.flatMap(idsOf);
}
