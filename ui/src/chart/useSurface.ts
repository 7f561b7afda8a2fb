// Keeps the drawing surface in step with feed, fills, orders, positions, theme and language.
// Always true: ticks redraw it five times a second at most, and not while somebody waits for an order; the library is loaded when it is first needed.
import { nextTick, onBeforeUnmount, onMounted, shallowRef, watch, type Ref } from "vue";
import { digitsOf, price as priceText, volume as volumeText } from "../format";
import { t } from "../i18n";
import type { Order, Position, Trade } from "../link/types";
import { hurriedFor } from "../store/hurry";
import { settings } from "../store/settings";
import type { Feed } from "./feed";
import { browserClock, gate } from "./gate";
import { orderLevels, positionLevels } from "./lines";
import { marks } from "./marks";
import { palette, type Palette } from "./palette";
import { compact, readout, type Readout } from "./readout";
import type { Look } from "./look";
import type { Surface } from "./surface";

export interface Shows {
  readonly feed: Feed;
  readonly vtSymbol: string;
  readonly pricetick: number | null;
  readonly trades: Pick<ReadonlyMap<string, Trade>, "values">;
  readonly orders: readonly Order[];
  /** Those whose average price is shown. */
  readonly positions: readonly Position[];
}

const REDRAW_MS = 200;
/** Bars before the left edge that are left when older ones are asked for. */
const AHEAD = 50;

export function useSurface(container: Readonly<Ref<HTMLElement | null>>, shows: Shows) {
  const surface = shallowRef<Surface | null>(null);
  const read = shallowRef<Readout | null>(null);
  /** How far below the top each order's line stands. */
  const heights = shallowRef<readonly (number | null)[]>([]);
  let pointed: number | null = null;
  let isGone = false;
  /** Asking the style sheet makes the browser work out all styles at once: only where they may be others. */
  let colours: Palette | null = null;
  const redraw = gate(drawLast, REDRAW_MS, browserClock, hurriedFor);
  const remark = gate(drawMarks, REDRAW_MS, browserClock, hurriedFor);

  onMounted(() => void begin());
  onBeforeUnmount(() => {
    isGone = true;
    redraw.stop();
    remark.stop();
    surface.value?.remove();
    surface.value = null;
  });
  watch(() => shows.feed, (feed) => {
    pointed = null;
    paint();
    drawAll(false);
    feed.draw(view);
  });
  watch([() => settings.theme, () => settings.up, () => settings.language, () => shows.pricetick], () => void nextTick(repaint));
  watch([() => shows.orders, () => shows.positions], drawLevels);
  watch(() => shows.trades, () => remark.ask());

  const view = { all: drawAll, last: () => redraw.ask() };

  async function begin(): Promise<void> {
    const { Surface } = await import("./surface");
    if (isGone || container.value === null) return;
    surface.value = new Surface(container.value, lookOf(container.value), { point, range, moved: measure });
    drawLevels();
    shows.feed.draw(view);
  }

  function lookOf(element: Element): Look {
    const digits = digitsOf(shows.pricetick);
    return {
      palette: (colours ??= palette(element)), pricetick: shows.pricetick ?? 0.01, isDaily: shows.feed.period === "d",
      price: (value) => priceText(value, digits), fine: (value) => priceText(value, digits === null ? null : digits + 2),
      // Few digits, and as many each time: an axis that becomes wider draws the whole chart once more.
      volume: (value) => (value <= 0 ? "0" : compact(Number(value.toPrecision(3)), settings.language)),
      isTouch: matchMedia("(pointer: coarse)").matches,
    };
  }

  function paint(): void {
    if (container.value !== null) surface.value?.paint(lookOf(container.value));
  }

  function repaint(): void {
    colours = null;
    paint();
    drawAll(false);
    drawLevels();
  }

  function drawAll(isFirst: boolean): void {
    surface.value?.all(shows.feed.bars.all, shows.feed.indicators);
    if (isFirst) surface.value?.showNewest();
    drawMarks();
    tell();
  }

  function drawLast(): void {
    surface.value?.last(shows.feed.bars.all, shows.feed.indicators);
    tell();
  }

  function drawMarks(): void {
    const { feed, vtSymbol } = shows;
    const digits = digitsOf(shows.pricetick);
    surface.value?.mark(marks(shows.trades.values(), vtSymbol, feed.bars.all, feed.period, feed.venue).map((mark) => ({
      time: mark.time, side: mark.side,
      text: t(mark.side === "buy" ? "chart.bought" : "chart.sold", { volume: volumeText(mark.volume), price: priceText(mark.price, digits) }),
    })));
  }

  function drawLevels(): void {
    if (surface.value === null || container.value === null) return;
    const inks = (colours ??= palette(container.value));
    surface.value.levels([...orderLevels(shows.orders, inks), ...positionLevels(shows.positions, shows.vtSymbol, inks)]);
    measure();
  }

  function measure(): void {
    const now = shows.orders.map((order) => surface.value?.yOf(order.price ?? 0) ?? null);
    if (now.length !== heights.value.length || now.some((y, n) => y !== heights.value[n])) heights.value = now;
  }

  function point(index: number | null): void {
    pointed = index;
    tell();
  }

  function range(first: number): void {
    if (first < AHEAD && shows.feed.state.older === "more") void shows.feed.older();
  }

  function tell(): void {
    const { feed } = shows;
    const bars = feed.bars.all;
    read.value = readout(bars, feed.indicators, pointed ?? bars.length - 1, feed.period, digitsOf(shows.pricetick), settings.language);
  }

  /** Moves the crosshair by so many bars, from the newest where there is none. */
  function step(by: number): void {
    const length = shows.feed.bars.all.length;
    if (length === 0) return;
    const from = pointed ?? length;
    pointed = Math.min(Math.max(from + by, 0), length - 1);
    surface.value?.pointAt(pointed);
    tell();
  }

  function clear(): void {
    pointed = null;
    surface.value?.clearPoint();
    tell();
  }

  return { surface, read, heights, step, clear };
}
