//! Clients that keep what they are told, against a ring that forgets, over connections that break anywhere.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proptest::prelude::*;

use crate::{Board, Bound, Channels, Next, NoResume, Reader, Ring, Room, Tag, Watched};

const DESKS: u16 = 2;
const CHANNELS: u8 = 3;
const INSTRUMENTS: u32 = 6;

fn tag(desk: u16, channel: u8) -> Tag {
    Tag { desk, channel }
}

fn ring(entries: usize) -> Ring<u64> {
    Ring::new(Bound { entries, bytes: 1 << 20 })
}

const ROOMY: Room = Room { entries: 1_000, bytes: 1 << 20 };

/// What a server would tell: facts and snapshots, as a snapshot of the truth lists all facts of a tag since its desk
/// was last read anew.
#[derive(Debug)]
struct Server {
    ring: Ring<u64>,
    truth: BTreeMap<Tag, Vec<u64>>,
    board: Board<u64>,
    /// Newest tick of each instrument.
    newest: BTreeMap<(u16, u32), u64>,
    ticks: u64,
}

#[derive(Debug, Clone)]
enum Message {
    /// To a subscription: snapshots of these will come.
    Reply(Vec<Tag>),
    Fact(Tag, u64),
    Snapshot(Tag, u64, Vec<u64>),
    Reset(u16, u64),
    Heartbeat(u64),
    Ticks(Vec<(u16, u32, u64)>),
}

/// A connection's server side: the reader, the snapshot in the works, and what was sent and is not received.
#[derive(Debug)]
struct Line {
    reader: Reader,
    taken: Option<(Tag, u64, Vec<u64>)>,
    seen: u64,
    watched: BTreeSet<(u16, u32)>,
    wire: VecDeque<Message>,
    cut: bool,
}

/// A client as `web::stream` documents it.
#[derive(Debug, Default)]
struct Client {
    wants: BTreeSet<Tag>,
    watches: BTreeSet<(u16, u32)>,
    held: BTreeMap<Tag, Vec<u64>>,
    ticks: BTreeMap<(u16, u32), u64>,
    seq: u64,
    last_fact: u64,
    line: Option<Line>,
}

#[derive(Debug, Clone)]
enum Op {
    Fact(u16, u8),
    Reset(u16),
    Tick(u16, u32),
    Subscribe(usize, u16, u8),
    Unsubscribe(usize, u16, u8),
    Watch(usize, u16, u32),
    /// The server's side works: so many rounds, of so many facts each.
    Work(usize, usize, usize),
    /// The snapshot that is needed is taken, and only later handed over.
    Take(usize),
    Receive(usize, usize),
    Disconnect(usize),
    Connect(usize),
}

fn op() -> impl Strategy<Value = Op> {
    let (desk, channel, client) = (0..DESKS, 0..CHANNELS, 0usize..2);
    prop_oneof![
        8 => (desk.clone(), channel.clone()).prop_map(|(desk, channel)| Op::Fact(desk, channel)),
        1 => desk.clone().prop_map(Op::Reset),
        5 => (desk.clone(), 0..INSTRUMENTS).prop_map(|(desk, name)| Op::Tick(desk, name)),
        3 => (client.clone(), desk.clone(), channel.clone()).prop_map(|(c, d, h)| Op::Subscribe(c, d, h)),
        1 => (client.clone(), desk.clone(), channel).prop_map(|(c, d, h)| Op::Unsubscribe(c, d, h)),
        2 => (client.clone(), desk, 0..INSTRUMENTS).prop_map(|(c, d, n)| Op::Watch(c, d, n)),
        6 => (client.clone(), 1usize..4, 1usize..4).prop_map(|(c, rounds, facts)| Op::Work(c, rounds, facts)),
        3 => client.clone().prop_map(Op::Take),
        6 => (client.clone(), 0usize..6).prop_map(|(c, count)| Op::Receive(c, count)),
        1 => client.clone().prop_map(Op::Disconnect),
        2 => client.prop_map(Op::Connect),
    ]
}

