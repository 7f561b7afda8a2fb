// The second hand of the page: ages and the clock read it. One timer for all.
import { shallowRef } from "vue";
import { t } from "../i18n";

const EVERY_MS = 1000;

/** Milliseconds since 1970. */
export const now = shallowRef(Date.now());

setInterval(() => (now.value = Date.now()), EVERY_MS);

/** A span of time in its largest unit. */
export function ageText(ms: number): string {
  const seconds = Math.max(Math.floor(ms / 1000), 0);
  if (seconds < 100) return t("age.seconds", { n: seconds });
  const minutes = Math.floor(seconds / 60);
  return minutes < 100 ? t("age.minutes", { n: minutes }) : t("age.hours", { n: Math.floor(minutes / 60) });
}
