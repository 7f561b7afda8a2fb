// Where a dragged head would go. Pure.

export interface Edges {
  readonly id: string;
  readonly left: number;
  readonly right: number;
}

/** The head under this x; beyond the ends the first or the last. Null without heads. */
export function dropTarget(heads: readonly Edges[], x: number): string | null {
  const under = heads.find((head) => x < head.right);
  return (under ?? heads.at(-1))?.id ?? null;
}