impl Server {
    fn new(entries: usize) -> Self {
        Server {
            ring: ring(entries),
            truth: BTreeMap::new(),
            board: Board::new(100),
            newest: BTreeMap::new(),
            ticks: 0,
        }
    }

    fn fact(&mut self, tag: Tag) {
        let number = self.ring.head() + 1;
        assert_eq!(self.ring.append(tag, number, 1), number);
        self.truth.entry(tag).or_default().push(number);
    }

    fn reset(&mut self, desk: u16) {
        let number = self.ring.reset(desk);
        // What was read anew is another truth than the facts lead to.
        for channel in 0..CHANNELS {
            self.truth.insert(tag(desk, channel), vec![number]);
        }
    }

    fn tick(&mut self, desk: u16, name: u32) {
        self.ticks += 1;
        assert!(self.board.put(desk, &name.to_string(), self.ticks));
        self.newest.insert((desk, name), self.ticks);
    }

    fn snapshot(&self, tag: Tag) -> (Tag, u64, Vec<u64>) {
        (tag, self.ring.head(), self.truth.get(&tag).cloned().unwrap_or_default())
    }
}

impl Line {
    fn work(&mut self, server: &Server, facts: usize) {
        let mut sent = Vec::new();
        let room = Room { entries: facts, bytes: 1 << 20 };
        let next = self.reader.gather(&server.ring, room, |number, fact| {
            assert_eq!(number, *fact);
            sent.push(*fact);
        });
        for fact in sent {
            let of = server.truth_of(fact);
            self.wire.push_back(Message::Fact(of, fact));
        }
        match next {
            Next::UpToDate => self.wire.push_back(Message::Heartbeat(self.reader.cursor())),
            Next::Full => {}
            Next::Needs(tag) => {
                let (of, seq, rows) =
                    self.taken.take().filter(|taken| taken.0 == tag).unwrap_or_else(|| server.snapshot(tag));
                if self.reader.hold(of, seq) {
                    self.taken = Some((of, seq, rows));
                }
            }
            Next::Snapshot(tag) => {
                let (of, seq, rows) = self.taken.take().expect("what is held");
                assert_eq!(of, tag);
                self.wire.push_back(Message::Snapshot(tag, seq, rows));
            }
            Next::Reset { desk, seq } => self.wire.push_back(Message::Reset(desk, seq)),
            Next::Cut => self.cut = true,
        }
        self.flush(server);
    }

    fn flush(&mut self, server: &Server) {
        let mut ticks = Vec::new();
        for desk in 0..DESKS {
            let slots = server.board.slots();
            let watched = |key: &u32| {
                let slot = &slots[*key as usize];
                slot.desk == desk && self.watched.contains(&(desk, slot.name.parse().unwrap()))
            };
            let keys: Vec<u32> = (0..slots.len() as u32).filter(watched).collect();
            server.board.changed(desk, self.seen, Watched::Keys(&keys), |_, slot| {
                ticks.push((desk, slot.name.parse().unwrap(), slot.item));
            });
        }
        self.seen = server.board.version();
        if !ticks.is_empty() {
            self.wire.push_back(Message::Ticks(ticks));
        }
    }
}

impl Server {
    fn truth_of(&self, fact: u64) -> Tag {
        let found = self.ring.after(fact - 1).next().expect("it was just sent");
        match found.1 {
            crate::Entry::Fact { tag, .. } => *tag,
            crate::Entry::Reset { .. } => panic!("a reset is no fact"),
        }
    }
}

impl Client {
    fn connect(&mut self, server: &Server) {
        let mut reader = Reader::new(server.ring.head());
        assert_eq!(reader.resume(self.seq, &server.ring), Ok(()));
        // First what is held, then the rest.
        let void = reader.subscribe(self.held.keys().copied(), &server.ring);
        reader.subscribe(self.wants.iter().copied(), &server.ring);
        self.last_fact = 0;
        self.line = Some(Line {
            reader,
            taken: None,
            seen: 0,
            watched: self.watches.clone(),
            wire: VecDeque::from([Message::Reply(void)]),
            cut: false,
        });
    }

