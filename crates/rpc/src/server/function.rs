//! The functions of both apps, by name and arguments.

use crate::decode::{Call, DecodeError, FromNode, attribute, text_argument};
use crate::dialect::App;
use domain::{CancelRequest, HistoryRequest, OrderRequest, SubscribeRequest, Text, Value};

/// A call that makes sense.
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    /// Log in to a venue (WebTrader only).
    Connect {
        /// Filled-in form.
        setting: Value,
        /// Gateway.
        gateway: Text,
    },
    /// Ticks of an instrument.
    Subscribe(SubscribeRequest, Text),
    /// A new order.
    SendOrder(OrderRequest, Text),
    /// The end of an order.
    CancelOrder(CancelRequest, Text),
    /// Bars (RpcService only).
    QueryHistory(HistoryRequest, Text),
    /// Newest tick of an instrument (RpcService only, as the next three).
    GetTick(Text),
    /// A fill.
    GetTrade(Text),
    /// A position.
    GetPosition(Text),
    /// An account.
    GetAccount(Text),
    /// An order.
    GetOrder(Text),
    /// A contract.
    GetContract(Text),
    /// Newest ticks.
    GetAllTicks,
    /// Orders.
    GetAllOrders,
    /// Fills.
    GetAllTrades,
    /// Positions.
    GetAllPositions,
    /// Accounts.
    GetAllAccounts,
    /// Contracts.
    GetAllContracts,
    /// Orders that may still trade (RpcService only).
    GetAllActiveOrders,
}

/// Why a call makes no sense.
pub(super) enum Refusal {
    /// The app has no such function.
    Unknown,
    /// An argument is missing or of the wrong kind.
    Arguments(DecodeError),
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Refusal {
        Refusal::Arguments(error)
    }
}

impl Function {
    /// Reads a call, as that app registers its functions.
    pub(super) fn read(call: &Call<'_>, app: App) -> Result<Function, Refusal> {
        let text = |index, name| call.argument(index, name).and_then(text_argument);
        let gateway = || text(1, "gateway_name");
        let is_service = app == App::RpcService;
        Ok(match call.name {
            "connect" if !is_service => {
                let setting = attribute(call.argument(0, "setting")?)?;
                Function::Connect { setting, gateway: gateway()? }
            }
            "subscribe" => Function::Subscribe(FromNode::from_node(call.argument(0, "req")?)?, gateway()?),
            "send_order" => Function::SendOrder(FromNode::from_node(call.argument(0, "req")?)?, gateway()?),
            "cancel_order" => Function::CancelOrder(FromNode::from_node(call.argument(0, "req")?)?, gateway()?),
            "query_history" if is_service => {
                Function::QueryHistory(FromNode::from_node(call.argument(0, "req")?)?, gateway()?)
            }
            "get_tick" if is_service => Function::GetTick(text(0, "vt_symbol")?),
            "get_trade" if is_service => Function::GetTrade(text(0, "vt_tradeid")?),
            "get_position" if is_service => Function::GetPosition(text(0, "vt_positionid")?),
            "get_account" if is_service => Function::GetAccount(text(0, "vt_accountid")?),
            "get_order" => Function::GetOrder(text(0, "vt_orderid")?),
            "get_contract" => Function::GetContract(text(0, "vt_symbol")?),
            "get_all_ticks" => Function::GetAllTicks,
            "get_all_orders" => Function::GetAllOrders,
            "get_all_trades" => Function::GetAllTrades,
            "get_all_positions" => Function::GetAllPositions,
            "get_all_accounts" => Function::GetAllAccounts,
            "get_all_contracts" => Function::GetAllContracts,
            "get_all_active_orders" if is_service => Function::GetAllActiveOrders,
            _ => return Err(Refusal::Unknown),
        })
    }
}
