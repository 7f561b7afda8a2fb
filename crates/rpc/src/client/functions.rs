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
use std::time::Duration;

/// Contracts, and the language of their enum values if it could be told.
pub(crate) type Contracts = (Vec<ContractData>, Option<Language>);

fn list<T: FromNode>(node: Node<'_>) -> Result<Vec<T>, DecodeError> {
    let items = node.items().ok_or_else(|| DecodeError { what: "list".into(), why: "is no list".into() })?;
    items.map(T::from_node).collect()
}

fn maybe<T: FromNode>(node: Node<'_>) -> Result<Option<T>, DecodeError> {
    if node.is_none() { Ok(None) } else { T::from_node(node).map(Some) }
}

impl Caller {
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
        self.call("query_history", &[Argument::History(request), Argument::Text(gateway)], HISTORY_DEADLINE, list).await
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
        self.call("get_all_ticks", &[], QUERY_DEADLINE, list).await
    }

    /// All orders of the day.
    pub async fn get_all_orders(&self) -> Result<Vec<OrderData>, CallError> {
        self.call("get_all_orders", &[], QUERY_DEADLINE, list).await
    }

    /// Orders that may still trade (RpcService only).
    pub async fn get_all_active_orders(&self) -> Result<Vec<OrderData>, CallError> {
        self.call("get_all_active_orders", &[], QUERY_DEADLINE, list).await
    }

    /// All fills of the day.
    pub async fn get_all_trades(&self) -> Result<Vec<TradeData>, CallError> {
        self.call("get_all_trades", &[], QUERY_DEADLINE, list).await
    }

    /// All positions.
    pub async fn get_all_positions(&self) -> Result<Vec<PositionData>, CallError> {
        self.call("get_all_positions", &[], QUERY_DEADLINE, list).await
    }

    /// All accounts.
    pub async fn get_all_accounts(&self) -> Result<Vec<AccountData>, CallError> {
        self.call("get_all_accounts", &[], QUERY_DEADLINE, list).await
    }

    /// All contracts, and the language of the peer where their products betray it.
    pub async fn get_all_contracts(&self) -> Result<Contracts, CallError> {
        self.call("get_all_contracts", &[], QUERY_DEADLINE, |node| Ok((list(node)?, language(node)))).await
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
