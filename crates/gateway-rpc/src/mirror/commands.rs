//! What is asked of us.

use super::orders::{self, Stage};
use super::{Mirror, Out, Phase};
use crate::limits::SUBSCRIPTIONS;
use crate::tag;
use crate::words::{INFO, WARNING, Words};
use crate::worker::Job;
use ::gateway::Report;
use domain::{
    Attributes, BarData, CancelRequest, DateTime, HistoryRequest, NumberForms, OrderRequest, OrderType, QuoteData,
    QuoteRequest, Status, SubscribeRequest, Text, Value, VtOrderId, VtQuoteId, VtSymbol,
};
use rpc::{App, CallError, Framing};

impl Mirror {
    /// Sends an order once, or refuses it at once.
    pub(crate) fn send_order(&mut self, orderid: &Text, request: OrderRequest, out: &mut Out<'_>) {
        let gateway = match self.place_for(&request) {
            Ok(gateway) => gateway,
            Err(why) => return self.refuse(orderid, &request, &why, out),
        };
        let order = orders::submitted(&request, orderid, &self.names.gateway);
        if !self.orders.ask(order, out.now.monotonic_us) {
            let words = Words::new(
                format!("委托号{orderid}重复，未发送"),
                format!("order id {orderid} was used before, nothing is sent"),
            );
            return self.log(WARNING, &words, out);
        }
        let sent = OrderRequest { reference: tag::put(&request.reference, orderid), ..request.clone() };
        if !self.start(Job::Send { orderid: orderid.clone(), request: sent, gateway }) {
            let why = Words::new("等待发送的请求过多", "too many requests wait to be sent");
            self.never_arrived(orderid, &why, out);
        }
    }

    /// The remote's gateway for an order, or why it cannot be sent.
    fn place_for(&self, request: &OrderRequest) -> Result<Text, Words> {
        self.reachable()?;
        let vt_symbol = request.vt_symbol();
        let Some(gateway) = self.contracts.get(&vt_symbol) else {
            return Err(Words::new(
                format!("远端没有合约{vt_symbol}"),
                format!("the remote has no contract {vt_symbol}"),
            ));
        };
        // A member that the remote's version lacks would end its RPC thread for good.
        let is_new = self.framing == Some(Framing::TwoFrames);
        if request.order_type == OrderType::Etf && !is_new {
            let zh = "远端的VeighNa可能没有ETF委托类型（4.1版起）";
            return Err(Words::new(zh, "the remote's VeighNa may not know the order type ETF (since 4.1)"));
        }
        if !(request.volume.is_finite() && request.price.is_finite()) {
            return Err(Words::new("价格或数量不是有效数字", "price or volume is no number"));
        }
        Ok(gateway.clone())
    }

    fn reachable(&self) -> Result<(), Words> {
        match self.phase {
            Phase::Live => Ok(()),
            Phase::Syncing => Err(Words::new("正在同步远端状态", "the remote's state is being read")),
            Phase::Away => Err(Words::new("远端未连接", "the remote is not connected")),
        }
    }

    /// Reports an order as REJECTED, with the reason in its `extra` and in the log.
    pub(super) fn refuse(&mut self, orderid: &Text, request: &OrderRequest, why: &Words, out: &mut Out<'_>) {
        let mut order = request.to_order(orderid, &self.names.gateway);
        // No reader of an order expects NaN.
        for number in [&mut order.price, &mut order.volume] {
            *number = if number.is_finite() { *number } else { 0.0 };
        }
        order.status = Status::Rejected;
        order.datetime = DateTime::from_unix_micros(out.now.unix_us, &self.zone);
        order.attributes = reason(why);
        out.sink.report(Report::Order(Box::new(order)));
        let words =
            Words::new(format!("委托{orderid}被拒绝：{}", why.zh), format!("order {orderid} refused: {}", why.en));
        self.log(WARNING, &words, out);
    }

