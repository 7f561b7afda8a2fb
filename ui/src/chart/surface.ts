// The drawing surface: lightweight-charts with its panes, series and crosshair. Nothing else of the page knows the
// library; it is a chunk of its own, loaded when the first chart is shown.
//
// How data passes: `all` hands over every bar, `last` only the last one. Always true: a tick never makes the series
// anew; the library's logo is off, because it would bring a style element that the page's policy forbids (its name and
// address stand on the about page).
import {
  CandlestickSeries, createChart, createSeriesMarkers, HistogramSeries, LineSeries, LineStyle,
  type AutoscaleInfo, type IChartApi, type IPriceLine, type ISeriesApi, type SeriesMarker, type Time, type UTCTimestamp,
} from "lightweight-charts";
import type { Bar } from "./bars";
import { MA_LENGTHS, type Indicators } from "./indicators";
import { candleOptions, chartOptions, formatOf, FREE, QUIET, scrolling, STROKES, UNSEEN, type Look } from "./look";
import type { Wall } from "./time";

export interface Tag {
  readonly time: Wall;
  readonly side: "buy" | "sell";
  readonly text: string;
}

export interface Level {
  readonly price: number;
  readonly title: string;
  readonly color: string;
  readonly isDashed: boolean;
}

export interface Listener {
  /** The bar under the crosshair, by its place; null where there is none. */
  point(index: number | null): void;
  /** The first bar that is seen, by its place. */
  range(first: number): void;
  /** Something may stand elsewhere than before. */
  moved(): void;
}

type Line = ISeriesApi<"Line">;

/** Bars that are seen at first: as many as this, unless they would be narrower than `NARROW` pixels. */
const SEEN = 120;
const NARROW = 7;
const MACD_PANE = 2;
/** Height of the line between two panes, in pixels. */
const SEPARATOR = 1;
/** Of the height, above and below the prices. */
const LEAST_MARGIN = 0.08;

export class Surface {
  readonly chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volume: ISeriesApi<"Histogram">;
  /** Unseen candles that carry the marks. The library draws everything twice when a series with marks changes, so the one that changes with each tick has none. */
  readonly #marked: ISeriesApi<"Candlestick">;
  readonly #markers: { setMarkers(markers: SeriesMarker<Time>[]): void };
  readonly #averages: readonly Line[];
  readonly #bands: readonly Line[];
  #macd: { histogram: ISeriesApi<"Histogram">; dif: Line; dea: Line } | null = null;
  #levels: IPriceLine[] = [];
  #prices: readonly number[] = [];
  #shownLevels = "";
  #hasMark: ReadonlySet<Wall> = new Set();
  #look: Look;
  #length = 0;
  /** Times of the bars that are drawn, by place. */
  #bars: readonly Bar[] = [];

  constructor(container: HTMLElement, look: Look, listener: Listener) {
    this.#look = look;
    this.chart = createChart(container, chartOptions(look));
    this.#candles = this.chart.addSeries(CandlestickSeries, candleOptions(look), 0);
    this.#volume = this.chart.addSeries(HistogramSeries, { ...QUIET, priceFormat: formatOf(look.volume, 1) }, 1);
    this.#averages = MA_LENGTHS.map(() => this.chart.addSeries(LineSeries, QUIET, 0));
    this.#bands = ["middle", "upper", "lower"].map(() => this.chart.addSeries(LineSeries, QUIET, 0));
    this.#marked = this.chart.addSeries(CandlestickSeries, UNSEEN, 0);
    this.#markers = createSeriesMarkers(this.#marked, []);
    this.chart.panes()[0]?.setStretchFactor(4);
    this.chart.panes()[1]?.setStretchFactor(1);
    this.paint(look);
    this.#candles.applyOptions({ autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => reach(original(), this.#prices) });
    this.#candles.attachPrimitive({ updateAllViews: () => listener.moved() });
    this.chart.subscribeCrosshairMove((move) => listener.point(typeof move.logical === "number" ? this.#place(move.logical) : null));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null) listener.range(range.from);
    });
  }

  /** Colours and formats anew; bars are to be drawn again after it. */
  paint(look: Look): void {
    this.#look = look;
    const { palette } = look;
    this.chart.applyOptions(chartOptions(look));
    this.#candles.applyOptions(candleOptions(look));
    this.#volume.applyOptions({ priceFormat: formatOf(look.volume, 1) });
    this.#averages.forEach((line, n) => line.applyOptions({ color: palette.lines[n] ?? palette.soft, lineStyle: STROKES[n] ?? LineStyle.Solid }));
    this.#bands.forEach((line, n) => line.applyOptions({ color: palette.accent, lineStyle: n === 0 ? LineStyle.LargeDashed : LineStyle.Solid }));
    this.#paintMacd();
  }

