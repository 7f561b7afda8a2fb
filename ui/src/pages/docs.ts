// Swagger UI over our own OpenAPI document. Its bundle is shipped as it is (hashed, precompressed).
import bundle from "swagger-ui-dist/swagger-ui-bundle.js?url";
import "swagger-ui-dist/swagger-ui.css";
import { loadScript, showFailure } from "./script";

declare global {
  interface Window {
    SwaggerUIBundle?: (options: Record<string, unknown>) => unknown;
  }
}

loadScript(bundle)
  .then(() => {
    window.SwaggerUIBundle?.({
      url: "/openapi.json",
      dom_id: "#swagger-ui",
      deepLinking: true,
      // The default asks an outside service whether the document is valid.
      validatorUrl: null,
      oauth2RedirectUrl: `${location.origin}/docs/oauth2-redirect`,
    });
  })
  .catch(showFailure);
