//! The messages as Rust values and as JSON; `contract/bridge.md` is the text that both follow.
//!
//! Rows are the canonical JSON of `domain`. A member that is not known is skipped, so that later versions may add.

mod answer;
mod call;
mod envelope;
mod fact;
mod hello;

pub use answer::{Answer, AppInfo, Code, Refusal, Snapshot};
pub use call::Call;
pub use fact::Fact;
pub use hello::{About, Hello};

pub(crate) use answer::{Parts, SnapshotHead, Table, write_data, write_refusal};
pub(crate) use call::{
    CallError, LogsParams, OrdersParams, PingAnswer, Subscription, TradingStateParams, WithGateway, params,
};
pub(crate) use envelope::{Inbound, RequestLine, RequestOut, kinds};
pub(crate) use fact::write_fact;
pub(crate) use hello::{ClientHello, Proof, ServerHello, Welcome};

#[cfg(test)]
mod tests;
