import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";
import { closedNetwork } from "./build/closed-network";
import { licenses } from "./build/licenses";
import { precompress } from "./build/precompress";

const root = new URL("./", import.meta.url);
const page = (name: string) => new URL(name, root).pathname;
const server = process.env["WEBTRADER_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [vue(), closedNetwork(), licenses(root), precompress()],
  build: {
    target: "es2022",
    // One style sheet and no data: URIs for scripts or styles, so that the strict policy holds.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 3000,
    rollupOptions: {
      input: [page("index.html"), page("docs.html"), page("redoc.html"), page("oauth2-redirect.html")],
    },
  },
  server: {
    // `npm run dev` beside a running webtrader.
    proxy: {
      "^/(token|tick|order|trade|position|account|contract|openapi.json)": server,
      "^/(ws|api)": { target: server, ws: true },
    },
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.ts"] },
});
