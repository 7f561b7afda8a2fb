//! The methods as functions.

use super::call::{CallError, Caller, Parts};
use crate::message::{
    AppInfo, LogsParams, OrdersParams, PingAnswer, Snapshot, SnapshotHead, Subscription, Table, TradingStateParams,
    WithGateway,
};
use domain::{
    BarData, CancelRequest, Exchange, GatewayInfo, HistoryRequest, LogData, OrderData, OrderRequest, QuoteRequest,
    SubscribeRequest, Text, TradingState, Value, VtOrderId, VtQuoteId,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// No params.
#[derive(Serialize)]
struct Nothing {}

#[derive(Deserialize)]
struct Rows<T> {
    rows: Vec<T>,
}

#[derive(Deserialize)]
struct RawRows<'a> {
    #[serde(borrow)]
    rows: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct OrderId {
    vt_orderid: VtOrderId,
}

#[derive(Deserialize)]
struct QuoteId {
    vt_quoteid: VtQuoteId,
}

#[derive(Deserialize)]
struct PartOf {
    table: Table,
}

#[derive(Serialize)]
struct Gateway {
    gateway_name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    setting: Option<Value>,
}

impl Caller {
    /// All that the trading process holds, as of one moment. A large one is read on a thread of its own.
    ///
    /// # Errors
    /// No connection, no answer in time, or an answer that cannot be read.
    pub async fn snapshot(&self, deadline: Duration) -> Result<Snapshot, CallError> {
        let parts = self.ask("snapshot", &Nothing {}, deadline).await?;
        let books = self.share();
        let reading = tokio::task::spawn_blocking(move || read_snapshot(&parts, books.skipped()));
        reading.await.map_err(|error| CallError::Unreadable(error.to_string()))?
    }

    /// Sends an order; its id. What the trading process's rules do not let through is [`CallError::Refused`].
    ///
    /// # Errors
    /// As every command: certainly not sent, unknown, or refused.
    pub async fn send_order(
        &self,
        request: OrderRequest,
        gateway_name: Text,
        deadline: Duration,
    ) -> Result<VtOrderId, CallError> {
        let parts = self.ask("send_order", &WithGateway { gateway_name, request }, deadline).await?;
        one::<OrderId>(&parts).map(|id| id.vt_orderid)
    }

    /// Cancels an order.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn cancel_order(
        &self,
        request: CancelRequest,
        gateway_name: Text,
        deadline: Duration,
    ) -> Result<(), CallError> {
        self.ask("cancel_order", &WithGateway { gateway_name, request }, deadline).await.map(drop)
    }

    /// Sends a two-sided quote; its id.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn send_quote(
        &self,
        request: QuoteRequest,
        gateway_name: Text,
        deadline: Duration,
    ) -> Result<VtQuoteId, CallError> {
        let parts = self.ask("send_quote", &WithGateway { gateway_name, request }, deadline).await?;
        one::<QuoteId>(&parts).map(|id| id.vt_quoteid)
    }

    /// Cancels a quote; `orderid` is the quote's id.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn cancel_quote(
        &self,
        request: CancelRequest,
        gateway_name: Text,
        deadline: Duration,
    ) -> Result<(), CallError> {
        self.ask("cancel_quote", &WithGateway { gateway_name, request }, deadline).await.map(drop)
    }

    /// Asks a venue for an instrument's ticks.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn subscribe_venue(
        &self,
        request: SubscribeRequest,
        gateway_name: Text,
        deadline: Duration,
    ) -> Result<(), CallError> {
        self.ask("subscribe_venue", &WithGateway { gateway_name, request }, deadline).await.map(drop)
    }

    /// Which ticks this connection gets: patterns of `vt_symbol`s with `*`, and the interval. Ends with the connection.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn subscribe(
        &self,
        patterns: Vec<Text>,
        interval: Option<Duration>,
        deadline: Duration,
    ) -> Result<(), CallError> {
        let interval_ms = interval.map(|interval| u64::try_from(interval.as_millis()).unwrap_or(u64::MAX));
        self.ask("subscribe", &Subscription { patterns, interval_ms }, deadline).await.map(drop)
    }

    /// Takes patterns back; none means all.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn unsubscribe(&self, patterns: Vec<Text>, deadline: Duration) -> Result<(), CallError> {
        self.ask("unsubscribe", &Subscription { patterns, interval_ms: None }, deadline).await.map(drop)
    }

    /// Bars of a gateway, in time order.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn query_history(
        &self,
        request: HistoryRequest,
        gateway_name: Text,
        deadline: Duration,
    ) -> Result<Vec<BarData>, CallError> {
        let parts = self.ask("query_history", &WithGateway { gateway_name, request }, deadline).await?;
        rows(&parts, self.books().skipped())
    }

    /// The orders as the trading process has them at this moment.
    ///
    /// # Errors
    /// As [`Caller::snapshot`].
    pub async fn orders(&self, active: bool, deadline: Duration) -> Result<Vec<OrderData>, CallError> {
        let parts = self.ask("orders", &OrdersParams { active }, deadline).await?;
        rows(&parts, self.books().skipped())
    }

    /// Its gateways.
    ///
    /// # Errors
    /// As [`Caller::snapshot`].
    pub async fn gateways(&self, deadline: Duration) -> Result<Vec<GatewayInfo>, CallError> {
        let parts = self.ask("gateways", &Nothing {}, deadline).await?;
        rows(&parts, self.books().skipped())
    }

    /// Logs a gateway in; what is left out stays as it was used last.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn connect_gateway(
        &self,
        gateway_name: Text,
        setting: Vec<(Text, Value)>,
        deadline: Duration,
    ) -> Result<(), CallError> {
        let params = Gateway { gateway_name, setting: Some(Value::Map(setting)) };
        self.ask("connect_gateway", &params, deadline).await.map(drop)
    }

    /// Logs a gateway out.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn disconnect_gateway(&self, gateway_name: Text, deadline: Duration) -> Result<(), CallError> {
        self.ask("disconnect_gateway", &Gateway { gateway_name, setting: None }, deadline).await.map(drop)
    }

    /// Settles the running day of a simulated exchange now.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn settle_gateway(&self, gateway_name: Text, deadline: Duration) -> Result<(), CallError> {
        self.ask("settle_gateway", &Gateway { gateway_name, setting: None }, deadline).await.map(drop)
    }

    /// The newest lines of its log, oldest first.
    ///
    /// # Errors
    /// As [`Caller::snapshot`].
    pub async fn logs(&self, limit: usize, deadline: Duration) -> Result<Vec<LogData>, CallError> {
        let parts = self.ask("logs", &LogsParams { limit }, deadline).await?;
        rows(&parts, self.books().skipped())
    }

    /// The exchanges that its gateways trade.
    ///
    /// # Errors
    /// As [`Caller::snapshot`].
    pub async fn exchanges(&self, deadline: Duration) -> Result<Vec<Exchange>, CallError> {
        let parts = self.ask("exchanges", &Nothing {}, deadline).await?;
        rows(&parts, self.books().skipped())
    }

    /// What new orders may do.
    ///
    /// # Errors
    /// As [`Caller::snapshot`].
    pub async fn trading_state(&self, deadline: Duration) -> Result<TradingState, CallError> {
        let parts = self.ask("trading_state", &Nothing {}, deadline).await?;
        one::<TradingStateParams>(&parts).map(|answer| answer.state)
    }

    /// Sets what new orders may do; durable when this returns.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn set_trading_state(&self, state: TradingState, deadline: Duration) -> Result<(), CallError> {
        self.ask("set_trading_state", &TradingStateParams { state }, deadline).await.map(drop)
    }

    /// Its apps.
    ///
    /// # Errors
    /// As [`Caller::snapshot`].
    pub async fn apps(&self, deadline: Duration) -> Result<Vec<AppInfo>, CallError> {
        let parts = self.ask("apps", &Nothing {}, deadline).await?;
        rows(&parts, self.books().skipped())
    }

    /// Asks whether it is there; what this measures stands in [`Caller::health`] then.
    ///
    /// # Errors
    /// As [`Caller::snapshot`].
    pub async fn ping(&self, deadline: Duration) -> Result<(), CallError> {
        let (asked, began) = (Instant::now(), now_us());
        let answer: PingAnswer = one(&self.ask("ping", &Nothing {}, deadline).await?)?;
        let round_trip = asked.elapsed();
        let half = i64::try_from(round_trip.as_micros() / 2).unwrap_or(0);
        self.books().measured(round_trip, answer.time_us - (began + half));
        Ok(())
    }

    /// Asks for a method of an app.
    ///
    /// # Errors
    /// As [`Caller::send_order`].
    pub async fn other(&self, method: &str, params: &Value, deadline: Duration) -> Result<Value, CallError> {
        one(&self.ask(method, params, deadline).await?)
    }
}

fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

fn unreadable(error: serde_json::Error) -> CallError {
    CallError::Unreadable(error.to_string())
}

fn one<T: DeserializeOwned>(parts: &Parts) -> Result<T, CallError> {
    let last = parts.last().map_or("null", |part| part.get());
    serde_json::from_str(last).map_err(unreadable)
}

fn rows<T: DeserializeOwned>(parts: &Parts, skipped: &AtomicU64) -> Result<Vec<T>, CallError> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(rows_of_part(part, skipped)?);
    }
    Ok(all)
}

/// A row that this version cannot read, because it names an exchange that is new for example, must not keep all
/// others away.
fn rows_of_part<T: DeserializeOwned>(part: &RawValue, skipped: &AtomicU64) -> Result<Vec<T>, CallError> {
    if let Ok(Rows { rows }) = serde_json::from_str(part.get()) {
        return Ok(rows);
    }
    let RawRows { rows } = serde_json::from_str(part.get()).map_err(unreadable)?;
    Ok(readable(&rows, skipped))
}

/// The rows that can be read; the others are counted.
pub(super) fn readable<T: DeserializeOwned>(rows: &[&RawValue], skipped: &AtomicU64) -> Vec<T> {
    let read = |row: &&RawValue| match serde_json::from_str(row.get()) {
        Ok(row) => Some(row),
        Err(error) => {
            skipped.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(%error, "a row cannot be read and is left out");
            None
        }
    };
    rows.iter().filter_map(read).collect()
}