    fn receive(&mut self) -> Result<bool, TestCaseError> {
        let Some(message) = self.line.as_mut().and_then(|line| line.wire.pop_front()) else { return Ok(false) };
        match message {
            Message::Fact(tag, number) => {
                prop_assert!(number > self.last_fact, "facts rise");
                self.last_fact = number;
                self.seq = self.seq.max(number);
                // One that was on its way when the channel was given up.
                if self.wants.contains(&tag) {
                    let rows = self.held.get_mut(&tag);
                    prop_assert!(rows.is_some(), "a fact of {tag:?} before its snapshot");
                    rows.unwrap().push(number);
                }
            }
            Message::Snapshot(tag, seq, rows) => {
                self.seq = self.seq.max(seq);
                if self.wants.contains(&tag) {
                    self.held.insert(tag, rows);
                }
            }
            Message::Reset(desk, seq) => {
                self.seq = self.seq.max(seq);
                self.held.retain(|tag, _| tag.desk != desk);
            }
            Message::Reply(void) => self.held.retain(|tag, _| !void.contains(tag)),
            Message::Heartbeat(seq) => self.seq = self.seq.max(seq),
            Message::Ticks(ticks) => {
                for (desk, name, tick) in ticks {
                    let before = self.ticks.insert((desk, name), tick);
                    prop_assert!(before <= Some(tick), "ticks never go back");
                }
            }
        }
        Ok(true)
    }

    fn drain(&mut self, server: &Server) -> Result<(), TestCaseError> {
        for _ in 0..10_000 {
            while self.receive()? {}
            let done = self.line.as_ref().is_some_and(|line| {
                line.reader.cursor() == server.ring.head()
                    && line.reader.is_settled()
                    && line.seen == server.board.version()
            });
            if done {
                return Ok(());
            }
            if self.line.as_ref().is_none_or(|line| line.cut) {
                self.connect(server);
            }
            self.line.as_mut().unwrap().work(server, 3);
        }
        prop_assert!(false, "never up to date: {:?}", self.line);
        Ok(())
    }

    fn apply(&mut self, op: Op, server: &Server) -> Result<(), TestCaseError> {
        match op {
            Op::Subscribe(_, desk, channel) => {
                self.wants.insert(tag(desk, channel));
                if let Some(line) = &mut self.line {
                    line.reader.subscribe([tag(desk, channel)], &server.ring);
                }
            }
            Op::Unsubscribe(_, desk, channel) => {
                self.wants.remove(&tag(desk, channel));
                self.held.remove(&tag(desk, channel));
                if let Some(line) = &mut self.line {
                    line.reader.unsubscribe(tag(desk, channel));
                    // The reply tells the client that nothing of the channel comes behind it.
                    while self.receive()? {}
                    self.held.remove(&tag(desk, channel));
                }
            }
            Op::Watch(_, desk, name) => {
                self.watches.insert((desk, name));
                if let Some(line) = &mut self.line
                    && line.watched.insert((desk, name))
                {
                    line.seen = 0;
                }
            }
            Op::Work(_, rounds, facts) => {
                for _ in 0..rounds {
                    if let Some(line) = self.line.as_mut().filter(|line| !line.cut) {
                        line.work(server, facts);
                    }
                }
            }
            Op::Take(_) => {
                if let Some(line) = self.line.as_mut().filter(|line| line.taken.is_none() && !line.cut)
                    && let Next::Needs(tag) = line.reader.gather(&server.ring, Room { entries: 0, bytes: 0 }, |_, _| {
                        panic!("nothing goes out while a snapshot is needed");
                    })
                {
                    line.taken = Some(server.snapshot(tag));
                }
            }
            Op::Receive(_, count) => {
                for _ in 0..count {
                    self.receive()?;
                }
            }
            Op::Disconnect(_) => self.line = None,
            Op::Connect(_) if self.line.as_ref().is_none_or(|line| line.cut) => self.connect(server),
            Op::Connect(_) | Op::Fact(..) | Op::Reset(_) | Op::Tick(..) => {}
        }
        Ok(())
    }

