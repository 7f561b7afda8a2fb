// Rows for tests of the ticket.
import type { Contract, Order, Position, Tick } from "../link";

export function contract(of: Partial<Contract> = {}): Contract {
  return {
    gateway_name: "SIM", symbol: "rb2601", exchange: "SHFE", vt_symbol: "rb2601.SHFE", name: "Rebar", product: "FUTURES", size: 10, pricetick: 1,
    min_volume: 1, max_volume: 500, stop_supported: false, net_position: false, history_data: false, option_strike: null, option_underlying: null,
    option_type: null, option_listed: null, option_expiry: null, option_portfolio: null, option_index: null, ...of,
  };
}

export function position(of: Partial<Position> = {}): Position {
  return {
    gateway_name: "SIM", symbol: "rb2601", exchange: "SHFE", vt_symbol: "rb2601.SHFE", direction: "LONG", volume: 10, frozen: 0, price: 3500,
    pnl: 0, yd_volume: 4, vt_positionid: "SIM.rb2601.SHFE.LONG", ...of,
  };
}

export function order(of: Partial<Order> = {}): Order {
  return {
    gateway_name: "SIM", symbol: "rb2601", exchange: "SHFE", vt_symbol: "rb2601.SHFE", orderid: "1", vt_orderid: "SIM.1", type: "LIMIT",
    direction: "SHORT", offset: "CLOSE", price: 3500, volume: 1, traded: 0, status: "NOTTRADED", datetime: null, reference: "", client_order_id: null, ...of,
  };
}

export function tick(of: Partial<Tick> = {}): Tick {
  const side = (name: "ask" | "bid") =>
    Object.fromEntries([1, 2, 3, 4, 5].flatMap((n) => [[`${name}_price_${n}`, 0], [`${name}_volume_${n}`, 0]]));
  return {
    vt_symbol: "rb2601.SHFE", datetime: null, volume: 0, turnover: 0, open_interest: 0, last_price: 3500, last_volume: 0, limit_up: 0, limit_down: 0,
    open_price: 0, high_price: 0, low_price: 0, pre_close: 3400, ...side("ask"), ...side("bid"), ask_price_1: 3501, bid_price_1: 3499, ...of,
  } as Tick;
}
