
/** All texts of the page in English. */
import type { zh } from "./zh";

export const en: Record<keyof typeof zh, string> = {
  "app.title": "WebTrader",
  "dialog.no": "No",
};