    /// The call that sent an order has ended.
    pub(super) fn sent(&mut self, orderid: &Text, result: Result<Text, CallError>, out: &mut Out<'_>) {
        match result {
            Ok(id) if id.is_empty() => {
                let why = Words::new("远端拒绝了委托，原因见其日志", "the remote refused the order; its log says why");
                self.never_arrived(orderid, &why, out);
            }
            Ok(id) => self.arrived(orderid, &VtOrderId(id), out),
            Err(CallError::NotSent(why)) => {
                let why = Words::new(format!("未能发送：{why}"), format!("not sent: {why}"));
                self.never_arrived(orderid, &why, out);
            }
            Err(CallError::Missing(name)) => {
                let why = Words::new(format!("远端没有函数{name}"), format!("the remote has no function {name}"));
                self.never_arrived(orderid, &why, out);
            }
            // A function that failed may have sent the order before it did.
            Err(CallError::Failed(traceback)) => {
                tracing::warn!(%traceback, orderid = %orderid, "the remote failed while it took an order");
                let last = traceback.lines().next_back().unwrap_or_default();
                self.unknown(orderid, &CallError::Failed(last.to_owned()), out);
            }
            Err(error @ (CallError::Unknown(_) | CallError::Unreadable(_))) => self.unknown(orderid, &error, out),
        }
        self.release(out);
    }

    fn arrived(&mut self, orderid: &Text, remote: &VtOrderId, out: &mut Out<'_>) {
        if self.orders.bind(orderid, remote) {
            // A cancel that waited for the id.
            let Some(entry) = self.orders.get_mut(orderid) else { return };
            let is_due = std::mem::take(&mut entry.cancel_wanted) && entry.last.is_active();
            if is_due {
                self.pass_cancel(orderid, out);
            }
            return;
        }
        let words = Words::new(
            format!("远端对委托{orderid}返回的委托号{remote}与已知的不符"),
            format!("the remote's id {remote} for order {orderid} contradicts what is known"),
        );
        self.log(WARNING, &words, out);
        self.unknown(orderid, &CallError::Unknown(format!("contradicting id {remote}")), out);
    }

    /// Certainly not at the remote's venue, unless an event of it has been seen.
    pub(super) fn never_arrived(&mut self, orderid: &Text, why: &Words, out: &mut Out<'_>) {
        self.orders.answered(orderid, Stage::Refused);
        let Some(entry) = self.orders.get_mut(orderid).filter(|entry| entry.remote.is_none()) else { return };
        entry.stage = Stage::Refused;
        entry.last.status = Status::Rejected;
        let mut order = entry.last.clone();
        order.datetime = DateTime::from_unix_micros(out.now.unix_us, &self.zone);
        order.attributes = reason(why);
        out.sink.report(Report::Order(Box::new(order)));
        let words =
            Words::new(format!("委托{orderid}被拒绝：{}", why.zh), format!("order {orderid} refused: {}", why.en));
        self.log(WARNING, &words, out);
    }

    /// Cancels an order, or says why not.
    pub(crate) fn cancel_order(&mut self, request: &CancelRequest, out: &mut Out<'_>) {
        let id = &request.orderid;
        let why = match (self.reachable(), self.orders.get_mut(id)) {
            (Err(why), _) => why,
            (_, None) => Words::new("没有该委托", "there is no such order"),
            (_, Some(entry)) if !entry.last.is_active() => Words::new("委托已结束", "it has ended"),
            (_, Some(entry)) if entry.is_gone => {
                Words::new("远端不再知道该委托", "the remote does not know it any more")
            }
            (_, Some(entry)) if entry.remote.is_none() => {
                entry.cancel_wanted = true;
                Words::new(
                    "远端委托号未知，得知后将立即撤单",
                    "its id at the remote is not known yet; as soon as it is, it is cancelled",
                )
            }
            (Ok(()), Some(_)) => return self.pass_cancel(id, out),
        };
        let words = Words::new(format!("委托{id}未撤：{}", why.zh), format!("order {id} is not cancelled: {}", why.en));
        self.log(WARNING, &words, out);
    }

    /// VeighNa's RPC has no function for quotes.
    pub(crate) fn send_quote(&mut self, quoteid: &Text, request: QuoteRequest, out: &mut Out<'_>) {
        let why = Words::new("远端的RPC服务没有报价功能", "the remote's RPC has no function for quotes");
        let vt_symbol = VtSymbol::new(&request.symbol, request.exchange);
        let vt_quoteid = VtQuoteId::new(&self.names.gateway, quoteid);
        let quote = QuoteData {
            gateway_name: self.names.gateway.clone(),
            symbol: request.symbol,
            exchange: request.exchange,
            quoteid: quoteid.clone(),
            bid: request.bid,
            ask: request.ask,
            status: Status::Rejected,
            datetime: DateTime::from_unix_micros(out.now.unix_us, &self.zone),
            reference: request.reference,
            vt_symbol,
            vt_quoteid,
            forms: NumberForms::default(),
            attributes: reason(&why),
        };
        out.sink.report(Report::Quote(Box::new(quote)));
        let words =
            Words::new(format!("报价{quoteid}被拒绝：{}", why.zh), format!("quote {quoteid} refused: {}", why.en));
        self.log(WARNING, &words, out);
    }

