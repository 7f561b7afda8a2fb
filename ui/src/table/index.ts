// What panels import of the table: the component, and the types of what they hand to it.
export { default as DataTable } from "./DataTable.vue";
export type { Column, Tone, Value } from "./columns";
export { PLAIN, readLayout, type Sort, type TableLayout } from "./layout";
