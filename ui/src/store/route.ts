// Which page the address means: the desk, one panel in a window of its own, or one of the other pages. Always true:
// what is not understood is the desk, so that an old link opens something that works.
import { shallowRef } from "vue";

export type Route =
  | { readonly name: "desk" }
  | { readonly name: "panel"; readonly id: string }
  | { readonly name: "view"; readonly path: string };

export const PHONE_TABS = ["quotes", "chart", "trade", "orders", "positions"] as const;
export type PhoneTab = (typeof PHONE_TABS)[number];

const WORD = /^[a-z][a-z0-9-]*$/;

/** `#/` is the desk, `#/panel/chart` a panel, `#/contracts` a page; what follows a `?` is the page's own. */
export function parse(hash: string): Route {
  const [first = "", second = "", ...rest] = (hash.replace(/^#\/?/, "").split("?")[0] ?? "").split("/");
  if (first === "panel" && WORD.test(second) && rest.length === 0) return { name: "panel", id: second };
  return WORD.test(first) && first !== "panel" && second === "" ? { name: "view", path: first } : { name: "desk" };
}

export const route = shallowRef<Route>(parse(location.hash));
/** The tab that is shown on a phone; panels may ask for another. */
export const phoneTab = shallowRef<PhoneTab>("quotes");

window.addEventListener("hashchange", () => (route.value = parse(location.hash)));

/** The address of a page, for links. */
export function addressOf(to: Route): string {
  if (to.name === "desk") return "#/";
  return to.name === "panel" ? `#/panel/${to.id}` : `#/${to.path}`;
}

export function go(to: Route): void {
  location.hash = addressOf(to);
}
