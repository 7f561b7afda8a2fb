//! The promises of the crate's header, over any interleaving of appends, gathers, short writes and stalls.

use proptest::prelude::*;

use crate::{Batch, Bound, Cursor, Gathered, Kind, Limits, Log};

#[derive(Debug, Clone)]
enum Op {
    Append(Kind, usize),
    Commit,
    /// Reader, most bytes, and how much of the batch its socket takes (in 1/8).
    Gather(usize, usize, usize),
}

const HEADER: usize = 15;

fn message(seq: u64, kind: Kind, padding: usize) -> Vec<u8> {
    let (tag, key) = match kind {
        Kind::Fact => (0, 0),
        Kind::Quote(key) => (1, key as u8),
    };
    let mut bytes = vec![tag, key];
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(&(padding as u32).to_be_bytes());
    bytes.push(b'>');
    bytes.resize(HEADER + padding, b'.');
    bytes
}

/// What a reader's socket took, decoded.
fn decode(mut stream: &[u8]) -> Vec<(u64, Kind)> {
    let mut messages = Vec::new();
    while !stream.is_empty() {
        let key = u32::from(stream[1]);
        let kind = if stream[0] == 0 { Kind::Fact } else { Kind::Quote(key) };
        let seq = u64::from_be_bytes(stream[2..10].try_into().unwrap());
        let padding = u32::from_be_bytes(stream[10..14].try_into().unwrap()) as usize;
        assert_eq!(stream[14], b'>');
        messages.push((seq, kind));
        stream = &stream[HEADER + padding..];
    }
    messages
}

struct Reader {
    start: u64,
    cursor: Cursor,
    rest: Vec<u8>,
    taken: Vec<u8>,
    was_late: bool,
    cut: Option<(u64, u64)>,
}

impl Reader {
    fn new(log: &Log) -> Self {
        let cursor = log.cursor();
        Self { start: cursor.next(), cursor, rest: Vec::new(), taken: Vec::new(), was_late: false, cut: None }
    }

    /// One visit: the rest first, then a gather of which the socket takes some.
    fn visit(&mut self, log: &Log, max_bytes: usize, eighths: usize) -> Gathered {
        self.taken.append(&mut self.rest);
        let mut batch = Batch::new();
        let gathered = log.gather(&self.cursor, max_bytes, &mut batch);
        if let Gathered::Cut { next, floor } = gathered {
            assert!(batch.is_empty());
            self.cut = Some((next, floor));
            return gathered;
        }
        let bytes = batch.slices().concat();
        assert_eq!(bytes.len(), batch.bytes());
        assert!(batch.bytes() <= max_bytes || batch.entries() == 1);
        let written = bytes.len() * eighths / 8;
        self.taken.extend_from_slice(&bytes[..written]);
        if let Some(rest) = batch.settle(&mut self.cursor, written) {
            self.rest = rest.to_vec();
        }
        self.was_late |= batch.conflating;
        gathered
    }

    fn drain(&mut self, log: &Log) {
        while self.visit(log, 200, 8) == Gathered::More {}
    }
}

#[derive(Debug)]
struct Sent {
    kind: Kind,
    bytes: usize,
}

