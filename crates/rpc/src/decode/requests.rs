//! What VeighNa's clients ask of our trading process: `[name, args, kwargs]`, and the request classes in it.

use super::DecodeError;
use super::fields::{FromNode, Order, number, state};
use super::scalar::{optional_enum, optional_time, text, time, wire_enum};
use crate::names::{self, Class};
use domain::{
    CancelRequest, Direction, Exchange, HistoryRequest, NumberForms, Offset, OrderRequest, OrderType, SubscribeRequest,
    Text,
};
use pickle::{Items, Node};

/// A call, not yet understood.
pub(crate) struct Call<'t> {
    /// Name of the function.
    pub(crate) name: &'t str,
    /// Positional arguments.
    pub(crate) args: Items<'t>,
    /// Named arguments.
    pub(crate) kwargs: Option<Node<'t>>,
}

/// Takes a request apart; VeighNa's server accepts a tuple as well as a list.
pub(crate) fn decode_call(root: Node<'_>) -> Result<Call<'_>, DecodeError> {
    let wrong = |why: &str| DecodeError::new("request", why);
    let mut items = root.items().ok_or_else(|| wrong("is no list"))?;
    if items.len() != 3 {
        return Err(wrong("is not [name, args, kwargs]"));
    }
    let (name, args, kwargs) = (items.next(), items.next(), items.next());
    Ok(Call {
        name: name.and_then(Node::as_str).ok_or_else(|| wrong("has a name that is no text"))?,
        args: args.and_then(Node::items).ok_or_else(|| wrong("has arguments that are no list"))?,
        kwargs: kwargs.filter(|node| node.pairs().is_some_and(|mut pairs| pairs.next().is_some())),
    })
}

impl<'t> Call<'t> {
    /// The argument at a position, or of that name.
    pub(crate) fn argument(&self, index: usize, name: &str) -> Result<Node<'t>, DecodeError> {
        let by_name = || self.kwargs.and_then(|node| node.get(name));
        let found = self.args.get(index).or_else(by_name);
        found.ok_or_else(|| DecodeError::new(self.name, format!("missing argument: '{name}'")))
    }
}

/// A text argument.
pub(crate) fn text_argument(node: Node<'_>) -> Result<Text, DecodeError> {
    text(node)
}

/// Attributes of a request: of a pickled instance, or the arguments of a class call (which some clients write so
/// that `__post_init__` runs). Both are given as `(field index, value)`.
fn each(
    node: Node<'_>,
    (class, name, names): (Class, &str, &[&'static str]),
    mut field: impl FnMut(usize, Node<'_>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    if let Some((callable, args)) = node.call()
        && names::class(callable) == Some(class)
    {
        return args
            .take(names.len())
            .enumerate()
            .try_for_each(|(at, value)| field(at, value).map_err(|e| e.in_field(name, names[at])));
    }
    let mut order = Order::new(names);
    for (key, value) in state(node, class, name)? {
        if let Some(at) = key.str_bytes().and_then(|key| order.find(key)) {
            field(at, value).map_err(|e| e.in_field(name, names[at]))?;
        }
    }
    Ok(())
}

fn required(symbol: &Text, exchange: Option<Exchange>, class: &str) -> Result<Exchange, DecodeError> {
    match exchange {
        Some(exchange) if !symbol.is_empty() => Ok(exchange),
        Some(_) | None => Err(DecodeError::new(class, "needs symbol and exchange")),
    }
}

impl FromNode for SubscribeRequest {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let (mut symbol, mut exchange) = (Text::default(), None);
        each(node, (Class::SubscribeRequest, "SubscribeRequest", &["symbol", "exchange"]), |at, value| {
            match at {
                0 => symbol = text(value)?,
                _ => exchange = Some(wire_enum(value)?),
            }
            Ok(())
        })?;
        let exchange = required(&symbol, exchange, "SubscribeRequest")?;
        Ok(SubscribeRequest { symbol, exchange })
    }
}

impl FromNode for CancelRequest {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let (mut orderid, mut symbol, mut exchange) = (Text::default(), Text::default(), None);
        each(node, (Class::CancelRequest, "CancelRequest", &["orderid", "symbol", "exchange"]), |at, value| {
            match at {
                0 => orderid = text(value)?,
                1 => symbol = text(value)?,
                _ => exchange = Some(wire_enum(value)?),
            }
            Ok(())
        })?;
        let exchange = required(&symbol, exchange, "CancelRequest")?;
        Ok(CancelRequest { orderid, symbol, exchange })
    }
}

const ORDER: [&str; 8] = ["symbol", "exchange", "direction", "type", "volume", "price", "offset", "reference"];

impl FromNode for OrderRequest {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let (mut symbol, mut exchange, mut reference) = (Text::default(), None, Text::default());
        let (mut direction, mut order_type, mut offset): (Option<Direction>, OrderType, Offset) =
            (None, OrderType::Limit, Offset::None);
        let (mut volume, mut price, mut forms) = (0.0, 0.0, NumberForms::default());
        each(node, (Class::OrderRequest, "OrderRequest", &ORDER), |at, value| {
            match at {
                0 => symbol = text(value)?,
                1 => exchange = Some(wire_enum(value)?),
                2 => direction = Some(wire_enum(value)?),
                3 => order_type = wire_enum(value)?,
                4 => volume = number(value, &mut forms, 0)?,
                5 => price = number(value, &mut forms, 1)?,
                6 => offset = optional_enum(value)?.unwrap_or(Offset::None),
                _ => reference = text(value)?,
            }
            Ok(())
        })?;
        let exchange = required(&symbol, exchange, "OrderRequest")?;
        let direction = direction.ok_or_else(|| DecodeError::new("OrderRequest.direction", "is missing"))?;
        Ok(OrderRequest { symbol, exchange, direction, order_type, volume, price, offset, reference, forms })
    }
}

const HISTORY: [&str; 5] = ["symbol", "exchange", "start", "end", "interval"];

impl FromNode for HistoryRequest {
    fn from_node(node: Node<'_>) -> Result<Self, DecodeError> {
        let (mut symbol, mut exchange, mut start, mut end, mut interval) = (Text::default(), None, None, None, None);
        each(node, (Class::HistoryRequest, "HistoryRequest", &HISTORY), |at, value| {
            match at {
                0 => symbol = text(value)?,
                1 => exchange = Some(wire_enum(value)?),
                2 => start = Some(time(value)?),
                3 => end = optional_time(value)?,
                _ => interval = optional_enum(value)?,
            }
            Ok(())
        })?;
        let exchange = required(&symbol, exchange, "HistoryRequest")?;
        let start = start.ok_or_else(|| DecodeError::new("HistoryRequest.start", "is missing"))?;
        Ok(HistoryRequest { symbol, exchange, start, end, interval })
    }
}
