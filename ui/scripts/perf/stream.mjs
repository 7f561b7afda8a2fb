// A stand-in for the stream's server, in the page itself: it speaks as the real one does and says as much, as fast and as
// long as a measurement asks for. Everything behind it (link, reducer, lists, chart) is the page's own.

/** In the page, before anything else. `held`: how many rows the trading process has already. */
export function standIn({ orders = 0, trades = 0, lines = 0, symbols = 1, contracts = 0 }) {
  const FIELDS = ["vt_symbol", "datetime", "volume", "turnover", "open_interest", "last_price", "last_volume", "limit_up", "limit_down", "open_price", "high_price", "low_price", "pre_close"];
  for (const side of ["bid", "ask"]) for (const what of ["price", "volume"]) for (let n = 1; n <= 5; n += 1) FIELDS.push(`${side}_${what}_${n}`);
  const BEGUN = Date.parse("2026-11-23T09:00:00+08:00");
  const names = Array.from({ length: symbols }, (_, n) => `rb${1000 + n}`);
  const time = (ms) => `${new Date(BEGUN + ms + 8 * 3600e3).toISOString().slice(0, 23)}+08:00`;
  const stand = (window.stand = { seq: 0, orders: 0, trades: 0, lines: 0, socket: null, ms: 0, say, fact, order, trade, line, account, position, ticks, names });

  function order(n, status, traded = 0) {
    const symbol = names[n % symbols];
    return {
      gateway_name: "SIM", symbol, exchange: "SHFE", orderid: `o${n}`, type: "LIMIT", direction: n % 2 ? "LONG" : "SHORT", offset: "OPEN", price: 3000 + (n * 7) % 400,
      volume: 5, traded, status, datetime: time(stand.ms), reference: "ManualTrading", client_order_id: null, vt_symbol: `${symbol}.SHFE`, vt_orderid: `SIM.o${n}`, extra: {},
    };
  }
  function trade(n) {
    const { symbol, exchange, gateway_name, orderid, direction, offset, price, volume, datetime, vt_symbol, vt_orderid } = order(n, "ALLTRADED");
    return { symbol, exchange, gateway_name, orderid, tradeid: `t${n}`, direction, offset, price, volume, datetime, vt_symbol, vt_orderid, vt_tradeid: `SIM.t${n}`, extra: {} };
  }
  function line(n) {
    return { gateway_name: "SIM", msg: `Order o${n} of ${names[n % symbols]} was taken by the exchange after ${(n * 37) % 900} µs`, level: n % 50 === 0 ? 30 : 20, time: time(stand.ms), number: n };
  }
  function account(n) {
    const frozen = (n * 31) % 9000;
    return { gateway_name: "SIM", accountid: "1", balance: 1e6 + n, frozen, available: 1e6 + n - frozen, vt_accountid: "SIM.1", extra: {} };
  }
  function position(n) {
    const symbol = names[n % Math.min(symbols, 20)];
    return { gateway_name: "SIM", symbol, exchange: "SHFE", direction: "LONG", volume: n % 90, frozen: 0, price: 3100, pnl: (n * 13) % 5000, yd_volume: 0, vt_symbol: `${symbol}.SHFE`, vt_positionid: `SIM.${symbol}.SHFE.LONG`, extra: {} };
  }
  function contract(symbol) {
    return {
      gateway_name: "SIM", symbol, exchange: "SHFE", name: `Steel ${symbol}`, product: "FUTURES", size: 10, pricetick: 1, min_volume: 1, max_volume: null, stop_supported: false, net_position: false,
      history_data: false, option_strike: null, option_underlying: "", option_type: null, option_listed: null, option_expiry: null, option_portfolio: "", option_index: "", vt_symbol: `${symbol}.SHFE`, extra: {},
    };
  }
  function tick(symbol, n) {
    const last = 3200 + ((n * 17 + symbol.charCodeAt(4) * 3) % 41) - 20;
    const levels = (step) => Array.from({ length: 5 }, (_, k) => last + step * (k + 1));
    const volumes = () => Array.from({ length: 5 }, (_, k) => 1 + ((n + k * 11) % 90));
    return [`${symbol}.SHFE`, "@", 1000 + n, 1e6 + n, 5000, last, 1, 3500, 2900, 3200, 3240, 3160, 3190, ...levels(-1), ...volumes(), ...levels(1), ...volumes()];
  }

  const variants = new Map();
  /** A message with a tick of every instrument; `n` chooses its numbers, the time is now. */
  function ticks(n, count = symbols) {
    const key = `${n % 100} ${count}`;
    let text = variants.get(key);
    if (text === undefined) {
      const [first, ...others] = names.slice(0, count).map((symbol) => tick(symbol, n % 100));
      // Only the instrument of the chart has a clock that runs: writing the others' would be most of the work.
      const rest = JSON.stringify({ type: "ticks", trader: "SIM", data: [first, ...others.map((values) => values.with(1, time(0)))] });
      text = rest.split('"@"');
      variants.set(key, text);
    }
    say(text.join(`"${time(stand.ms)}"`));
  }
  function say(message) {
    stand.socket?.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }
  function fact(channel, data) {
    stand.seq += 1;
    say({ type: "fact", channel, trader: "SIM", seq: stand.seq, data });
  }

  function held(channel) {
    if (channel === "contract") return [...names, ...Array.from({ length: Math.max(0, contracts - symbols) }, (_, n) => `m${10_000 + n}-C-${n % 97}00`)].map(contract);
    if (channel === "account") return [account(0)];
    if (channel === "order") return Array.from({ length: (stand.orders = orders) }, (_, n) => (n % 100 === 0 ? order(n, "NOTTRADED") : order(n, "ALLTRADED", 5)));
    if (channel === "trade") return Array.from({ length: (stand.trades = trades) }, (_, n) => trade(n));
    return channel === "log" ? Array.from({ length: (stand.lines = lines) }, (_, n) => line(n)) : [];
  }
  function answer({ op, id, channels = [], method }) {
    if (op === "ping") return say({ type: "heartbeat", seq: stand.seq });
    if (id === undefined) return;
    const data = op === "resume" ? { resumed: false } : method === "orders.check" ? { rules: [] } : method === "orders.unknown" ? [] : {};
    say({ type: "reply", id, ok: true, data });
    if (op !== "subscribe") return;
    for (const channel of channels) {
      if (channel === "trader") say({ type: "trader", trader: "SIM", seq: stand.seq, state: "live", since: null });
      else if (!channel.startsWith("tick:")) say({ type: "snapshot", channel, trader: "SIM", seq: stand.seq, data: held(channel) });
    }
  }

  window.WebSocket = class {
    constructor() {
      stand.socket = this;
      setTimeout(() => {
        this.onopen?.();
        say({ type: "hello", epoch: "1", seq: 0, server_time: time(0), heartbeat_ms: 5000, tick_fields: FIELDS, traders: ["SIM"] });
      });
      setInterval(() => say({ type: "heartbeat", seq: stand.seq }), 2000);
    }
    send(text) {
      setTimeout(() => answer(JSON.parse(text)));
    }
    close() {
      if (stand.socket === this) stand.socket = null;
    }
  };
}
