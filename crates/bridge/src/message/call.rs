//! Requests, and which of them go to the owner of a trading process.

use super::{Code, Refusal, RequestLine};
use domain::{CancelRequest, HistoryRequest, OrderRequest, QuoteRequest, SubscribeRequest, Text, TradingState, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What a client asks of the owner of a trading process.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// All that it holds, as of one moment.
    Snapshot,
    /// A new order through a gateway.
    SendOrder(OrderRequest, Text),
    /// The end of an order.
    CancelOrder(CancelRequest, Text),
    /// A new two-sided quote through a gateway.
    SendQuote(QuoteRequest, Text),
    /// The end of a quote; `orderid` is the quote's id.
    CancelQuote(CancelRequest, Text),
    /// Ticks of an instrument from its venue.
    SubscribeVenue(SubscribeRequest, Text),
    /// Bars of a gateway.
    QueryHistory(HistoryRequest, Text),
    /// All orders as they are at this moment.
    Orders {
        /// Only those that may still trade.
        active: bool,
    },
    /// Its gateways with state and form.
    Gateways,
    /// A gateway's login; what is left out stays as it was used last.
    ConnectGateway(Text, Vec<(Text, Value)>),
    /// A gateway's logout.
    DisconnectGateway(Text),
    /// The running day of a simulated exchange is settled now.
    SettleGateway(Text),
    /// The newest lines of its log, oldest first.
    Logs {
        /// How many at most.
        limit: usize,
    },
    /// Exchanges that its gateways trade.
    Exchanges,
    /// What new orders may do.
    TradingState,
    /// Sets what new orders may do.
    SetTradingState(TradingState),
    /// Its apps.
    Apps,
}

/// A request that came with its gateway beside it: both are members of one object.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WithGateway<T> {
    pub(crate) gateway_name: Text,
    pub(crate) request: T,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OrdersParams {
    #[serde(default)]
    pub(crate) active: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LogsParams {
    #[serde(default = "all_lines")]
    pub(crate) limit: usize,
}

fn all_lines() -> usize {
    usize::MAX
}

#[derive(Debug, Deserialize)]
struct GatewayParams {
    gateway_name: Text,
    #[serde(default)]
    setting: Option<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TradingStateParams {
    pub(crate) state: TradingState,
}

/// Which ticks a connection gets, and how often.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    #[serde(default)]
    pub(crate) patterns: Vec<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) interval_ms: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PingAnswer {
    pub(crate) seq: u64,
    pub(crate) time_us: i64,
}

/// Why a request is not for the owner.
#[derive(Debug, PartialEq)]
pub(crate) enum CallError {
    /// It cannot be understood.
    Refused(Refusal),
    /// The connection answers it itself.
    Own,
}

impl Call {
    /// Reads a request.
    pub(crate) fn read(line: &RequestLine<'_>) -> Result<Call, CallError> {
        let with = |p: WithGateway<OrderRequest>| Call::SendOrder(p.request, p.gateway_name);
        Ok(match &*line.method {
            "snapshot" => Call::Snapshot,
            "send_order" => with(params(line)?),
            "cancel_order" => {
                let p: WithGateway<CancelRequest> = params(line)?;
                Call::CancelOrder(p.request, p.gateway_name)
            }
            "send_quote" => {
                let p: WithGateway<QuoteRequest> = params(line)?;
                Call::SendQuote(p.request, p.gateway_name)
            }
            "cancel_quote" => {
                let p: WithGateway<CancelRequest> = params(line)?;
                Call::CancelQuote(p.request, p.gateway_name)
            }
            "subscribe_venue" => {
                let p: WithGateway<SubscribeRequest> = params(line)?;
                Call::SubscribeVenue(p.request, p.gateway_name)
            }
            "query_history" => {
                let p: WithGateway<HistoryRequest> = params(line)?;
                Call::QueryHistory(p.request, p.gateway_name)
            }
            "orders" => Call::Orders { active: params::<OrdersParams>(line)?.active },
            "gateways" => Call::Gateways,
            "connect_gateway" => connect(params(line)?)?,
            "disconnect_gateway" => Call::DisconnectGateway(params::<GatewayParams>(line)?.gateway_name),
            "settle_gateway" => Call::SettleGateway(params::<GatewayParams>(line)?.gateway_name),
            "logs" => Call::Logs { limit: params::<LogsParams>(line)?.limit },
            "exchanges" => Call::Exchanges,
            "trading_state" => Call::TradingState,
            "set_trading_state" => Call::SetTradingState(params::<TradingStateParams>(line)?.state),
            "apps" => Call::Apps,
            "ping" | "subscribe" | "unsubscribe" => return Err(CallError::Own),
            other => return Err(refused(Code::Unsupported, format!("there is no method {other:.40}"))),
        })
    }
}

fn connect(params: GatewayParams) -> Result<Call, CallError> {
    let setting = match params.setting {
        None | Some(Value::None) => Vec::new(),
        Some(Value::Map(fields)) => fields,
        Some(_) => return Err(refused(Code::Malformed, "setting is no object".into())),
    };
    Ok(Call::ConnectGateway(params.gateway_name, setting))
}

/// Reads the params of a method; absent ones are an empty object.
pub(crate) fn params<T: DeserializeOwned>(line: &RequestLine<'_>) -> Result<T, CallError> {
    let text = line.params.map_or("{}", |raw| raw.get());
    serde_json::from_str(text).map_err(|error| refused(Code::Malformed, format!("params: {error}")))
}

fn refused(code: Code, message: String) -> CallError {
    CallError::Refused(Refusal { code, message })
}
