// Whether the page is as narrow as a phone, where lists have fewer columns and bigger targets.
import { onBeforeUnmount, ref, type Ref } from "vue";

export function usePhone(): Readonly<Ref<boolean>> {
  const narrow = matchMedia("(max-width: 999px)");
  const small = ref(narrow.matches);
  const switched = (): void => void (small.value = narrow.matches);
  narrow.addEventListener("change", switched);
  onBeforeUnmount(() => narrow.removeEventListener("change", switched));
  return small;
}
