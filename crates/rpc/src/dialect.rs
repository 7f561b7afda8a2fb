//! The four stock dialects.

use std::fmt;

/// Which of VeighNa's apps serves the RPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum App {
    /// `vnpy_webtrader`: 12 functions; five kinds of events, published as their payload.
    WebTrader,
    /// `vnpy_rpcservice`: 17 functions; every event but the timer, published as a whole `Event`.
    RpcService,
}

/// How events are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// One frame: pickle of `[topic, data]` (VeighNa up to 4.4).
    OneFrame,
    /// Two frames: topic as UTF-8, pickle of `data` (VeighNa from 4.5 on).
    TwoFrames,
}

/// What a peer speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dialect {
    /// Which app.
    pub app: App,
    /// Which framing.
    pub framing: Framing,
}

impl fmt::Display for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            App::WebTrader => "webtrader",
            App::RpcService => "rpcservice",
        })
    }
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Framing::OneFrame => "4.3",
            Framing::TwoFrames => "4.5",
        })
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.app, self.framing)
    }
}
