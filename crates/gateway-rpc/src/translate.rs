//! The remote's objects as ours: our gateway's name in every name and id that is derived from it.

use domain::{
    AccountData, ContractData, Direction, Language, LogData, OrderData, PositionData, QuoteData, Text, TickData,
    TradeData, VtAccountId, VtOrderId, VtPositionId, VtQuoteId, VtTradeId,
};

/// Whose names are put in.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) gateway: Text,
    pub(crate) language: Language,
}

impl Names {
    pub(crate) fn order(&self, order: &mut OrderData, orderid: &Text) {
        order.gateway_name = self.gateway.clone();
        order.orderid = orderid.clone();
        order.vt_orderid = VtOrderId::new(&self.gateway, orderid);
    }

    pub(crate) fn trade(&self, trade: &mut TradeData, orderid: &Text) {
        trade.gateway_name = self.gateway.clone();
        trade.orderid = orderid.clone();
        trade.vt_orderid = VtOrderId::new(&self.gateway, orderid);
        trade.vt_tradeid = VtTradeId::new(&self.gateway, &trade.tradeid);
    }

    /// The side in a position's id is in the remote's language and stays as it is.
    pub(crate) fn position(&self, position: &mut PositionData) {
        let behind = |id: &str, front: &str| Some(id.strip_prefix(front)?.strip_prefix('.')?.to_owned());
        position.vt_positionid = match behind(position.vt_positionid.as_str(), &position.gateway_name) {
            Some(rest) => VtPositionId(Text::from(format!("{}.{rest}", self.gateway))),
            None => self.position_id(position, position.direction),
        };
        position.gateway_name = self.gateway.clone();
    }

    fn position_id(&self, position: &PositionData, direction: Direction) -> VtPositionId {
        VtPositionId::new(&self.gateway, &position.vt_symbol, direction, self.language)
    }

    pub(crate) fn account(&self, account: &mut AccountData) {
        account.gateway_name = self.gateway.clone();
        account.vt_accountid = VtAccountId::new(&self.gateway, &account.accountid);
    }

    pub(crate) fn contract(&self, contract: &mut ContractData) {
        contract.gateway_name = self.gateway.clone();
    }

    pub(crate) fn tick(&self, tick: &mut TickData) {
        tick.gateway_name = self.gateway.clone();
    }

    pub(crate) fn quote(&self, quote: &mut QuoteData) {
        quote.gateway_name = self.gateway.clone();
        quote.vt_quoteid = VtQuoteId::new(&self.gateway, &quote.quoteid);
    }

    pub(crate) fn log(&self, line: &mut LogData) {
        line.gateway_name = self.gateway.clone();
    }
}
