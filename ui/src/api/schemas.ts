// The objects of the API by their names in the OpenAPI document.
import type { components } from "./openapi";

export type Schemas = components["schemas"];
