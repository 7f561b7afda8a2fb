//! The functions of both apps, typed.

use super::call::{CallError, Caller};
use crate::decode::{DecodeError, FromNode, text_argument};
use crate::dialect::App;
use crate::encode::Argument;
use crate::limits::{COMMAND_DEADLINE, HISTORY_DEADLINE, ORDER_BEHIND_MAX, QUERY_DEADLINE};
use domain::{
    AccountData, BarData, CancelRequest, ContractData, HistoryRequest, Language, OrderData, OrderRequest, PositionData,
    Product, SubscribeRequest, Text, TickData, TradeData,
};
use pickle::{Member, Node};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Contracts, and the language of their enum values if it could be told.
pub(crate) type Contracts = (Vec<ContractData>, Option<Language>);

/// Reads a list; a row that cannot be understood is left out, counted and told, and spoils nothing else.
fn list<T: FromNode>(node: Node<'_>, skipped_rows: &AtomicU64) -> Result<Vec<T>, DecodeError> {
    let items = node.items().ok_or_else(|| DecodeError { what: "list".into(), why: "is no list".into() })?;
    let (mut rows, mut skipped, mut first) = (Vec::with_capacity(items.len().min(1 << 16)), 0_u64, None);
    for item in items {
        match T::from_node(item) {
            Ok(row) => rows.push(row),
            Err(error) => {
                skipped += 1;
                first.get_or_insert(error);
            }
        }
    }
    if let Some(error) = first {
        skipped_rows.fetch_add(skipped, Ordering::Relaxed);
        tracing::warn!(%error, skipped, "rows of a list could not be understood and are left out");
    }
    Ok(rows)
}

fn maybe<T: FromNode>(node: Node<'_>) -> Result<Option<T>, DecodeError> {
    if node.is_none() { Ok(None) } else { T::from_node(node).map(Some) }
}

impl Caller {
    /// Rows of lists that could not be understood, so far.
    pub fn skipped_rows(&self) -> u64 {
        self.skipped.load(Ordering::Relaxed)
    }

    async fn list<T: FromNode + Send + 'static>(
        &self,
        name: &'static str,
        arguments: &[Argument<'_>],
        deadline: Duration,
    ) -> Result<Vec<T>, CallError> {
        let skipped = Arc::clone(&self.skipped);
        self.call(name, arguments, deadline, move |node| list(node, &skipped)).await
    }

    /// Which app the peer runs: VeighNa's RpcService has `get_tick`, its WebTrader has not.
    pub async fn app(&self, deadline: Duration) -> Result<App, CallError> {
        match self.call("get_tick", &[Argument::Text("")], deadline, |_| Ok(())).await {
            Ok(()) => Ok(App::RpcService),
            Err(CallError::Missing(_)) => Ok(App::WebTrader),
            Err(other) => Err(other),
        }
    }

    /// Asks for something small that changes nothing, to see whether the peer's RPC thread answers.
    pub async fn probe(&self, deadline: Duration) -> Result<(), CallError> {
        self.call("get_contract", &[Argument::Text("")], deadline, |_| Ok(())).await
    }

    /// Sends an order; the id is empty where the trading process refused it. Nothing is sent while the peer is
    /// behind: it would carry the order out whenever it wakes.
    pub async fn send_order(&self, request: &OrderRequest, gateway: &str) -> Result<Text, CallError> {
        if let Some(age) = self.oldest_waiting().filter(|age| *age > ORDER_BEHIND_MAX) {
            let why = format!("the trading process has not answered for {:.1} s", age.as_secs_f32());
            return Err(CallError::NotSent(why));
        }
        let arguments = [Argument::Order(request), Argument::Text(gateway)];
        self.call("send_order", &arguments, COMMAND_DEADLINE, text_argument).await
    }

    /// Cancels an order.
    pub async fn cancel_order(&self, request: &CancelRequest, gateway: &str) -> Result<(), CallError> {
        self.call("cancel_order", &[Argument::Cancel(request), Argument::Text(gateway)], COMMAND_DEADLINE, |_| Ok(()))
            .await
    }

    /// Asks for an instrument's ticks.
    pub async fn subscribe(&self, request: &SubscribeRequest, gateway: &str) -> Result<(), CallError> {
        self.call("subscribe", &[Argument::Subscribe(request), Argument::Text(gateway)], COMMAND_DEADLINE, |_| Ok(()))
            .await
    }

    /// Bars of an instrument (RpcService only).
    pub async fn query_history(&self, request: &HistoryRequest, gateway: &str) -> Result<Vec<BarData>, CallError> {
        self.list("query_history", &[Argument::History(request), Argument::Text(gateway)], HISTORY_DEADLINE).await
    }

    /// One order.
    pub async fn get_order(&self, vt_orderid: &str) -> Result<Option<OrderData>, CallError> {
        self.call("get_order", &[Argument::Text(vt_orderid)], COMMAND_DEADLINE, maybe).await
    }

    /// One contract.
    pub async fn get_contract(&self, vt_symbol: &str) -> Result<Option<ContractData>, CallError> {
        self.call("get_contract", &[Argument::Text(vt_symbol)], COMMAND_DEADLINE, maybe).await
    }

    /// Newest tick of each instrument.
    pub async fn get_all_ticks(&self) -> Result<Vec<Box<TickData>>, CallError> {
        self.list("get_all_ticks", &[], QUERY_DEADLINE).await
    }

    /// All orders of the day.
    pub async fn get_all_orders(&self) -> Result<Vec<OrderData>, CallError> {
        self.list("get_all_orders", &[], QUERY_DEADLINE).await
    }

    /// Orders that may still trade (RpcService only).
    pub async fn get_all_active_orders(&self) -> Result<Vec<OrderData>, CallError> {
        self.list("get_all_active_orders", &[], QUERY_DEADLINE).await
    }

    /// All fills of the day.
    pub async fn get_all_trades(&self) -> Result<Vec<TradeData>, CallError> {
        self.list("get_all_trades", &[], QUERY_DEADLINE).await
    }

    /// All positions.
    pub async fn get_all_positions(&self) -> Result<Vec<PositionData>, CallError> {
        self.list("get_all_positions", &[], QUERY_DEADLINE).await
    }

    /// All accounts.
    pub async fn get_all_accounts(&self) -> Result<Vec<AccountData>, CallError> {
        self.list("get_all_accounts", &[], QUERY_DEADLINE).await
    }

    /// All contracts, and the language of the peer where their products betray it.
    pub async fn get_all_contracts(&self) -> Result<Contracts, CallError> {
        let skipped = Arc::clone(&self.skipped);
        self.call("get_all_contracts", &[], QUERY_DEADLINE, move |node| Ok((list(node, &skipped)?, language(node))))
            .await
    }
}

/// The language of the first product whose value differs between the languages.
fn language(contracts: Node<'_>) -> Option<Language> {
    contracts.items()?.find_map(|contract| {
        let Member::Value { value, .. } = contract.get("product")?.member()? else { return None };
        let text = value.as_str()?;
        let zh = Product::from_value(text, Language::Zh).is_some();
        let en = Product::from_value(text, Language::En).is_some();
        match (zh, en) {
            (true, false) => Some(Language::Zh),
            (false, true) => Some(Language::En),
            (true, true) | (false, false) => None,
        }
    })
}
