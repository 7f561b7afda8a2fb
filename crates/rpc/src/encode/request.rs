//! What we ask of VeighNa: `[name, args, kwargs]`, one frame.
//!
//! Request objects are written as class calls, so that Python runs `__post_init__` and derives `vt_symbol`. A
//! request that VeighNa cannot unpickle would end its RPC thread for good, so nothing in here depends on its
//! locale, and members that old versions lack are kept out by the caller.

use super::fragments::Fragments;
use super::object::ObjectWriter;
use domain::{CancelRequest, HistoryRequest, OrderRequest, SubscribeRequest};
use pickle::Writer;

/// One positional argument.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Argument<'a> {
    Text(&'a str),
    Subscribe(&'a SubscribeRequest),
    Order(&'a OrderRequest),
    Cancel(&'a CancelRequest),
    History(&'a HistoryRequest),
}

/// The request's frame.
pub(crate) fn encode_call(fragments: &Fragments, name: &str, arguments: &[Argument<'_>]) -> Vec<u8> {
    let mut writer = Writer::protocol4();
    writer.begin_list();
    writer.str(name);
    writer.begin_tuple();
    for argument in arguments {
        write(&mut ObjectWriter { out: &mut writer, fragments, share: false }, *argument);
    }
    writer.end_tuple();
    writer.begin_dict();
    writer.end_dict();
    writer.end_list();
    writer.finish()
}

fn write(w: &mut ObjectWriter<'_>, argument: Argument<'_>) {
    match argument {
        Argument::Text(text) => w.out.str(text),
        Argument::Subscribe(r) => class(w, "SubscribeRequest", |w| {
            w.out.str(&r.symbol);
            w.exchange(r.exchange);
        }),
        Argument::Cancel(r) => class(w, "CancelRequest", |w| {
            w.out.str(&r.orderid);
            w.out.str(&r.symbol);
            w.exchange(r.exchange);
        }),
        Argument::Order(r) => class(w, "OrderRequest", |w| {
            w.out.str(&r.symbol);
            w.exchange(r.exchange);
            w.slot(w.fragments.direction(r.direction));
            w.slot(w.fragments.order_type(r.order_type));
            for (field, value) in [(0, r.volume), (1, r.price)] {
                if r.forms.is_int(field) { w.out.int(value as i64) } else { w.out.float(value) }
            }
            w.slot(w.fragments.offset(r.offset));
            w.out.str(&r.reference);
        }),
        Argument::History(r) => class(w, "HistoryRequest", |w| {
            w.out.str(&r.symbol);
            w.exchange(r.exchange);
            w.time(Some(&r.start));
            w.time(r.end.as_ref());
            match r.interval {
                Some(member) => w.slot(w.fragments.interval(member)),
                None => w.out.none(),
            }
        }),
    }
}

/// `name(*arguments)`.
fn class(w: &mut ObjectWriter<'_>, name: &'static str, arguments: impl FnOnce(&mut ObjectWriter<'_>)) {
    w.slot(w.fragments.class(name));
    w.out.begin_tuple();
    arguments(w);
    w.out.end_tuple();
    w.out.reduce();
}