    fn check(&self, server: &Server) -> Result<(), TestCaseError> {
        for tag in &self.wants {
            let truth = server.truth.get(tag).cloned().unwrap_or_default();
            prop_assert_eq!(self.held.get(tag), Some(&truth), "each fact of {:?} once and in order", tag);
        }
        for instrument in &self.watches {
            prop_assert_eq!(self.ticks.get(instrument), server.newest.get(instrument), "the newest tick");
        }
        Ok(())
    }
}

fn is_needing(line: &mut Line, server: &Server) -> bool {
    !line.reader.is_settled()
        && !line.reader.is_holding()
        && !server.ring.has_lost(line.reader.cursor(), &Channels::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn who_ends_connected_has_each_fact_once_and_the_newest_ticks(
        entries in 2usize..40,
        ops in prop::collection::vec(op(), 1..200),
    ) {
        let mut server = Server::new(entries);
        let mut clients = [Client::default(), Client::default()];
        for op in ops {
            match op {
                Op::Fact(desk, channel) => server.fact(tag(desk, channel)),
                Op::Reset(desk) => server.reset(desk),
                Op::Tick(desk, name) => server.tick(desk, name),
                Op::Take(client) if clients[client].line.as_mut().is_some_and(|line| !is_needing(line, &server)) => {}
                Op::Subscribe(client, ..) | Op::Unsubscribe(client, ..) | Op::Watch(client, ..) | Op::Work(client, ..)
                | Op::Take(client) | Op::Receive(client, _) | Op::Disconnect(client) | Op::Connect(client) => {
                    clients[client].apply(op, &server)?;
                }
            }
            prop_assert!(server.ring.size().0 <= entries);
        }
        for client in &mut clients {
            client.drain(&server)?;
            client.check(&server)?;
        }
    }
}

#[test]
fn a_resume_goes_on_behind_its_number_or_gets_a_snapshot() {
    let (orders, trades) = (tag(0, 0), tag(0, 1));
    let mut ring = ring(4);
    for fact in 1..=6 {
        ring.append(if fact == 1 { trades } else { orders }, fact, 1);
    }
    let mut reader = Reader::new(ring.head());
    assert_eq!(reader.resume(7, &ring), Err(NoResume::Future));
    assert_eq!(reader.resume(3, &ring), Ok(()));
    reader.subscribe([orders, trades], &ring);
    let mut got = Vec::new();
    assert_eq!(reader.gather(&ring, ROOMY, |number, _| got.push(number)), Next::UpToDate);
    assert_eq!(got, [4, 5, 6], "the trade that has left was had before");
    assert_eq!(reader.resume(3, &ring), Err(NoResume::Following));
    let mut late = Reader::new(ring.head());
    late.resume(0, &ring).unwrap();
    late.subscribe([trades], &ring);
    assert_eq!(late.gather(&ring, ROOMY, |_, _| panic!("nothing yet")), Next::Needs(trades));
    assert!(!late.hold(orders, 6) && late.hold(trades, 6));
    assert_eq!(late.gather(&ring, ROOMY, |_, _| panic!("only orders came")), Next::Snapshot(trades));
}

#[test]
fn who_loses_what_it_does_not_want_is_not_cut() {
    let (orders, logs) = (tag(0, 0), tag(0, 4));
    let mut ring = ring(3);
    ring.append(orders, 1, 1);
    let mut reader = Reader::new(0);
    reader.subscribe([orders], &ring);
    assert_eq!(reader.gather(&ring, ROOMY, |_, _| ()), Next::Needs(orders));
    assert!(reader.hold(orders, 1));
    assert_eq!(reader.gather(&ring, ROOMY, |_, _| ()), Next::Snapshot(orders));
    for fact in 2..=100 {
        ring.append(logs, fact, 1);
    }
    assert_eq!(reader.gather(&ring, ROOMY, |_, _| panic!("no logs")), Next::UpToDate);
    ring.append(orders, 101, 1);
    for fact in 102..=200 {
        ring.append(logs, fact, 1);
    }
    assert_eq!(reader.gather(&ring, ROOMY, |_, _| ()), Next::Cut);
}
