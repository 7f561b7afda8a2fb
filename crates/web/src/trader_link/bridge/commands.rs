//! Commands to a trading process by its bridge: the port that `rest` calls.

use super::State;
use crate::command::{Capabilities, CommandError, LinkReport, Trader};
use crate::replica::{Link, Shared};
use crate::trader_link::limits::{BRIDGE_COMMAND, BRIDGE_HISTORY, BRIDGE_LISTS, EVENT_PATIENCE};
use bridge::{CallError, Caller, Code, Refusal};
use domain::{
    BarData, ContractData, GatewayInfo, HistoryRequest, Language, OrderData, OrderRequest, QuoteData, QuoteRequest,
    SubscribeRequest, Text, TradingState, Value, VtOrderId,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::{Arc, PoisonError};
use tokio::time::{Instant, timeout_at};

/// Commands to one trading process.
pub struct BridgeLink {
    caller: Caller,
    state: Arc<State>,
    replica: Arc<Shared>,
}

impl BridgeLink {
    pub(super) fn new(caller: Caller, state: Arc<State>, replica: Arc<Shared>) -> BridgeLink {
        BridgeLink { caller, state, replica }
    }

    /// While the copy does not follow, nothing leaves: the user would act on what they see.
    fn live(&self) -> Result<&Caller, CommandError> {
        match self.replica.read().link {
            Link::Live => Ok(&self.caller),
            Link::Connecting | Link::Syncing => {
                Err(CommandError::NotSent("the trading process is being contacted".into()))
            }
            Link::Stale => Err(CommandError::NotSent("the trading process is away".into())),
        }
    }

    fn missing(&self, user: &str) -> Vec<VtOrderId> {
        self.state.settled.missing(user, |id| self.replica.read().orders.get(id).is_some())
    }

    /// An order's fact is on the same connection as its answer, so it needs no asking: only a moment.
    async fn settle(&self, user: &str) {
        let deadline = Instant::now() + EVENT_PATIENCE;
        loop {
            let changed = self.state.settled.changed();
            let missing = self.missing(user);
            if missing.is_empty() {
                return;
            }
            if timeout_at(deadline, changed).await.is_err() {
                missing.iter().for_each(|id| self.state.settled.give_up(user, id));
                return;
            }
        }
    }
}

impl Trader for BridgeLink {
    fn state(&self) -> LinkReport {
        let health = self.caller.health();
        LinkReport {
            epoch: health.hello.map(|hello| hello.epoch.clone()),
            round_trip_us: health.round_trip.and_then(|time| u64::try_from(time.as_micros()).ok()),
            clock_ahead_us: health.clock_ahead_us,
            ..self.state.report()
        }
    }

    fn language(&self) -> Language {
        self.state.report.lock().unwrap_or_else(PoisonError::into_inner).language
    }

    fn capabilities(&self) -> Capabilities {
        let Some(hello) = self.caller.health().hello else { return Capabilities::default() };
        let has = |word: &str| hello.about.capabilities.iter().any(|capability| capability == word);
        Capabilities {
            quotes: has("quotes"),
            history: has("history"),
            gateways: has("gateways"),
            connect: has("connect"),
            settle: has("settle"),
            logs: has("logs"),
            trading_state: has("trading_state"),
        }
    }

    fn subscribe(&self, contract: Arc<ContractData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async move {
            let request = SubscribeRequest { symbol: contract.symbol.clone(), exchange: contract.exchange };
            let gateway = contract.gateway_name.clone();
            self.live()?.subscribe_venue(request, gateway, BRIDGE_COMMAND).await.map_err(command_error)
        }
        .boxed()
    }

    fn send_order(
        &self,
        request: OrderRequest,
        gateway: Text,
        user: &str,
    ) -> BoxFuture<'_, Result<Text, CommandError>> {
        let user = user.to_owned();
        async move {
            let id = self.live()?.send_order(request, gateway, BRIDGE_COMMAND).await.map_err(command_error)?;
            self.state.settled.given(&user, id.clone());
            Ok(id.0)
        }
        .boxed()
    }

    fn cancel_order(&self, order: Arc<OrderData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async move {
            let (request, gateway) = (order.cancel_request(), order.gateway_name.clone());
            self.live()?.cancel_order(request, gateway, BRIDGE_COMMAND).await.map_err(command_error)
        }
        .boxed()
    }

    fn send_quote(&self, request: QuoteRequest, gateway: Text) -> BoxFuture<'_, Result<Text, CommandError>> {
        async move {
            let id = self.live()?.send_quote(request, gateway, BRIDGE_COMMAND).await.map_err(command_error)?;
            Ok(id.0)
        }
        .boxed()
    }

    fn cancel_quote(&self, quote: Arc<QuoteData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async move {
            let request = domain::CancelRequest {
                orderid: quote.quoteid.clone(),
                symbol: quote.symbol.clone(),
                exchange: quote.exchange,
            };
            let gateway = quote.gateway_name.clone();
            self.live()?.cancel_quote(request, gateway, BRIDGE_COMMAND).await.map_err(command_error)
        }
        .boxed()
    }

    fn query_history(
        &self,
        request: HistoryRequest,
        gateway: Text,
    ) -> BoxFuture<'_, Result<Vec<BarData>, CommandError>> {
        async move { self.live()?.query_history(request, gateway, BRIDGE_HISTORY).await.map_err(command_error) }.boxed()
    }

    fn gateways(&self) -> BoxFuture<'_, Result<Vec<GatewayInfo>, CommandError>> {
        async move { self.live()?.gateways(BRIDGE_LISTS).await.map_err(command_error) }.boxed()
    }

    fn connect_gateway(&self, name: Text, setting: Vec<(Text, Value)>) -> BoxFuture<'_, Result<(), CommandError>> {
        async move { self.live()?.connect_gateway(name, setting, BRIDGE_COMMAND).await.map_err(command_error) }.boxed()
    }

    fn disconnect_gateway(&self, name: Text) -> BoxFuture<'_, Result<(), CommandError>> {
        async move { self.live()?.disconnect_gateway(name, BRIDGE_COMMAND).await.map_err(command_error) }.boxed()
    }

    fn settle_gateway(&self, name: Text) -> BoxFuture<'_, Result<(), CommandError>> {
        async move { self.live()?.settle_gateway(name, BRIDGE_COMMAND).await.map_err(command_error) }.boxed()
    }

    fn set_trading_state(&self, state: TradingState) -> BoxFuture<'_, Result<(), CommandError>> {
        async move { self.live()?.set_trading_state(state, BRIDGE_COMMAND).await.map_err(command_error) }.boxed()
    }

    /// Asked as soon as there is a connection: what became of an order is wanted before the copy follows.
    fn fetch_orders(&self) -> BoxFuture<'_, Result<Vec<OrderData>, CommandError>> {
        async move { self.caller.orders(false, BRIDGE_LISTS).await.map_err(command_error) }.boxed()
    }

    fn settled(&self, user: &str) -> BoxFuture<'_, ()> {
        if self.missing(user).is_empty() {
            return std::future::ready(()).boxed();
        }
        let user = user.to_owned();
        async move { self.settle(&user).await }.boxed()
    }
}

pub(super) fn command_error(error: CallError) -> CommandError {
    match error {
        CallError::NotSent(why) => CommandError::NotSent(why),
        CallError::Unknown(why) => CommandError::Unknown(why),
        // It was carried out, but how it ended is not known.
        CallError::Unreadable(why) => CommandError::Unknown(why),
        CallError::Refused(Refusal { code: Code::Unsupported, message }) => CommandError::Unsupported(message),
        CallError::Refused(Refusal { message, .. }) => CommandError::Refused(message),
    }
}
