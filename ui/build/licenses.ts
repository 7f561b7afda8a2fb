// Emits assets/licenses.txt: the licence texts of what is shipped to browsers, as those licences ask.
import { existsSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const SHIPPED: readonly (readonly [string, readonly string[]])[] = [
  ["vue", ["LICENSE"]],
  ["dockview-core", ["LICENCE.md"]],
  ["lightweight-charts", ["LICENSE"]],
  ["swagger-ui-dist", ["LICENSE", "NOTICE"]],
  ["redoc", ["LICENSE", "bundles/redoc.standalone.js.LICENSE.txt"]],
];

export function licenses(root: URL): Plugin {
  return {
    name: "licenses",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "assets/licenses.txt", source: SHIPPED.map(section).join("\n") });
    },
  };

  function section([name, files]: readonly [string, readonly string[]]): string {
    const texts = files.map((file) => new URL(`node_modules/${name}/${file}`, root)).filter((url) => existsSync(url));
    if (texts.length === 0) throw new Error(`${name}: no licence text found`);
    return `==== ${name} ====\n\n${texts.map((url) => readFileSync(url, "utf8")).join("\n")}`;
  }
}
