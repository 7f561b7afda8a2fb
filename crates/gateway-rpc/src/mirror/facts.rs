//! What the remote tells, translated and reported.

use super::orders::{Owner, Stage, is_same};
use super::{Mirror, Out};
use crate::limits::HELD;
use crate::tag;
use crate::words::{ERROR, INFO, WARNING, Words};
use crate::worker::Job;
use ::gateway::Report;
use domain::{
    AccountData, ContractData, LogData, NumberForms, OrderData, PositionData, QuoteData, SubscribeRequest, Text,
    TradeData, VtPositionId,
};
use rpc::PeerEvent;
use rustc_hash::FxHashMap;

impl Mirror {
    /// One event, in its turn.
    pub(super) fn apply(&mut self, event: PeerEvent, out: &mut Out<'_>) {
        match event {
            PeerEvent::Order(order) => self.order(*order, out),
            PeerEvent::Trade(trade) => self.trade(*trade, out),
            PeerEvent::Position(position) => self.position(*position, out),
            PeerEvent::Account(account) => self.account(*account, out),
            PeerEvent::Contract(contract) => self.contract(*contract, out),
            PeerEvent::Quote(quote) => self.quote(*quote, out),
            PeerEvent::Log(line) => self.line(line, out),
            PeerEvent::Tick(tick) => self.tick(tick, out),
            PeerEvent::Heartbeat(_) | PeerEvent::Other(_) => {}
        }
    }

    pub(super) fn order(&mut self, remote: OrderData, out: &mut Out<'_>) {
        if !self.is_ours(&remote.gateway_name) {
            return;
        }
        let id = match self.orders.owner(&remote) {
            // An id of the remote's earlier life may be that of the one whose answer is on its way.
            Owner::Known(id) if self.is_gone(&id) && self.may_wait(&remote) => {
                return self.held.push(PeerEvent::Order(Box::new(remote)));
            }
            Owner::Known(id) => id,
            Owner::Claimed(id) => self.found(id, &remote, out),
            // It may be the one whose answer is on its way: with that it gets its id.
            Owner::Nobody if self.may_wait(&remote) => return self.held.push(PeerEvent::Order(Box::new(remote))),
            Owner::Nobody => {
                self.tell_contradiction(&remote, out);
                self.orders.adopt(&remote, None, out.now.monotonic_us)
            }
        };
        self.report(remote, &id, out);
    }

    fn is_gone(&self, id: &str) -> bool {
        self.orders.get(id).is_some_and(|entry| entry.is_gone)
    }

    /// Ties orders to ours by what events say that came before the remote's list was read: the list may have forgotten
    /// it.
    pub(super) fn name_early(&mut self, events: &[PeerEvent], out: &mut Out<'_>) {
        for event in events {
            if let PeerEvent::Order(remote) = event
                && self.is_ours(&remote.gateway_name)
                && let Owner::Claimed(id) = self.orders.owner(remote)
            {
                self.found(id, remote, out);
            }
        }
    }

    fn may_wait(&self, remote: &OrderData) -> bool {
        let is_nameless = remote.reference.is_empty();
        let is_like =
            |asked: &OrderData| is_same(asked, remote) || (is_nameless && asked.vt_symbol == remote.vt_symbol);
        self.held.len() < HELD && self.orders.is_asking_like(is_like)
    }

    /// A remote order that carries an id of ours.
    fn found(&mut self, id: Text, remote: &OrderData, out: &mut Out<'_>) -> Text {
        match self.orders.get(&id).map(|entry| entry.stage) {
            None => return self.orders.adopt(remote, Some(id), out.now.monotonic_us),
            Some(Stage::Unknown { .. }) => {
                let status = remote.status.value(self.names.language);
                let words = Words::new(
                    format!("委托{id}的结果已查明，远端委托号{}，状态{status}", remote.orderid),
                    format!("the outcome of order {id} is known: it is {} at the remote, {status}", remote.orderid),
                );
                self.log(INFO, &words, out);
            }
            Some(_) => {}
        }
        self.orders.bind(&id, &remote.vt_orderid);
        id
    }

    /// The remote has an order that was reported as never arrived. It is shown under its own id.
    fn tell_contradiction(&self, remote: &OrderData, out: &mut Out<'_>) {
        let Some((id, _)) = tag::claim(&remote.reference) else { return };
        if self.orders.get(id).is_some_and(|entry| entry.stage == Stage::Refused) {
            let words = Words::new(
                format!("委托{id}曾报为拒单，但远端存在该委托，以远端委托号{}显示", remote.orderid),
                format!(
                    "order {id} was reported as rejected, but the remote has it: it is shown as {}",
                    remote.orderid
                ),
            );
            self.log(ERROR, &words, out);
        }
    }

    fn report(&mut self, mut order: OrderData, id: &Text, out: &mut Out<'_>) {
        self.names.order(&mut order, id);
        let own = self.orders.get(id).map(|entry| tag::without(&entry.last.reference, id));
        let sent = tag::without(&order.reference, id);
        let names_itself = tag::claim(&order.reference).is_some_and(|(claimed, _)| claimed == id);
        // Gateways blank the reference in later events.
        order.reference = Text::new(own.filter(|own| !own.is_empty()).unwrap_or(sent));
        self.orders.reported(&order, names_itself, out.now.monotonic_us);
        let is_active = order.is_active();
        out.sink.report(Report::Order(Box::new(order)));
        self.cancel_if_wanted(id, is_active, out);
    }

