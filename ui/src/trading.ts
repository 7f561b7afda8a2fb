// What the reader asks of the trading process: subscribe, send, cancel. Nothing here is ever sent twice,
// and nothing is retried: where the outcome is unknown the page says so.
import { ApiError, type Client } from "./api/client";
import type { Contract } from "./api/wire";
import { DIRECTION, label, OFFSET } from "./enums";
import { t } from "./i18n";
import { settings } from "./settings";
import { activeOrders, note } from "./store";
import { request, type Ticket } from "./state/ticket";

export interface Trading {
  /** Adds to the watchlist and subscribes. */
  watch(vtSymbol: string): void;
  unwatch(vtSymbol: string): void;
  subscribe(vtSymbol: string): Promise<void>;
  /** Sends once; the vt_orderid, or null with the reason in the log. */
  send(ticket: Ticket, contract: Contract): Promise<string | null>;
  cancel(vtOrderid: string): Promise<void>;
  cancelAll(): Promise<void>;
}

/** How many cancels are on their way at once: fast for a screenful, gentle to the trading process. */
const CANCELS_AT_ONCE = 8;

export function tradingOver(client: Client, loggedOut: () => void): Trading {
  return { watch, unwatch, subscribe, send, cancel, cancelAll };

  function watch(vtSymbol: string): void {
    if (!settings.watchlist.includes(vtSymbol)) settings.watchlist.push(vtSymbol);
    void subscribe(vtSymbol);
  }

  function unwatch(vtSymbol: string): void {
    settings.watchlist = settings.watchlist.filter((item) => item !== vtSymbol);
  }

  async function subscribe(vtSymbol: string): Promise<void> {
    await attempt(
      async () => {
        await client.post(`/tick/${encodeURIComponent(vtSymbol)}`);
        note("info", "log.subscribed", { symbol: vtSymbol });
      },
      (error) => note("warn", "log.subscribeFailed", { symbol: vtSymbol, text: error.message }),
    );
  }

  async function send(ticket: Ticket, contract: Contract): Promise<string | null> {
    note("info", "log.sending", { text: inWords(ticket, contract) });
    return attempt(
      async () => {
        const answer = await client.post("/order", request(ticket, contract));
        const vtOrderid = typeof answer === "string" ? answer : "";
        if (vtOrderid !== "") note("info", "log.sent", { order: vtOrderid });
        else note("bad", "log.refused", { text: inWords(ticket, contract) });
        return vtOrderid === "" ? null : vtOrderid;
      },
      (error) => note("bad", error.failure === "unknown" ? "log.unknown" : "log.sendFailed", { text: error.message }),
    );
  }

  async function cancel(vtOrderid: string): Promise<void> {
    await attempt(
      async () => {
        await client.delete(`/order/${encodeURIComponent(vtOrderid)}`);
        note("info", "log.cancelSent", { order: vtOrderid });
      },
      (error) => note("bad", "log.cancelFailed", { order: vtOrderid, text: error.message }),
    );
  }

  async function cancelAll(): Promise<void> {
    const waiting = activeOrders.value.map((order) => order.vtOrderid);
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await cancel(next);
    };
    await Promise.all(Array.from({ length: CANCELS_AT_ONCE }, lane));
  }

  async function attempt<T>(act: () => Promise<T>, failed: (error: ApiError) => void): Promise<T | null> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.failure === "login") loggedOut();
      failed(error.failure === "login" ? new ApiError("login", 401, t("log.expired")) : error);
      return null;
    }
  }
}

function inWords(ticket: Ticket, contract: Contract): string {
  const side = label(DIRECTION, ticket.direction, settings.language);
  const offset = ticket.offset === "NONE" ? "" : ` ${label(OFFSET, ticket.offset, settings.language)}`;
  const price = ticket.price.trim() === "" ? t("ticket.marketPrice") : ticket.price;
  return `${contract.vtSymbol} ${side}${offset} ${ticket.volume} @ ${price}`;
}
