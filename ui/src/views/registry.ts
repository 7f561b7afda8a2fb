// The pages beside the desk: `#/contracts`, `#/gateways`, … Each is loaded when it is first shown. A page whose file
// `<Name>View.vue` is not there says so instead of breaking the build.
import type { Component } from "vue";
import type { Key } from "../i18n";
import { lazy } from "../shell/lazy";
import MissingView from "../shell/MissingView.vue";

export interface View {
  /** In the address, after `#/`. */
  readonly path: string;
  readonly title: Key;
  readonly component: Component;
  readonly adminOnly: boolean;
}

const FILES = import.meta.glob<{ default: Component }>("./*View.vue");

function view(path: string, name: string, title: Key, adminOnly = false): View {
  const load = FILES[`./${name}View.vue`];
  return { path, title, adminOnly, component: load === undefined ? MissingView : lazy(load) };
}

export const VIEWS: readonly View[] = [
  view("contracts", "Contracts", "view.contracts"),
  view("gateways", "Gateways", "view.gateways"),
  view("logs", "Logs", "view.logs"),
  view("traders", "Traders", "view.traders"),
  view("users", "Users", "view.users", true),
  view("account", "Account", "view.account"),
  view("help", "Help", "view.help"),
  view("about", "About", "view.about"),
];

export function viewOf(path: string): View | undefined {
  return VIEWS.find((known) => known.path === path);
}
