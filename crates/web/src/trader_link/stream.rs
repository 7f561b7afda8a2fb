//! Facts as messages of the classic stream: encoded once, whatever the number of readers, and not at all without.

use crate::json::{write_ws_account, write_ws_order, write_ws_position, write_ws_tick, write_ws_trade};
use crate::live::{Hub, Kind};
use crate::replica::Fact;
use domain::{Language, VtSymbol};
use rustc_hash::FxHashMap;

/// Bytes of encoding memory that are kept from one burst to the next.
const KEPT_BYTES: usize = 4 << 20;

/// Writes facts to the hub.
pub(super) struct Stream {
    hub: Hub,
    instruments: FxHashMap<VtSymbol, u32>,
    text: Vec<u8>,
    pieces: Vec<(Kind, usize)>,
}

impl Stream {
    pub(super) fn new(hub: Hub) -> Stream {
        Stream { hub, instruments: FxHashMap::default(), text: Vec::new(), pieces: Vec::new() }
    }

    /// Sends a burst. The replica holds it already, so a reader that comes in just now finds it there.
    pub(super) fn send<'a>(&mut self, facts: impl IntoIterator<Item = &'a Fact>, language: Language) {
        if !self.hub.has_readers() {
            return;
        }
        self.text.clear();
        self.pieces.clear();
        for fact in facts {
            if let Some(kind) = self.encode(fact, language) {
                self.pieces.push((kind, self.text.len()));
            }
        }
        let mut from = 0;
        let text = &self.text;
        self.hub.publish(self.pieces.iter().map(|(kind, end)| {
            let piece = &text[from..*end];
            from = *end;
            (*kind, piece)
        }));
        self.text.shrink_to(KEPT_BYTES);
    }

    fn encode(&mut self, fact: &Fact, language: Language) -> Option<Kind> {
        let out = &mut self.text;
        match fact {
            Fact::Tick(row) => {
                write_ws_tick(out, row, language);
                return Some(Kind::Quote(instrument(&mut self.instruments, &row.vt_symbol)));
            }
            Fact::Order(row) => write_ws_order(out, row, language),
            Fact::Trade(row) => write_ws_trade(out, row, language),
            Fact::Position(row) => write_ws_position(out, row, language),
            Fact::Account(row) => write_ws_account(out, row, language),
            Fact::Contract(_) | Fact::Quote(_) | Fact::Log(_) | Fact::Gateway(_) | Fact::TradingState(_) => {
                return None;
            }
        }
        Some(Kind::Fact)
    }
}

/// A number for each instrument that ever ticked.
fn instrument(known: &mut FxHashMap<VtSymbol, u32>, vt_symbol: &VtSymbol) -> u32 {
    if let Some(number) = known.get(vt_symbol) {
        return *number;
    }
    let number = u32::try_from(known.len()).unwrap_or(u32::MAX);
    known.insert(vt_symbol.clone(), number);
    number
}
