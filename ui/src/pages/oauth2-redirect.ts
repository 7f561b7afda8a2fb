// Where an authorisation server would return to; Swagger UI's own script hands the answer to its opener.
import bundle from "swagger-ui-dist/oauth2-redirect.js?url";
import { loadScript, showFailure } from "./script";

loadScript(bundle).catch(showFailure);