fn op() -> impl Strategy<Value = Op> {
    let kind = prop_oneof![2 => Just(Kind::Fact), 5 => (0u32..6).prop_map(Kind::Quote)];
    prop_oneof![
        6 => (kind, 0usize..60).prop_map(|(kind, padding)| Op::Append(kind, padding)),
        1 => Just(Op::Append(Kind::Quote(7), 70_000)),
        3 => Just(Op::Commit),
        4 => (0usize..3, 1usize..400, 0usize..=8).prop_map(|(reader, max, part)| Op::Gather(reader, max, part)),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    let bound = |entries| (1usize..entries, 30usize..2_000).prop_map(|(entries, bytes)| Bound { entries, bytes });
    (bound(20), bound(30), bound(12)).prop_map(|(window, facts, quotes)| Limits { window, facts, quotes })
}

fn check_reader(reader: &Reader, sent: &[Sent], limits: Limits, stats: crate::LogStats) -> Result<(), TestCaseError> {
    let got = decode(&reader.taken);
    prop_assert!(got.windows(2).all(|pair| pair[0].0 < pair[1].0), "rising numbers");
    let end = reader.cut.map_or(stats.head, |(next, _)| next);
    let range = reader.start..end;
    let facts: Vec<u64> = range.clone().filter(|seq| sent[*seq as usize - 1].kind == Kind::Fact).collect();
    let got_facts: Vec<u64> = got.iter().filter(|(_, kind)| *kind == Kind::Fact).map(|(seq, _)| *seq).collect();
    prop_assert_eq!(got_facts, facts, "each fact once and in order up to the end or the cut");
    for (seq, kind) in &got {
        prop_assert_eq!(sent[*seq as usize - 1].kind, *kind);
    }
    prop_assert_eq!(got.len() as u64 + reader.cursor.conflated(), end - reader.start);
    if !reader.was_late {
        prop_assert_eq!(reader.cursor.conflated(), 0, "a reader inside the window sees everything");
    }
    if let Some((next, floor)) = reader.cut {
        let needed: Vec<&Sent> = sent[next as usize - 1..].iter().filter(|sent| sent.kind == Kind::Fact).collect();
        let bytes: usize = needed.iter().map(|sent| sent.bytes).sum();
        prop_assert!(next < floor && sent[floor as usize - 2].kind == Kind::Fact);
        prop_assert!(needed.len() > limits.facts.entries || bytes > limits.facts.bytes, "a cut has a reason");
    } else if stats.quotes_forgotten == 0 {
        for key in 0..8 {
            let newest = range.clone().rev().find(|seq| sent[*seq as usize - 1].kind == Kind::Quote(key));
            let last = got.iter().rev().find(|(_, kind)| *kind == Kind::Quote(key)).map(|(seq, _)| *seq);
            prop_assert_eq!(last, newest, "the newest quote always arrives");
        }
    }
    Ok(())
}

fn check_bounds(log: &Log, limits: Limits, largest: usize) -> Result<(), TestCaseError> {
    let stats = log.stats();
    prop_assert!(stats.facts_entries <= limits.facts.entries && stats.facts_bytes <= limits.facts.bytes);
    prop_assert!(stats.quotes_entries <= limits.quotes.entries && stats.quotes_bytes <= limits.quotes.bytes);
    // The newest segment and the open one always stay.
    prop_assert!(stats.window_bytes <= limits.window.bytes + 2 * largest.max(64 << 10));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn any_interleaving_keeps_the_promises(limits in limits(), ops in prop::collection::vec(op(), 1..250)) {
        let mut log = Log::new(limits);
        let mut readers = [Reader::new(&log), Reader::new(&log), Reader::new(&log)];
        let mut sent: Vec<Sent> = Vec::new();
        for op in ops {
            match op {
                Op::Append(kind, padding) => {
                    let bytes = message(sent.len() as u64 + 1, kind, padding);
                    let (head, tail) = bytes.split_at(HEADER / 2);
                    prop_assert_eq!(log.append(kind, &[head, tail]), sent.len() as u64 + 1);
                    sent.push(Sent { kind, bytes: bytes.len() });
                }
                Op::Commit => log.commit(),
                Op::Gather(reader, max, part) if readers[reader].cut.is_none() => {
                    readers[reader].visit(&log, max, part);
                }
                Op::Gather(..) => {}
            }
            check_bounds(&log, limits, 70_100)?;
        }
        log.commit();
        for reader in &mut readers {
            if reader.cut.is_none() {
                reader.drain(&log);
            }
            check_reader(reader, &sent, limits, log.stats())?;
            prop_assert!(reader.cut.is_some() || !reader.cursor.is_conflating());
        }
    }

    #[test]
    fn a_late_reader_can_be_brought_to_any_place(
        limits in limits(),
        kinds in prop::collection::vec(prop_oneof![Just(Kind::Fact), (0u32..4).prop_map(Kind::Quote)], 1..60),
        until in 0u64..70,
    ) {
        let mut log = Log::new(limits);
        let mut reader = Reader::new(&log);
        for (index, kind) in kinds.iter().enumerate() {
            log.append(*kind, &[&message(index as u64 + 1, *kind, 3)]);
            log.commit();
        }
        let mut batch = Batch::new();
        loop {
            let gathered = log.gather_until(&reader.cursor, until, 100, &mut batch);
            prop_assert!(batch.slices().is_empty() || reader.cursor.next() < until);
            batch.settle(&mut reader.cursor, batch.bytes());
            match gathered {
                Gathered::More => {}
                Gathered::UpToDate => {
                    prop_assert_eq!(reader.cursor.next(), until.clamp(1, log.head()));
                    break;
                }
                Gathered::Cut { .. } => break,
            }
        }
        if let Some(resumed) = log.cursor_after(until) {
            prop_assert_eq!(resumed.next(), until + 1);
            let cut = matches!(log.gather(&resumed, 100, &mut batch), Gathered::Cut { .. });
            prop_assert!(!cut, "who may resume is not cut");
        }
    }
}

fn roomy(window: usize) -> Limits {
    let bound = |entries| Bound { entries, bytes: 1 << 20 };
    Limits { window: bound(window), facts: bound(100), quotes: bound(100) }
}

#[test]
fn a_burst_is_one_slice_for_a_reader_at_the_head() {
    let mut log = Log::new(Limits::default());
    let reader = log.cursor();
    for key in 0..50 {
        log.append_quote(key, &[&[b'x'; 1_000]]);
    }
    let mut batch = Batch::new();
    assert_eq!(log.gather(&reader, 1 << 20, &mut batch), Gathered::UpToDate);
    assert!(batch.is_empty(), "nothing before the commit");
    log.commit();
    assert_eq!(log.gather(&reader, 1 << 20, &mut batch), Gathered::UpToDate);
    assert_eq!((batch.slices().len(), batch.entries()), (1, 50));
}

#[test]
fn a_late_reader_gets_facts_and_newest_quotes_then_everything_again() {
    let mut log = Log::new(roomy(4));
    let mut reader = Reader::new(&log);
    let mut seq = 0;
    let mut put = |log: &mut Log, kind| {
        seq += 1;
        log.append(kind, &[&message(seq, kind, 0)]);
        log.commit();
    };
    for kind in [Kind::Quote(9), Kind::Quote(1), Kind::Fact, Kind::Quote(1), Kind::Fact] {
        put(&mut log, kind);
    }
    for _ in 0..20 {
        put(&mut log, Kind::Quote(1));
    }
    reader.drain(&log);
    let got: Vec<u64> = decode(&reader.taken).iter().map(|(seq, _)| *seq).collect();
    assert_eq!(got, [1, 3, 5, 25], "the silent key's only quote, both facts, the newest of the busy key");
    assert_eq!(reader.cursor.conflated(), 21);
    for _ in 0..3 {
        put(&mut log, Kind::Quote(1));
    }
    reader.drain(&log);
    assert_eq!(decode(&reader.taken).len(), 7, "caught up: every tick again");
}

#[test]
fn a_flood_of_quotes_never_evicts_a_fact() {
    let mut log = Log::new(roomy(8));
    let mut reader = Reader::new(&log);
    for seq in 1..=100 {
        log.append_fact(&[&message(seq, Kind::Fact, 0)]);
    }
    for seq in 101..=100_000 {
        log.append_quote(seq as u32 % 5, &[&message(seq, Kind::Quote(seq as u32 % 5), 0)]);
        log.commit();
    }
    reader.drain(&log);
    assert_eq!(decode(&reader.taken).len(), 105);
    assert_eq!(reader.cut, None);
}

#[test]
fn a_reader_of_evicted_facts_is_cut_and_told_where_it_stood() {
    let mut log = Log::new(roomy(2));
    let reader = log.cursor();
    for seq in 1..=103 {
        log.append_fact(&[&message(seq, Kind::Fact, 0)]);
        log.commit();
    }
    let mut batch = Batch::new();
    assert_eq!(log.gather(&reader, 1_000, &mut batch), Gathered::Cut { next: 1, floor: 2 });
    assert_eq!(log.cursor_after(0), None);
    assert_eq!(log.cursor_after(1).map(|cursor| cursor.next()), Some(2));
    assert_eq!(log.cursor_after(103).map(|cursor| cursor.next()), Some(104));
    assert_eq!(log.cursor_after(104), None, "the future");
}

#[test]
fn more_silent_keys_than_the_bound_are_forgotten_and_counted() {
    let mut log = Log::new(Limits { quotes: Bound { entries: 10, bytes: 1 << 20 }, ..roomy(2) });
    let mut reader = Reader::new(&log);
    for seq in 1..=100u64 {
        log.append_quote(seq as u32, &[&message(seq, Kind::Quote(seq as u32), 0)]);
        log.commit();
    }
    reader.drain(&log);
    assert_eq!(decode(&reader.taken).len(), 12);
    assert_eq!(log.stats().quotes_forgotten, 88);
}
