// What pages use of the link.
export { apply } from "./advance";
export type { Outcome } from "./calls";
export { connect, type Link, type LinkEvents, type Options } from "./link";
export type { Fact } from "./messages";
export { newOrder, placed, placeOrder, type Intent, type NewOrder, type OrderPlaced } from "./orders";
export type { EndReason, Phase } from "./phase";
export type { Desk, Rows, Tables } from "./tables";
export type * from "./types";
export type { Wish } from "./wishes";
