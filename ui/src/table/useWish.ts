// What the reader wants to see of a list, from the filter, the arranged columns and the language. The wish stays the
// same object while none of what it depends on changes: a width that is dragged orders nothing anew.
import { computed, type ComputedRef, type Ref } from "vue";
import { settings } from "../store/settings";
import type { Column } from "./columns";
import type { Arrangement } from "./useLayout";
import { haystacks, sortKeys, wish, type Wish } from "./view";

export function useWish<T extends object>(
  filter: Readonly<Ref<string | null>>,
  columns: () => readonly Column<T>[],
  table: Arrangement<T>,
): ComputedRef<Wish<T>> {
  const needle = computed(() => (filter.value ?? "").trim().toLowerCase());
  const sorted = computed(() => table.layout.value.sort?.id ?? null);
  const descending = computed(() => table.layout.value.sort?.descending ?? false);
  /** Texts change with the language: what was made of them is made anew. */
  const haystack = computed(() => (needle.value === "" ? null : { language: settings.language, of: haystacks(table.shown.value) }));
  const key = computed(() => {
    const column = columns().find((each) => each.id === sorted.value);
    return column === undefined ? null : { language: settings.language, of: sortKeys(column) };
  });
  return computed(() => {
    const sort = key.value === null ? null : { key: key.value.of, descending: descending.value };
    return wish(needle.value, sort, haystack.value?.of ?? (() => ""), settings.language);
  });
}
