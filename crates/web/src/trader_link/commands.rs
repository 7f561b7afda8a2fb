//! Commands to the trading process: the port that `rest` calls.

use super::State;
use super::limits::EVENT_PATIENCE;
use crate::command::{Capabilities, CommandError, LinkReport, Trader};
use crate::replica::{Link, Shared};
use domain::{
    BarData, ContractData, HistoryRequest, Language, OrderData, OrderRequest, OrderType, SubscribeRequest, Text,
    VtOrderId,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use rpc::{App, CallError, Caller, Framing};
use std::sync::{Arc, PoisonError};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// Commands to one trading process.
pub struct TraderLink {
    caller: Caller,
    state: Arc<State>,
    replica: Arc<Shared>,
    /// Orders that were asked for one by one, for the task that writes the replica.
    fetched: mpsc::Sender<OrderData>,
}

impl TraderLink {
    pub(super) fn new(
        caller: Caller,
        state: Arc<State>,
        replica: Arc<Shared>,
        fetched: mpsc::Sender<OrderData>,
    ) -> TraderLink {
        TraderLink { caller, state, replica, fetched }
    }

    /// While the copy does not follow, nothing leaves: the user would act on what they see.
    fn live(&self) -> Result<(), CommandError> {
        match self.replica.read().link {
            Link::Live => Ok(()),
            Link::Connecting | Link::Syncing => {
                Err(CommandError::NotSent("the trading process is being contacted".into()))
            }
            Link::Stale => Err(CommandError::NotSent("the trading process is away".into())),
        }
    }

    /// A member that the peer's version lacks would end its RPC thread for good.
    fn readable(&self, request: &OrderRequest) -> Result<(), CommandError> {
        let dialect = *self.state.dialect.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = dialect.is_some_and(|dialect| dialect.framing == Framing::TwoFrames);
        if request.order_type == OrderType::Etf && !is_new {
            return Err(CommandError::Unsupported("this VeighNa may not know the order type ETF (since 4.1)".into()));
        }
        Ok(())
    }

    async fn send(&self, request: OrderRequest, gateway: Text, user: &str) -> Result<Text, CommandError> {
        self.live()?;
        self.readable(&request)?;
        let id = self.caller.send_order(&request, &gateway).await.map_err(command_error)?;
        if !id.is_empty() {
            self.state.settled.given(user, VtOrderId(id.clone()));
        }
        Ok(id)
    }

    fn missing(&self, user: &str) -> Vec<VtOrderId> {
        self.state.settled.missing(user, |id| self.replica.read().orders.get(id).is_some())
    }

    async fn settle(&self, user: &str) {
        let deadline = Instant::now() + EVENT_PATIENCE;
        loop {
            let changed = self.state.settled.changed();
            if self.missing(user).is_empty() {
                return;
            }
            if timeout_at(deadline, changed).await.is_err() {
                break;
            }
        }
        // The event was lost or is late: ask for these orders, once.
        for id in self.missing(user) {
            match self.caller.get_order(id.as_str()).await {
                Ok(Some(order)) => {
                    let changed = self.state.settled.changed();
                    if self.fetched.send(order).await.is_ok() && self.replica.read().orders.get(&id).is_none() {
                        let _ = timeout_at(Instant::now() + EVENT_PATIENCE, changed).await;
                    }
                }
                Ok(None) => self.state.settled.give_up(user, &id),
                Err(error) => {
                    tracing::warn!(%error, order = %id, "an order that was sent could not be asked for");
                    return;
                }
            }
        }
    }
}

impl Trader for TraderLink {
    fn state(&self) -> LinkReport {
        self.state.report()
    }

    fn language(&self) -> Language {
        self.state.report.lock().unwrap_or_else(PoisonError::into_inner).language
    }

    fn subscribe(&self, contract: Arc<ContractData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async move {
            self.live()?;
            let request = SubscribeRequest { symbol: contract.symbol.clone(), exchange: contract.exchange };
            self.caller.subscribe(&request, &contract.gateway_name).await.map_err(command_error)
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
        async move { self.send(request, gateway, &user).await }.boxed()
    }

    fn cancel_order(&self, order: Arc<OrderData>) -> BoxFuture<'_, Result<(), CommandError>> {
        async move {
            self.live()?;
            self.caller.cancel_order(&order.cancel_request(), &order.gateway_name).await.map_err(command_error)
        }
        .boxed()
    }

    /// `vnpy_rpcservice` passes history on, `vnpy_webtrader` does not; both tell log lines with their events.
    fn capabilities(&self) -> Capabilities {
        let dialect = *self.state.dialect.lock().unwrap_or_else(PoisonError::into_inner);
        let history = dialect.is_some_and(|dialect| dialect.app == App::RpcService);
        Capabilities { history, logs: history, ..Capabilities::default() }
    }

    fn query_history(
        &self,
        request: HistoryRequest,
        gateway: Text,
    ) -> BoxFuture<'_, Result<Vec<BarData>, CommandError>> {
        async move {
            self.live()?;
            self.caller.query_history(&request, &gateway).await.map_err(command_error)
        }
        .boxed()
    }

    fn fetch_orders(&self) -> BoxFuture<'_, Result<Vec<OrderData>, CommandError>> {
        async move { self.caller.get_all_orders().await.map_err(command_error) }.boxed()
    }

    fn settled(&self, user: &str) -> BoxFuture<'_, ()> {
        if self.missing(user).is_empty() {
            return std::future::ready(()).boxed();
        }
        let user = user.to_owned();
        async move { self.settle(&user).await }.boxed()
    }
}

fn command_error(error: CallError) -> CommandError {
    match error {
        CallError::NotSent(why) => CommandError::NotSent(why),
        CallError::Unknown(why) => CommandError::Unknown(why),
        // It was carried out, but how it ended is not known.
        CallError::Unreadable(why) => CommandError::Unknown(why.to_string()),
        CallError::Failed(text) => {
            tracing::warn!(traceback = %text, "the trading process failed a call");
            CommandError::Refused(text.rsplit('\n').next().unwrap_or_default().to_owned())
        }
        CallError::Missing(name) => CommandError::Unsupported(name.to_owned()),
    }
}
