// What a chart shows: bars of one contract in one period with their indicators, from history and ticks.
//
// How data passes: `open` asks for the newest page, `older` for the one before, `reload` for what was missed; `take`
// puts in a tick; whoever draws is told whether all has changed or only the end. Always true: after `stop` nothing is
// told, and an answer that comes late changes nothing; one request of history is under way at a time.
import type { Outcome } from "../link";
import { Bars, read, type BarRow, type TickPart } from "./bars";
import { browserClock, type Clock } from "./gate";
import { MOST, PAGE, page, referenceOf, type Ask } from "./history";
import { Indicators, type Shown } from "./indicators";
import type { Period, Venue } from "./time";

export interface FeedState {
  /** `none`: the trading process has no history of it, so the chart is made of ticks alone. */
  readonly history: "loading" | "ready" | "none" | "failed";
  readonly older: "more" | "loading" | "end" | "failed";
  /** The server's words, where it failed. */
  readonly why: string;
}

export interface View {
  /** Bars other than the last have changed. `first`: there was nothing before. */
  all(first: boolean): void;
  /** The last bar has changed, or one has begun. */
  last(began: boolean): void;
}

export interface Source {
  readonly period: Period;
  readonly venue: Venue;
  readonly ask: Ask;
  readonly tell: (state: FeedState) => void;
  readonly clock?: Clock;
}

/** A joined bar has been made by two; when it is over, history alone knows it best. */
const SETTLE_MS = 3000;

export class Feed {
  readonly bars: Bars;
  readonly period: Period;
  readonly venue: Venue;
  indicators: Indicators;
  #state: FeedState = { history: "loading", older: "end", why: "" };
  readonly #source: Source;
  #view: View | null = null;
  #isBusy = false;
  #isReloadDue = false;
  #isStopped = false;
  #isJoined = false;
  #newest: string | null = null;
  #oldest: string | null = null;
  #tick: string | null = null;
  #cancelSettle: () => void = () => undefined;

  constructor(source: Source, shown: Shown) {
    this.#source = source;
    this.period = source.period;
    this.venue = source.venue;
    this.bars = new Bars(source.period, source.venue);
    this.indicators = new Indicators(shown, []);
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Who draws it; one at a time. */
  draw(view: View): void {
    this.#view = view;
    if (this.bars.all.length > 0) view.all(true);
  }

  stop(): void {
    this.#isStopped = true;
    this.#view = null;
    this.#cancelSettle();
  }

  show(shown: Shown): void {
    this.#calculate(shown);
    this.#view?.all(false);
  }

  /** Asks for the newest page, as at first or after it failed. */
  async open(): Promise<void> {
    if (this.#isBusy) return;
    this.#is({ history: "loading", older: "end", why: "" });
    const { ask, period } = this.#source;
    const answer = await this.#alone(() => page(ask, period, referenceOf(new Date(), this.#tick)));
    if (answer === null) return;
    if (answer.outcome !== "done") this.#is({ history: isUnsupported(answer) ? "none" : "failed", why: wordsOf(answer) });
    else if (answer.data.length === 0) this.#is({ history: "none" });
    else this.#opened(answer.data);
    this.#goOn();
  }

  /** The page before the oldest bar. */
  async older(): Promise<void> {
    const oldest = this.#oldest;
    if (this.#isBusy || oldest === null || (this.#state.older !== "more" && this.#state.older !== "failed")) return;
    this.#is({ older: "loading", why: "" });
    const { ask, period } = this.#source;
    const answer = await this.#alone(() => page(ask, period, oldest, oldest));
    if (answer === null) return;
    if (answer.outcome !== "done") this.#is({ older: "failed", why: wordsOf(answer) });
    else this.#olderCame(answer.data);
    this.#goOn();
  }

  /** Asks again for what may have been missed since the last answer. */
  async reload(): Promise<void> {
    if (this.#isBusy) {
      this.#isReloadDue = true;
      return;
    }
    const newest = this.#newest;
    if (newest === null) return this.open();
    const answer = await this.#alone(() => this.#source.ask({ start: newest, limit: MOST }));
    if (answer?.outcome === "done" && answer.data.length > 0) this.#load(answer.data);
    if (answer !== null) this.#goOn();
  }

  /** Ticks may be missed from here on. */
  miss(): void {
    this.bars.miss();
  }

  take(tick: TickPart): void {
    this.#tick = tick.datetime;
    const change = this.bars.take(tick);
    if (change === "nothing" || this.#isStopped) return;
    const bars = this.bars.all;
    this.indicators.set(bars.length - 1, bars.at(-1)?.close ?? 0);
    if (change === "began" && this.#isJoined) this.#settleSoon();
    if (bars.length === 1) this.#view?.all(true);
    else this.#view?.last(change === "began");
  }

  #opened(rows: readonly BarRow[]): void {
    this.#oldest = rows[0]?.datetime ?? null;
    this.#load(rows);
    this.#is({ history: "ready", older: this.#oldest === null ? "end" : "more" });
  }

  #olderCame(rows: readonly BarRow[]): void {
    const before = this.bars.all.length;
    this.bars.load(read(rows, this.period, this.venue));
    const length = this.bars.all.length;
    if (length > before) this.#changed(false);
    this.#oldest = rows[0]?.datetime ?? this.#oldest;
    this.#is({ older: length > before && length < MOST ? "more" : "end" });
  }

  #load(rows: readonly BarRow[]): void {
    const isFirst = this.bars.all.length === 0;
    this.bars.load(read(rows, this.period, this.venue));
    this.#newest = rows.at(-1)?.datetime ?? this.#newest;
    this.#isJoined = true;
    this.#changed(isFirst || rows.length >= PAGE);
  }

  #changed(isFirst: boolean): void {
    this.#calculate(this.indicators.shown);
    this.#view?.all(isFirst);
  }

  #calculate(shown: Shown): void {
    this.indicators = new Indicators(shown, this.bars.all.map((bar) => bar.close));
  }

  #settleSoon(): void {
    this.#isJoined = false;
    this.#cancelSettle();
    this.#cancelSettle = (this.#source.clock ?? browserClock).later(() => void this.reload().then(() => (this.#isJoined = false)), SETTLE_MS);
  }

  #goOn(): void {
    if (!this.#isReloadDue) return;
    this.#isReloadDue = false;
    void this.reload();
  }

  /** One request at a time; `null` where nobody waits for it any more. */
  async #alone<T>(request: () => Promise<T>): Promise<T | null> {
    this.#isBusy = true;
    const answer = await request();
    this.#isBusy = false;
    return this.#isStopped ? null : answer;
  }

  #is(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change };
    if (!this.#isStopped) this.#source.tell(this.#state);
  }
}

function isUnsupported(answer: Outcome<unknown>): boolean {
  return answer.outcome === "refused" && answer.problem.code === "unsupported";
}

function wordsOf(answer: Outcome<unknown>): string {
  return answer.outcome === "done" ? "" : (answer as { readonly problem: { readonly detail: string } | null }).problem?.detail ?? "";
}
