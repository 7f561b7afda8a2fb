//! The bridge's task: its calls become commands of the engine, or go to a gateway, or are answered at once.

use crate::answers::{Answers, Caller};
use crate::backlog::Backlog;
use crate::engine_room::{EngineRoom, Helps};
use crate::limits::CALLS_TOGETHER;
use crate::venues::{VenueError, Venues};
use bridge::{Answer, Call, Code, Request, Server};
use domain::Text;
use engine::{Command, Input, Query};
use futures_util::FutureExt;
use std::sync::{Arc, Mutex, PoisonError};

/// What a trading process of ours can do beyond orders, lists and ticks.
pub(crate) const CAPABILITIES: [&str; 9] =
    ["quotes", "history", "gateways", "connect", "settle", "logs", "exchanges", "trading_state", "apps"];

/// What calls are answered with.
pub(crate) struct Desk {
    pub(crate) room: Arc<EngineRoom>,
    pub(crate) answers: Arc<Answers>,
    pub(crate) venues: Venues,
    pub(crate) backlog: Arc<Mutex<Backlog>>,
}

/// Takes calls until the server is stopped.
pub(crate) async fn run(mut server: Server, desk: Desk) {
    let mut helps = Helps::default();
    while let Some(request) = server.next().await {
        desk.take(request, &mut helps);
        // Orders that have come meanwhile are made durable together.
        for _ in 1..CALLS_TOGETHER {
            let Some(Some(request)) = server.next().now_or_never() else { break };
            desk.take(request, &mut helps);
        }
        helps.give();
    }
    server.shutdown().await;
}

impl Desk {
    fn take(&self, request: Request, helps: &mut Helps) {
        let Request { call, reply, .. } = request;
        match call {
            Call::SendOrder(request, gateway) => {
                self.command(Caller::Bridge(reply), gateway, helps, |gateway| Command::SendOrder { request, gateway });
            }
            Call::CancelOrder(request, gateway) => {
                self.command(Caller::Bridge(reply), gateway, helps, |gateway| Command::CancelOrder {
                    request,
                    gateway,
                });
            }
            Call::SendQuote(request, gateway) => {
                self.command(Caller::Bridge(reply), gateway, helps, |gateway| Command::SendQuote { request, gateway });
            }
            Call::CancelQuote(request, gateway) => {
                self.command(Caller::Bridge(reply), gateway, helps, |gateway| Command::CancelQuote {
                    request,
                    gateway,
                });
            }
            Call::SubscribeVenue(request, gateway) => {
                self.command(Caller::Bridge(reply), gateway, helps, |gateway| Command::Subscribe { request, gateway });
            }
            Call::QueryHistory(request, gateway) => {
                let caller = Caller::Bars(reply, Box::new(request.clone()));
                self.command(caller, gateway, helps, |gateway| Command::QueryHistory { request, gateway });
            }
            Call::Snapshot => self.ask(Caller::Bridge(reply), helps, Command::Query(Query::Snapshot)),
            Call::Orders { active: false } => self.ask(Caller::Bridge(reply), helps, Command::Query(Query::Orders)),
            Call::Orders { active: true } => {
                self.ask(Caller::Bridge(reply), helps, Command::Query(Query::ActiveOrders))
            }
            Call::Gateways => self.ask(Caller::Bridge(reply), helps, Command::Query(Query::Gateways)),
            Call::TradingState => self.ask(Caller::Bridge(reply), helps, Command::Query(Query::TradingState)),
            Call::SetTradingState(state) => self.ask(Caller::Bridge(reply), helps, Command::SetTradingState(state)),
            Call::ConnectGateway(name, fields) => done(reply, &name, self.venues.connect(&name, &fields)),
            Call::DisconnectGateway(name) => done(reply, &name, self.venues.disconnect(&name)),
            Call::SettleGateway(name) => done(reply, &name, self.venues.settle(&name)),
            Call::Logs { limit } => {
                let lines = self.backlog.lock().unwrap_or_else(PoisonError::into_inner).newest(limit);
                reply.answer(Answer::Logs(lines));
            }
            Call::Exchanges => reply.answer(Answer::Exchanges(self.venues.exchanges())),
            Call::Apps => reply.answer(Answer::Apps(Vec::new())),
        }
    }

    /// Something for a gateway, by way of the engine.
    fn command(&self, caller: Caller, gateway: Text, helps: &mut Helps, command: impl FnOnce(Text) -> Command) {
        match self.venues.admits(&gateway) {
            Ok(()) => self.ask(caller, helps, command(gateway)),
            Err(error) => {
                if let Some(reply) = caller.of_bridge() {
                    done(reply, &gateway, Err(error));
                }
            }
        }
    }

    fn ask(&self, caller: Caller, helps: &mut Helps, command: Command) {
        if let Some(token) = self.answers.wait(caller) {
            self.room.call(Input::Command { token, command }, helps);
        }
    }
}

fn done(reply: bridge::Reply, gateway: &str, result: Result<(), VenueError>) {
    match result {
        Ok(()) => reply.answer(Answer::Done),
        Err(VenueError::Unknown) => reply.refuse(Code::NotFound, format!("there is no gateway {gateway}")),
        Err(VenueError::Busy) => reply.refuse(Code::Busy, format!("too much waits for the gateway {gateway}")),
        Err(VenueError::Settles) => {
            reply.refuse(Code::Refused, format!("{gateway} is no simulated exchange: its market settles by itself"));
        }
        Err(VenueError::Setting(error)) => reply.refuse(Code::Refused, error.to_string()),
    }
}
