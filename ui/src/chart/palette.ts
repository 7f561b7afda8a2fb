// The chart's colours, read from the page's style sheet, since a canvas does not follow CSS by itself.

export interface Palette {
  readonly up: string;
  readonly down: string;
  readonly ground: string;
  readonly text: string;
  readonly soft: string;
  readonly grid: string;
  readonly accent: string;
  readonly warn: string;
  /** Four lines that are told apart on the ground of this theme. */
  readonly lines: readonly [string, string, string, string];
  readonly font: string;
}

/** As the element's document has them now. */
export function palette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim() || style.color;
  return {
    up: read("--up"), down: read("--down"), ground: read("--pane"), text: read("--text"), soft: read("--soft"), grid: read("--line"),
    accent: read("--accent"), warn: read("--warn"), font: style.fontFamily,
    lines: [read("--chart-a"), read("--chart-b"), read("--chart-c"), read("--chart-d")],
  };
}
