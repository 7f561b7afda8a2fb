// Which key does what in a table. Pure, so that help and tests can read it.

/** Where a key leads from row `at` of `count` (-1: the head); null if it is no key that moves. */
export function moved(key: string, at: number, count: number, page: number): number | null {
  const last = count - 1;
  switch (key) {
    case "ArrowDown": return Math.min(at + 1, last);
    case "ArrowUp": return Math.max(at - 1, -1);
    case "PageDown": return Math.min(Math.max(at, 0) + page, last);
    case "PageUp": return Math.max(at - page, Math.min(0, last));
    case "Home": return Math.min(0, last);
    case "End": return last;
    default: return null;
  }
}

/** Where a key leads within the head, from column `at` of `count`. */
export function movedAside(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowRight": return Math.min(at + 1, count - 1);
    case "ArrowLeft": return Math.max(at - 1, 0);
    case "Home": return 0;
    case "End": return count - 1;
    default: return null;
  }
}

interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

export function opensFilter(stroke: Stroke): boolean {
  const command = stroke.ctrlKey || stroke.metaKey;
  return command ? stroke.key.toLowerCase() === "f" && !stroke.altKey && !stroke.shiftKey : stroke.key === "/" && !stroke.altKey;
}

export function opensMenu(stroke: Stroke): boolean {
  return stroke.key === "ContextMenu" || (stroke.key === "F10" && stroke.shiftKey);
}