fn read_snapshot(parts: &Parts, skipped: &AtomicU64) -> Result<Snapshot, CallError> {
    let Some((last, tables)) = parts.split_last() else { return Err(CallError::Unreadable("it is empty".into())) };
    let head: SnapshotHead = serde_json::from_str(last.get()).map_err(unreadable)?;
    let mut snapshot =
        Snapshot { seq: head.seq, gateways: head.gateways, trading_state: head.trading_state, ..Snapshot::default() };
    for part in tables {
        // A table of a later version is skipped.
        let Ok(PartOf { table }) = serde_json::from_str(part.get()) else { continue };
        match table {
            Table::Contracts => read_rows(part, &mut snapshot.contracts, skipped)?,
            Table::Accounts => read_rows(part, &mut snapshot.accounts, skipped)?,
            Table::Positions => read_rows(part, &mut snapshot.positions, skipped)?,
            Table::Orders => read_rows(part, &mut snapshot.orders, skipped)?,
            Table::Trades => read_rows(part, &mut snapshot.trades, skipped)?,
            Table::Quotes => read_rows(part, &mut snapshot.quotes, skipped)?,
            Table::Ticks => read_rows(part, &mut snapshot.ticks, skipped)?,
            Table::Logs => read_rows(part, &mut snapshot.logs, skipped)?,
        }
    }
    Ok(snapshot)
}

fn read_rows<T: DeserializeOwned>(
    part: &RawValue,
    into: &mut Vec<Arc<T>>,
    skipped: &AtomicU64,
) -> Result<(), CallError> {
    into.extend(rows_of_part(part, skipped)?.into_iter().map(Arc::new));
    Ok(())
}
