// The first-run tour: what is shown at each step, and where. Pure but for the settings, which remember that it was seen.
import { computed, ref } from "vue";
import type { Key } from "../i18n";
import { settings } from "../store/settings";

export interface Step {
  readonly title: Key;
  readonly text: Key;
  /** Those that are there are pointed at; the first that is seen. */
  readonly at: readonly string[];
}

const LINK: Step = { title: "tour.link.title", text: "tour.link.text", at: ["[data-tour=link]"] };
const WATCH: Step = { title: "tour.watch.title", text: "tour.watch.text", at: ["[data-panel=watch]", ".phone-tabs [data-tab=quotes]"] };
const TICKET: Step = { title: "tour.ticket.title", text: "tour.ticket.text", at: ["[data-panel=ticket]", ".phone-tabs [data-tab=trade]"] };
const ORDERS: Step = { title: "tour.orders.title", text: "tour.orders.text", at: ["[data-panel=orders]", "[data-panel=active]", ".phone-tabs [data-tab=orders]"] };
const DOCK: Step = { title: "tour.dock.title", text: "tour.dock.text", at: ["[data-tour=panels]"] };
const TABS: Step = { title: "tour.phone.title", text: "tour.phone.text", at: [".phone-tabs"] };

export function stepsOf(isPhone: boolean): readonly Step[] {
  return [LINK, WATCH, TICKET, ORDERS, isPhone ? TABS : DOCK];
}

const isAgain = ref(false);
export const isTouring = computed(() => isAgain.value || !settings.toured);

export function startTour(): void {
  if (location.hash !== "" && location.hash !== "#/") location.hash = "#/";
  isAgain.value = true;
}

export function endTour(): void {
  isAgain.value = false;
  settings.toured = true;
}
