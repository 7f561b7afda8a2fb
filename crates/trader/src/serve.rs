//! The RPC server's task: calls become commands of the engine.

use crate::answers::{Answers, Caller};
use crate::engine_room::{EngineRoom, Helps};
use crate::limits::CALLS_TOGETHER;
use crate::venues::{VenueError, Venues};
use engine::{Command, Input, Query};
use futures_util::FutureExt;
use rpc::{Function, Reply, Request, Server};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Takes calls until the server is stopped.
pub(crate) async fn calls(mut server: Server, room: Arc<EngineRoom>, answers: Arc<Answers>, venues: Venues) {
    let mut helps = Helps::default();
    while let Some(request) = server.next().await {
        take(request, &room, &answers, &venues, &mut helps);
        // Orders that have come meanwhile are made durable together.
        for _ in 1..CALLS_TOGETHER {
            let Some(Some(request)) = server.next().now_or_never() else { break };
            take(request, &room, &answers, &venues, &mut helps);
        }
        helps.give();
    }
    server.shutdown().await;
}

fn take(request: Request, room: &EngineRoom, answers: &Answers, venues: &Venues, helps: &mut Helps) {
    let Some(command) = command(&request.function) else {
        // Gateways connect when the process starts; a second login has nothing to do.
        return request.reply(&Reply::None);
    };
    let busy = gateway(&command).is_some_and(|name| matches!(venues.admits(name), Err(VenueError::Busy)));
    if busy {
        Caller::Rpc(Box::new(request)).busy("too many commands wait for the gateway");
    } else if let Some(token) = answers.wait(Caller::Rpc(Box::new(request))) {
        room.call(Input::Command { token, command }, helps);
    }
}

/// Encodes long lists until nobody is left to ask for one.
pub(crate) async fn lists(mut waiting: mpsc::Receiver<(Request, Reply)>) {
    while let Some((request, reply)) = waiting.recv().await {
        let done = tokio::task::spawn_blocking(move || request.reply(&reply)).await;
        if let Err(error) = done {
            tracing::error!(%error, "a list could not be encoded");
        }
    }
}

/// The gateway that a command is for; what is for one that does not exist the engine answers, as VeighNa does.
fn gateway(command: &Command) -> Option<&str> {
    match command {
        Command::Subscribe { gateway, .. }
        | Command::SendOrder { gateway, .. }
        | Command::CancelOrder { gateway, .. }
        | Command::SendQuote { gateway, .. }
        | Command::CancelQuote { gateway, .. }
        | Command::QueryHistory { gateway, .. } => Some(gateway),
        Command::SetTradingState(_) | Command::Query(_) => None,
    }
}

fn command(function: &Function) -> Option<Command> {
    let query = |query| Some(Command::Query(query));
    match function.clone() {
        Function::Connect { .. } => None,
        Function::Subscribe(request, gateway) => Some(Command::Subscribe { request, gateway }),
        Function::SendOrder(request, gateway) => Some(Command::SendOrder { request, gateway }),
        Function::CancelOrder(request, gateway) => Some(Command::CancelOrder { request, gateway }),
        Function::QueryHistory(request, gateway) => Some(Command::QueryHistory { request, gateway }),
        Function::GetTick(id) => query(Query::Tick(id)),
        Function::GetTrade(id) => query(Query::Trade(id)),
        Function::GetPosition(id) => query(Query::Position(id)),
        Function::GetAccount(id) => query(Query::Account(id)),
        Function::GetOrder(id) => query(Query::Order(id)),
        Function::GetContract(id) => query(Query::Contract(id)),
        Function::GetAllTicks => query(Query::Ticks),
        Function::GetAllOrders => query(Query::Orders),
        Function::GetAllTrades => query(Query::Trades),
        Function::GetAllPositions => query(Query::Positions),
        Function::GetAllAccounts => query(Query::Accounts),
        Function::GetAllContracts => query(Query::Contracts),
        Function::GetAllActiveOrders => query(Query::ActiveOrders),
    }
}