  all(bars: readonly Bar[], of: Indicators): void {
    this.#bars = bars;
    this.#length = bars.length;
    this.#showMacd(of.shown.macd);
    this.#candles.setData(bars.map(candle));
    this.#volume.setData(bars.map((bar) => this.#volumeOf(bar)));
    this.#averages.forEach((line, n) => line.setData(of.shown.ma ? bars.map((bar, at) => point(bar, of.ma(at)[n])) : []));
    BANDS.forEach((name, n) => this.#bands[n]?.setData(of.shown.boll ? bars.map((bar, at) => point(bar, of.boll(at)?.[name])) : []));
    this.#macd?.dif.setData(bars.map((bar, at) => point(bar, of.macd(at)?.dif)));
    this.#macd?.dea.setData(bars.map((bar, at) => point(bar, of.macd(at)?.dea)));
    this.#macd?.histogram.setData(bars.map((bar, at) => this.#histogramOf(bar, of.macd(at)?.histogram)));
  }

  /** The end of the bars: from the last one that was drawn on. */
  last(bars: readonly Bar[], of: Indicators): void {
    this.#bars = bars;
    for (let at = Math.max(0, this.#length - 1); at < bars.length; at += 1) {
      const bar = bars[at];
      if (bar !== undefined) this.#update(bar, at, of);
    }
    this.#length = bars.length;
  }

  /** The newest bars, as at first. */
  showNewest(): void {
    const seen = Math.min(SEEN, Math.max(20, this.chart.timeScale().width() / NARROW));
    this.chart.timeScale().setVisibleLogicalRange({ from: this.#length - seen, to: this.#length + FREE });
    this.chart.priceScale("right", 0).applyOptions({ autoScale: true });
  }

  /** Makes bars wider (above 1) or narrower, with the right end where it is. */
  zoom(factor: number): void {
    const scale = this.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    if (range === null) return;
    const width = Math.min(Math.max((range.to - range.from) / factor, 10), Math.max(this.#length, SEEN) + FREE);
    scale.setVisibleLogicalRange({ from: range.to - width, to: range.to });
  }

  /** Puts the crosshair on a bar and brings it into view. */
  pointAt(index: number): void {
    const bar = this.#bars[index];
    if (bar === undefined) return;
    const scale = this.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    const by = range === null ? 0 : index < range.from ? index - range.from - 1 : index > range.to ? index - range.to + 1 : 0;
    if (range !== null && by !== 0) scale.setVisibleLogicalRange({ from: range.from + by, to: range.to + by });
    this.chart.setCrosshairPosition(bar.close, time(bar), this.#candles);
  }

  clearPoint(): void {
    this.chart.clearCrosshairPosition();
  }

  mark(tags: readonly Tag[]): void {
    const { palette } = this.#look;
    const times = new Set(tags.map((tag) => tag.time));
    this.#hasMark = times;
    this.#marked.setData(this.#bars.filter((bar) => times.has(bar.time)).map(candle));
    this.#markers.setMarkers(tags.map((tag): SeriesMarker<Time> => ({
      time: tag.time as UTCTimestamp, text: tag.text, size: 1,
      ...(tag.side === "buy" ? { position: "belowBar", shape: "arrowUp", color: palette.up } : { position: "aboveBar", shape: "arrowDown", color: palette.down }),
    })));
  }

  /** Lines across the chart, with their price on the axis. Lists change far more often than what is seen of them. */
  levels(levels: readonly Level[]): void {
    const wanted = JSON.stringify(levels);
    if (wanted === this.#shownLevels) return;
    this.#shownLevels = wanted;
    for (const line of this.#levels) this.#candles.removePriceLine(line);
    this.#prices = levels.map((level) => level.price);
    this.#levels = levels.map((level) => this.#candles.createPriceLine({
      price: level.price, title: level.title, color: level.color, lineWidth: 1, axisLabelVisible: true,
      lineStyle: level.isDashed ? LineStyle.Dashed : LineStyle.SparseDotted,
    }));
  }

  /** Keeps so many pixels at the top free of bars and lines, for what is written there; half of the height at most. */
  freeTop(pixels: number): void {
    if (this.height <= 0) return;
    const top = Math.min(Math.max(pixels / this.height, LEAST_MARGIN), 0.5);
    this.chart.priceScale("right", 0).applyOptions({ scaleMargins: { top, bottom: LEAST_MARGIN } });
  }

  /** Moves one of the lines, by its place. */
  moveLevel(index: number, price: number): void {
    this.#levels[index]?.applyOptions({ price });
  }

  /** How far below the top a price stands; null where it is not in view. */
  yOf(price: number): number | null {
    const y = this.#candles.priceToCoordinate(price);
    return y === null || y < 0 || y > this.height ? null : y;
  }

  priceAt(y: number): number | null {
    return this.#candles.coordinateToPrice(Math.min(Math.max(y, 0), this.height));
  }

  /** Of the pane of prices. */
  get height(): number {
    return this.chart.panes()[0]?.getHeight() ?? 0;
  }

  /** How far below the top the pane of MACD begins; null where there is none. */
  get macdTop(): number | null {
    if (this.#macd === null) return null;
    const above = this.chart.panes().slice(0, MACD_PANE);
    return above.reduce((sum, pane) => sum + pane.getHeight() + SEPARATOR, 0);
  }

  /** Of the price axis. */
  get axisWidth(): number {
    return this.chart.priceScale("right", 0).width();
  }

  /** While something else is dragged the chart keeps still. */
  hold(isHeld: boolean): void {
    this.chart.applyOptions({ handleScroll: isHeld ? false : scrolling(this.#look), handleScale: !isHeld });
  }

  remove(): void {
    this.chart.remove();
  }

  #place(logical: number): number | null {
    const index = Math.round(logical);
    return index >= 0 && index < this.#length ? index : null;
  }

  #update(bar: Bar, at: number, of: Indicators): void {
    this.#candles.update(candle(bar));
    if (this.#hasMark.has(bar.time)) this.#marked.update(candle(bar));
    this.#volume.update(this.#volumeOf(bar));
    if (of.shown.ma) of.ma(at).forEach((value, n) => this.#averages[n]?.update(point(bar, value)));
    const band = of.boll(at);
    if (of.shown.boll) BANDS.forEach((name, n) => this.#bands[n]?.update(point(bar, band?.[name])));
    const macd = of.macd(at);
    this.#macd?.dif.update(point(bar, macd?.dif));
    this.#macd?.dea.update(point(bar, macd?.dea));
    this.#macd?.histogram.update(this.#histogramOf(bar, macd?.histogram));
  }

  #volumeOf(bar: Bar) {
    return { time: time(bar), value: bar.volume, color: bar.close >= bar.open ? this.#look.palette.up : this.#look.palette.down };
  }

  #histogramOf(bar: Bar, value: number | null | undefined) {
    if (value === null || value === undefined) return { time: time(bar) };
    return { time: time(bar), value, color: value >= 0 ? this.#look.palette.up : this.#look.palette.down };
  }

  #showMacd(isShown: boolean): void {
    if (isShown === (this.#macd !== null)) return;
    if (this.#macd !== null) {
      for (const series of Object.values(this.#macd)) this.chart.removeSeries(series);
      this.#macd = null;
      return;
    }
    this.#macd = {
      histogram: this.chart.addSeries(HistogramSeries, QUIET, MACD_PANE),
      dif: this.chart.addSeries(LineSeries, QUIET, MACD_PANE),
      dea: this.chart.addSeries(LineSeries, QUIET, MACD_PANE),
    };
    this.chart.panes()[MACD_PANE]?.setStretchFactor(1.3);
    this.#paintMacd();
  }

  #paintMacd(): void {
    const { palette, pricetick, fine } = this.#look;
    const priceFormat = formatOf(fine, pricetick / 100);
    this.#macd?.histogram.applyOptions({ priceFormat });
    this.#macd?.dif.applyOptions({ priceFormat, color: palette.lines[0] });
    this.#macd?.dea.applyOptions({ priceFormat, color: palette.lines[1], lineStyle: LineStyle.Dashed });
  }
}

const BANDS = ["middle", "upper", "lower"] as const;

/** Lines are in view too where they are no farther from the bars than the bars from each other. */
function reach(info: AutoscaleInfo | null, prices: readonly number[]): AutoscaleInfo | null {
  if (info === null || info.priceRange === null) return info;
  const { minValue, maxValue } = info.priceRange;
  const height = maxValue - minValue;
  const near = prices.filter((price) => price >= minValue - height && price <= maxValue + height);
  return { ...info, priceRange: { minValue: Math.min(minValue, ...near), maxValue: Math.max(maxValue, ...near) } };
}

function time(bar: Bar): UTCTimestamp {
  return bar.time as UTCTimestamp;
}

function candle(bar: Bar) {
  return { time: time(bar), open: bar.open, high: bar.high, low: bar.low, close: bar.close };
}

function point(bar: Bar, value: number | null | undefined) {
  return value === null || value === undefined ? { time: time(bar) } : { time: time(bar), value };
}
