// Redoc over our own OpenAPI document. Its bundle is shipped as it is (hashed, precompressed).
import bundle from "redoc/bundles/redoc.standalone.js?url";
import { loadScript, showFailure } from "./script";

declare global {
  interface Window {
    Redoc?: { init(url: string, options: Record<string, unknown>, element: Element | null): void };
  }
}

loadScript(bundle)
  .then(() => window.Redoc?.init("/openapi.json", { hideDownloadButtons: false }, document.querySelector("#redoc")))
  .catch(showFailure);