    /// See [`Mirror::send_quote`].
    pub(crate) fn cancel_quote(&self, request: &CancelRequest, out: &mut Out<'_>) {
        let id = &request.orderid;
        let words = Words::new(
            format!("报价{id}未撤：远端的RPC服务没有报价功能"),
            format!("quote {id} is not cancelled: the remote's RPC has no function for quotes"),
        );
        self.log(WARNING, &words, out);
    }

    /// Asks for ticks now, and again after each reconnect.
    pub(crate) fn subscribe(&mut self, request: SubscribeRequest, out: &mut Out<'_>) {
        if self.is_wanted.len() >= SUBSCRIPTIONS {
            let words = Words::new("订阅的合约过多", "too many instruments are subscribed");
            return self.log(WARNING, &words, out);
        }
        if self.phase == Phase::Live && !self.contracts.contains_key(&request.vt_symbol()) {
            let name = request.vt_symbol();
            let words = Words::new(format!("远端没有合约{name}"), format!("the remote has no contract {name}"));
            self.log(INFO, &words, out);
        }
        if self.is_wanted.insert(request.clone()) {
            self.wanted.push(request.clone());
        }
        if self.phase == Phase::Live {
            self.pass_subscription(&request);
        }
    }

    pub(super) fn pass_subscription(&self, request: &SubscribeRequest) {
        if let Some(gateway) = self.contracts.get(&request.vt_symbol()) {
            // Where there is no room it is sent after the next reconnect; more wait than any market lists.
            self.start(Job::Subscribe(request.clone(), gateway.clone()));
        }
    }

    /// Asks for bars.
    pub(crate) fn query_history(&mut self, token: u64, request: HistoryRequest, out: &mut Out<'_>) {
        match self.history_job(token, request) {
            Ok(()) => {
                self.histories.insert(token);
            }
            Err(why) => {
                let bars = Err(self.text(&why));
                out.sink.report(Report::History { token, bars });
            }
        }
    }

    fn history_job(&self, token: u64, request: HistoryRequest) -> Result<(), Words> {
        self.reachable()?;
        if self.app == Some(App::WebTrader) {
            return Err(Words::new("远端的RPC服务不提供历史数据", "the remote's RPC serves no history"));
        }
        let vt_symbol = VtSymbol::new(&request.symbol, request.exchange);
        let Some(gateway) = self.contracts.get(&vt_symbol).cloned() else {
            return Err(Words::new(
                format!("远端没有合约{vt_symbol}"),
                format!("the remote has no contract {vt_symbol}"),
            ));
        };
        let is_taken = self.start(Job::History { token, request, gateway });
        if is_taken { Ok(()) } else { Err(Words::new("请求过多", "too many requests")) }
    }

    pub(super) fn bars(&mut self, token: u64, bars: Result<Vec<BarData>, CallError>, out: &mut Out<'_>) {
        if !self.histories.remove(&token) {
            return;
        }
        let name = &self.names.gateway;
        let named = |bar: BarData| BarData { gateway_name: name.clone(), ..bar };
        let bars = bars.map(|bars| bars.into_iter().map(named).collect()).map_err(|error| error.to_string());
        out.sink.report(Report::History { token, bars });
    }
}

/// VeighNa's orders have no field for a reason; `extra` is where gateways put what has no field.
fn reason(words: &Words) -> Attributes {
    let text = |text: &str| Value::Text(Text::new(text));
    let mut attributes = Attributes::default();
    attributes.push(
        "extra",
        Value::Map(vec![
            (Text::new("code"), text("REMOTE")),
            (Text::new("reason_zh"), text(&words.zh)),
            (Text::new("reason_en"), text(&words.en)),
        ]),
    );
    attributes
}