    /// Carries out a cancel that came before the remote's id was known.
    fn cancel_if_wanted(&mut self, id: &Text, is_active: bool, out: &mut Out<'_>) {
        let Some(entry) = self.orders.get_mut(id).filter(|entry| entry.cancel_wanted && entry.remote.is_some()) else {
            return;
        };
        entry.cancel_wanted = false;
        if is_active {
            self.pass_cancel(id, out);
        }
    }

    pub(super) fn trade(&mut self, mut trade: TradeData, out: &mut Out<'_>) {
        if !self.is_ours(&trade.gateway_name) {
            return;
        }
        let id = match self.orders.of_remote(&trade.vt_orderid) {
            Some(id) => id.clone(),
            None if self.held.len() < HELD && self.orders.is_asking(&trade.vt_symbol) => {
                return self.held.push(PeerEvent::Trade(Box::new(trade)));
            }
            None => self.orders.free_id(&trade.orderid, &trade.gateway_name),
        };
        self.names.trade(&mut trade, &id);
        out.sink.report(Report::Trade(Box::new(trade)));
    }

    /// Facts that waited for an answer of ours; those for which another answer is awaited wait on.
    pub(super) fn release(&mut self, out: &mut Out<'_>) {
        for event in std::mem::take(&mut self.held) {
            self.apply(event, out);
        }
    }

    pub(super) fn contract(&mut self, mut contract: ContractData, out: &mut Out<'_>) {
        if !self.is_ours(&contract.gateway_name) {
            return;
        }
        let vt_symbol = contract.vt_symbol.clone();
        let is_new = self.contracts.insert(vt_symbol, contract.gateway_name.clone()).is_none();
        let request = SubscribeRequest { symbol: contract.symbol.clone(), exchange: contract.exchange };
        // The remote has logged in to its venue only now.
        if is_new && self.is_live() && self.is_wanted.contains(&request) {
            self.pass_subscription(&request);
        }
        self.names.contract(&mut contract);
        out.sink.report(Report::Contract(Box::new(contract)));
    }

    pub(super) fn account(&mut self, mut account: AccountData, out: &mut Out<'_>) {
        if self.is_ours(&account.gateway_name) {
            self.names.account(&mut account);
            out.sink.report(Report::Account(Box::new(account)));
        }
    }

    fn position(&mut self, mut position: PositionData, out: &mut Out<'_>) {
        if self.is_ours(&position.gateway_name) {
            self.names.position(&mut position);
            self.positions.insert(position.vt_positionid.clone(), position.clone());
            out.sink.report(Report::Position(Box::new(position)));
        }
    }

    /// All positions of a snapshot. One that is not there any more is empty, unless the remote does not even know its
    /// instrument: then it has not logged in to its venue yet.
    pub(super) fn all_positions(&mut self, positions: Vec<PositionData>, out: &mut Out<'_>) {
        let mut before = std::mem::take(&mut self.positions);
        let mut holders: FxHashMap<VtPositionId, Text> = FxHashMap::default();
        for position in positions {
            let holder = position.gateway_name.clone();
            if !self.is_ours(&holder) {
                continue;
            }
            self.position(position.clone(), out);
            let mut named = position;
            self.names.position(&mut named);
            let id = named.vt_positionid;
            before.remove(&id);
            if holders.insert(id.clone(), holder.clone()).is_some_and(|other| other != holder) {
                self.tell_two_holders(&id, out);
            }
        }
        let mut gone: Vec<PositionData> = before.into_values().collect();
        gone.sort_by(|a, b| a.vt_positionid.cmp(&b.vt_positionid));
        for position in gone {
            if !self.contracts.contains_key(&position.vt_symbol) {
                self.positions.insert(position.vt_positionid.clone(), position);
                continue;
            }
            let (zero, forms) = (0.0, NumberForms::default());
            let empty =
                PositionData { volume: zero, frozen: zero, pnl: zero, yd_volume: zero, price: zero, forms, ..position };
            out.sink.report(Report::Position(Box::new(empty)));
        }
    }

    fn tell_two_holders(&self, id: &VtPositionId, out: &mut Out<'_>) {
        let words = Words::new(
            format!("远端有多个接口持有{id}，只显示其中之一；请按远端接口分别配置"),
            format!("several of the remote's gateways hold {id} and only one is shown: configure one entry for each"),
        );
        self.log(WARNING, &words, out);
    }

    fn quote(&self, mut quote: QuoteData, out: &mut Out<'_>) {
        if self.is_ours(&quote.gateway_name) {
            self.names.quote(&mut quote);
            out.sink.report(Report::Quote(Box::new(quote)));
        }
    }

    fn line(&self, mut line: LogData, out: &mut Out<'_>) {
        if self.is_ours(&line.gateway_name) {
            self.names.log(&mut line);
            out.sink.report(Report::Log(line));
        }
    }

    /// The cancel of an order that the remote has.
    pub(super) fn pass_cancel(&self, id: &Text, out: &mut Out<'_>) {
        let Some(entry) = self.orders.get(id) else { return };
        let Some((gateway, remote)) = entry.remote.as_ref().and_then(|remote| remote.split()) else { return };
        let mut request = entry.last.cancel_request();
        request.orderid = Text::new(remote);
        let job = Job::Cancel { orderid: id.clone(), request, gateway: Text::new(gateway) };
        if !self.start(job) {
            let words = Words::new(format!("撤单{id}失败：请求过多"), format!("cannot cancel {id}: too many requests"));
            self.log(WARNING, &words, out);
        }
    }
}
