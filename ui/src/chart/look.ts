// How the drawing surface looks and moves: the library's options, made of the page's colours and the contract's formats.
import { ColorType, CrosshairMode, LineStyle, TickMarkType, type ChartOptions, type DeepPartial, type PriceFormatCustom, type Time } from "lightweight-charts";
import type { Palette } from "./palette";
import { dateText, timeText } from "./time";

/** What the surface shows besides bars. */
export interface Look {
  readonly palette: Palette;
  readonly pricetick: number;
  readonly isDaily: boolean;
  readonly price: (value: number) => string;
  /** Differences of averages, which are finer than prices. */
  readonly fine: (value: number) => string;
  readonly volume: (value: number) => string;
  /** A finger moves the page by its length and the chart by its breadth. */
  readonly isTouch: boolean;
}

/** Free places to the right of the newest bar. */
export const FREE = 6;
/** Lines are told apart by their stroke too. */
export const STROKES = [LineStyle.Solid, LineStyle.Dashed, LineStyle.LargeDashed, LineStyle.Dotted] as const;
export const QUIET = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false } as const;
const NO_COLOR = "rgba(0, 0, 0, 0)";

export const UNSEEN = {
  upColor: NO_COLOR, borderUpColor: NO_COLOR, wickUpColor: NO_COLOR, downColor: NO_COLOR, borderDownColor: NO_COLOR, wickDownColor: NO_COLOR,
  priceLineVisible: false, lastValueVisible: false,
} as const;

export function formatOf(formatter: (value: number) => string, minMove: number): PriceFormatCustom {
  return { type: "custom", minMove, formatter };
}

export function scrolling(look: Look) {
  return { mouseWheel: true, pressedMouseMove: true, horzTouchDrag: true, vertTouchDrag: !look.isTouch };
}

/** As on VeighNa's chart, a bar that rose is hollow and one that fell is filled: it is seen without colours too. */
export function candleOptions(look: Look) {
  const { palette, price, pricetick } = look;
  return {
    upColor: NO_COLOR, borderUpColor: palette.up, wickUpColor: palette.up,
    downColor: palette.down, borderDownColor: palette.down, wickDownColor: palette.down,
    priceFormat: { ...formatOf(price, pricetick), tickmarksFormatter: (prices: readonly number[]) => axisPrices(prices, look) }, priceLineColor: palette.soft,
  };
}

export function chartOptions(look: Look): DeepPartial<ChartOptions> {
  const { palette, isDaily } = look;
  const cross = { color: palette.soft, labelBackgroundColor: palette.accent };
  return {
    autoSize: true,
    layout: {
      attributionLogo: false, background: { type: ColorType.Solid, color: palette.ground }, textColor: palette.soft, fontFamily: palette.font, fontSize: 11,
      panes: { separatorColor: palette.grid, separatorHoverColor: palette.grid },
    },
    grid: { vertLines: { color: palette.grid, style: LineStyle.SparseDotted }, horzLines: { color: palette.grid, style: LineStyle.SparseDotted } },
    crosshair: { mode: CrosshairMode.Normal, vertLine: cross, horzLine: cross },
    rightPriceScale: { borderColor: palette.grid, minimumWidth: 60 },
    timeScale: { borderColor: palette.grid, timeVisible: !isDaily, secondsVisible: false, rightOffset: FREE, minBarSpacing: 1, tickMarkFormatter: axisText },
    handleScroll: scrolling(look),
    localization: { timeFormatter: (at: Time) => (isDaily ? dateText(Number(at)) : `${dateText(Number(at))} ${timeText(Number(at))}`) },
  };
}

/** The library marks its axis between ticks too, which rounding would show as a price that is another. All are as wide. */
function axisPrices(prices: readonly number[], { price, fine, pricetick }: Look): string[] {
  const isOff = (at: number): boolean => Math.abs(at / pricetick - Math.round(at / pricetick)) > 1e-6;
  return prices.map(prices.some(isOff) ? (at) => fine(at).replace(/0$/, "") : price);
}

function axisText(at: Time, type: TickMarkType): string {
  const date = dateText(Number(at));
  if (type === TickMarkType.Year) return date.slice(0, 4);
  if (type === TickMarkType.Month) return date.slice(0, 7);
  return type === TickMarkType.DayOfMonth ? date.slice(5) : timeText(Number(at));
}
