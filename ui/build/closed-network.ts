// Redoc's bundle loads its maker's logo from another host. Nothing of ours may leave the network,
// so that one address is emptied, and the build stops if a new version has moved it.
import type { Plugin } from "vite";

const LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
const EMPTY_IMAGE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

export function closedNetwork(): Plugin {
  return {
    name: "closed-network",
    apply: "build",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "asset" || !file.fileName.includes("redoc.standalone")) continue;
        const text = Buffer.from(file.source).toString("utf8");
        if (!text.includes(LOGO)) this.error("redoc no longer loads its logo from where it did: look again");
        file.source = text.replaceAll(LOGO, EMPTY_IMAGE);
      }
    },
  };
}
