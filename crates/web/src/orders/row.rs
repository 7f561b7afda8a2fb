//! An order as readers of `/api/v1` see it: the user's own reference, and the user's own id beside it.

use super::token;
use domain::{OrderData, Text};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// An order for a reader.
#[derive(Clone, Debug)]
pub struct OrderRow<'a> {
    order: &'a OrderData,
    client_order_id: Option<Text>,
    reference: Text,
}

/// An order of which only the reference is looked at: the token is cut off, whose it is stays open.
pub fn row(order: &OrderData) -> OrderRow<'_> {
    OrderRow::new(order, None)
}

impl<'a> OrderRow<'a> {
    /// With the id and the whole reference of its intent, where that is known.
    pub(super) fn new(order: &'a OrderData, known: Option<(Text, Text)>) -> OrderRow<'a> {
        match known {
            Some((client_order_id, reference)) => OrderRow { order, client_order_id: Some(client_order_id), reference },
            None => OrderRow { order, client_order_id: None, reference: token::unwrap(&order.reference).0.into() },
        }
    }

    /// The user's own id, where the order came through us and is known.
    pub fn client_order_id(&self) -> Option<&str> {
        self.client_order_id.as_deref()
    }

    /// The reference that the user gave.
    pub fn reference(&self) -> &str {
        &self.reference
    }
}

/// The canonical form of an order, with `client_order_id` after `reference`.
impl Serialize for OrderRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let order = self.order;
        let number = |index: u32, value: f64| {
            let is_known = !order.forms.is_null(index) && value.is_finite() && value.abs() < f64::MAX;
            is_known.then_some(value)
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("gateway_name", &order.gateway_name)?;
        map.serialize_entry("symbol", &order.symbol)?;
        map.serialize_entry("exchange", &order.exchange)?;
        map.serialize_entry("orderid", &order.orderid)?;
        map.serialize_entry("type", &order.order_type)?;
        map.serialize_entry("direction", &order.direction)?;
        map.serialize_entry("offset", &order.offset)?;
        map.serialize_entry("price", &number(0, order.price))?;
        map.serialize_entry("volume", &number(1, order.volume))?;
        map.serialize_entry("traded", &number(2, order.traded))?;
        map.serialize_entry("status", &order.status)?;
        map.serialize_entry("datetime", &order.datetime)?;
        map.serialize_entry("reference", &self.reference)?;
        map.serialize_entry("client_order_id", &self.client_order_id)?;
        map.serialize_entry("vt_symbol", &order.vt_symbol)?;
        map.serialize_entry("vt_orderid", &order.vt_orderid)?;
        if !order.attributes.is_empty() {
            map.serialize_entry("extra", &order.attributes)?;
        }
        map.end()
    }
}
