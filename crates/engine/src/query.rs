//! Looks into the books; each is answered within one turn, so what it holds is of one moment.

use crate::{Answer, Engine, Query, Snapshot};

impl Engine {
    pub(crate) fn query(&self, query: &Query) -> Answer {
        let oms = self.oms();
        match query {
            Query::Tick(id) => Answer::Tick(oms.ticks.get(id.as_str()).cloned()),
            Query::Order(id) => Answer::OrderData(oms.orders.get(id.as_str()).cloned()),
            Query::Trade(id) => {
                Answer::Trade(oms.trades.rows().iter().find(|trade| trade.vt_tradeid.as_str() == id).cloned())
            }
            Query::Position(id) => Answer::Position(oms.positions.get(id.as_str()).cloned()),
            Query::Account(id) => Answer::Account(oms.accounts.get(id.as_str()).cloned()),
            Query::Contract(id) => Answer::Contract(oms.contracts.get(id.as_str()).cloned()),
            Query::Quote(id) => Answer::QuoteData(oms.quotes.get(id.as_str()).cloned()),
            Query::Ticks => Answer::Ticks(oms.ticks.rows().to_vec()),
            Query::Orders => Answer::Orders(oms.orders.rows().to_vec()),
            Query::ActiveOrders => Answer::Orders(oms.active_orders()),
            Query::Trades => Answer::Trades(oms.trades.rows().to_vec()),
            Query::Positions => Answer::Positions(oms.positions.rows().to_vec()),
            Query::Accounts => Answer::Accounts(oms.accounts.rows().to_vec()),
            Query::Contracts => Answer::Contracts(oms.contracts.rows().to_vec()),
            Query::Quotes => Answer::Quotes(oms.quotes.rows().to_vec()),
            Query::Gateways => Answer::Gateways(self.gateways().to_vec()),
            Query::TradingState => Answer::TradingState(self.trading_state()),
            Query::Snapshot => Answer::Snapshot(Box::new(self.snapshot())),
        }
    }

    fn snapshot(&self) -> Snapshot {
        let oms = self.oms();
        Snapshot {
            trading_state: self.trading_state(),
            gateways: self.gateways().to_vec(),
            contracts: oms.contracts.rows().to_vec(),
            accounts: oms.accounts.rows().to_vec(),
            positions: oms.positions.rows().to_vec(),
            orders: oms.orders.rows().to_vec(),
            trades: oms.trades.rows().to_vec(),
            quotes: oms.quotes.rows().to_vec(),
            ticks: oms.ticks.rows().to_vec(),
        }
    }
}
