// TypeScript types of what the API answers, from the OpenAPI document in contract/: `npm run types`.
// `npm run types -- --check` fails where they are not those of the document.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../contract/openapi.json", import.meta.url);
const TYPES = new URL("../src/api/openapi.ts", import.meta.url);
const HEADER = "// @generated from contract/openapi.json by `npm run types`; not to be edited.\n\n";

const document = JSON.parse(readFileSync(DOCUMENT, "utf8"));
// The page speaks of objects; which path answers which is checked where it asks.
const text = HEADER + astToString(await openapiTS({ ...document, paths: {} }, { immutable: true, excludeDeprecated: false }));
if (!process.argv.includes("--check")) writeFileSync(TYPES, text);
else if (readFileSync(TYPES, "utf8") !== text) {
  console.error("src/api/openapi.ts is not made of contract/openapi.json: run `npm run types`");
  process.exit(1);
}
