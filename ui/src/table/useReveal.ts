// A text that is cut off is told in full where the pointer rests. Only there and then is the cell measured: while a
// list moves under the pointer, measuring would cost a layout per row.
import { onBeforeUnmount } from "vue";

const REST_MS = 250;

export function useReveal(): (event: MouseEvent) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function reveal(cell: HTMLElement): void {
    if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
    else cell.removeAttribute("title");
  }

  onBeforeUnmount(() => clearTimeout(timer));
  return (event) => {
    clearTimeout(timer);
    const cell = (event.target as Element).closest<HTMLElement>(".dt-cut");
    if (cell !== null) timer = setTimeout(() => reveal(cell), REST_MS);
  };
}
