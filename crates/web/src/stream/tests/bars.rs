//! Bar lines: at the reader's own interval the running bar, and each finished one exactly once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use domain::Text;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::harness::{DESKS, Server, bars_of, news, quick};
use crate::stream::conn::Conn;
use crate::stream::limits::FINISHED_BARS;
use crate::stream::part::Part;
use crate::stream::watch::Watch;
use crate::stream::{Options, StreamHub, bar_fields};

const LINE: &str = "rb2601.SHFE:1m";

fn channel(line: &str) -> String {
    format!("bar:{line}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_finished_and_the_running_bar_come_at_once_and_then_what_changes() {
    let server = Server::start(quick()).await;
    server.bars(0, LINE, &[1, 2, 3], 4);
    server.bars(1, LINE, &[7], 8);
    server.bars(0, "rb2601.SHFE:5m", &[], 4);
    server.tick(0, "rb2601", 1.0);
    let mut client = server.login().await;
    let reply = client.ask(json!({ "op": "subscribe", "channels": [channel(LINE)], "interval_ms": 50 })).await;
    assert_eq!((&reply["data"]["interval_ms"], &reply["data"]["snapshots"]), (&json!(50), &json!([])));
    let first = client.next("bars").await;
    assert_eq!((&first["trader"], bars_of(&first)), (&json!("sim"), vec![(3, true), (4, false)]));
    let wanted: Vec<Value> = serde_json::from_value(first["data"][1].clone()).unwrap();
    let names: Vec<&str> = bar_fields().collect();
    assert_eq!(wanted.len(), names.len());
    assert_eq!(
        first["data"][1],
        json!(["rb2601.SHFE", "1m", "2026-01-05T09:34:00+08:00", 1, 2, 0.5, 4, 1, null, 2.5, false])
    );
    for running in 10..500 {
        server.bars(0, LINE, if running == 100 { &[4] } else { &[] }, running);
    }
    let mut got = Vec::new();
    while got.last() != Some(&(499, false)) {
        got.extend(bars_of(&client.next("bars").await));
    }
    assert_eq!(got.iter().filter(|(_, finished)| *finished).collect::<Vec<_>>(), [&(4, true)]);
    assert!(got.len() < 100, "conflated: {}", got.len());
    assert!(server.hub.readers()[0].conflated > 400);
    // What is added comes at once; no tick came by all that.
    client.ask(json!({ "op": "subscribe", "channels": [channel("rb2601.SHFE:5m")] })).await;
    assert_eq!(bars_of(&client.next("bars").await), [(4, false)]);
    let stats = server.hub.stats();
    assert_eq!((stats.instruments, stats.ticks, stats.bar_lines, stats.bar_changes), (1, 1, 2, 493));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_ticks_are_no_bars_and_both_come_at_one_pace() {
    let server = Server::start(quick()).await;
    server.bars(0, LINE, &[], 1);
    let mut client = server.login().await;
    client.ask(json!({ "op": "subscribe", "channels": ["tick:*"], "interval_ms": 10 })).await;
    server.tick(0, "rb2601", 1.0);
    server.bars(0, LINE, &[1], 2);
    assert_eq!(client.next("ticks").await["data"][0][0], "rb2601.SHFE");
    client.ask(json!({ "op": "subscribe", "channels": [channel(LINE)], "trader": "*" })).await;
    // The client would fail at a message of bars between.
    assert_eq!(bars_of(&client.json().await), [(1, true), (2, false)]);
    server.bars(1, LINE, &[], 5);
    assert_eq!(client.next("bars").await["trader"], "far");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_is_held_while_somebody_watches_it_and_forgotten_then() {
    let server = Server::start(quick()).await;
    let held = |server: &Server| server.world.lines.lock().unwrap().len();
    let (mut one, mut two) = (server.login().await, server.login().await);
    for client in [&mut one, &mut two] {
        client.ask(json!({ "op": "subscribe", "channels": [channel(LINE), channel(LINE)], "interval_ms": 10 })).await;
    }
    assert_eq!(held(&server), 2, "once per connection");
    server.bars(0, LINE, &[1], 2);
    one.ask(json!({ "op": "unsubscribe", "channels": [channel(LINE), channel("x.Y:d")] })).await;
    assert_eq!(held(&server), 1);
    drop(two);
    server.until(|hub| hub.stats().readers == 1).await;
    assert_eq!(held(&server), 0);
    // Who comes now begins anew.
    one.ask(json!({ "op": "subscribe", "channels": [channel(LINE)] })).await;
    server.bars(0, LINE, &[], 9);
    while bars_of(&one.next("bars").await) != [(9, false)] {}
    // No room: nothing of the operation is done.
    server.world.lines_max.store(2, Ordering::SeqCst);
    let more = [channel("a.SHFE:1m"), "order".into(), channel("b.SHFE:1m"), channel(LINE)];
    let reply = one.ask(json!({ "op": "subscribe", "channels": more })).await;
    assert_eq!((&reply["error"]["code"], &reply["error"]["status"]), (&json!("too_many_bars"), &json!(503)));
    assert_eq!((held(&server), server.hub.stats().snapshots), (1, 0));
    let reply = one.ask(json!({ "op": "subscribe", "channels": more[..2] })).await;
    assert_eq!((&reply["ok"], held(&server)), (&json!(true), 2));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bar_lines_count_among_the_subscriptions() {
    let server = Server::start(Options { max_patterns: 3, ..quick() }).await;
    let mut client = server.login().await;
    let four: Vec<String> = (0..4).map(|number| channel(&format!("i{number}.SHFE:1m"))).collect();
    let reply = client.ask(json!({ "op": "subscribe", "channels": four })).await;
    assert_eq!(reply["error"]["code"], "too_many_subscriptions");
    assert_eq!(client.ask(json!({ "op": "subscribe", "channels": four[..3] })).await["ok"], true);
    server.stop().await;
}

/// What may happen.
#[derive(Clone, Debug)]
enum Act {
    /// The running bar of a line changes.
    Change(usize),
    /// So many bars of a line finish at once.
    Finish(usize, u32),
    Flush,
    /// A reader takes what there is for it; until then it is stalled.
    Take(usize),
    /// A reader wants these lines, by their bits, and perhaps ticks.
    Want(usize, u8),
    Tick,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..LINES.len()).prop_map(Act::Change),
        2 => (0..LINES.len(), 1..4_u32).prop_map(|(line, count)| Act::Finish(line, count)),
        // More than a line keeps.
        1 => (0..LINES.len()).prop_map(|line| Act::Finish(line, 80)),
        4 => Just(Act::Flush),
        4 => (0..3_usize).prop_map(Act::Take),
        2 => (0..3_usize, 0..16_u8).prop_map(|(reader, bits)| Act::Want(reader, bits)),
        1 => Just(Act::Tick),
    ]
}

const LINES: [&str; 3] = ["a.SHFE:1m", "a.SHFE:5m", "b.SHFE:1m"];

/// A reader, and what it has of each line since it subscribed to it.
struct Reader {
    part: Option<Part>,
    bits: u8,
    conn: Arc<Conn>,
    got: [Got; LINES.len()],
}

#[derive(Clone, Default)]
struct Got {
    finished: Vec<u32>,
    running: Option<(u32, u32)>,
}

/// The hub with its lines and readers.
struct Model {
    hub: StreamHub,
    /// Of each line the number of the bar that runs, all before are finished, and how often it was told.
    next: [(u32, u32); LINES.len()],
    readers: Vec<Reader>,
}

impl Model {
    fn tell(&mut self, line: usize, count: u32) {
        let (next, changes) = &mut self.next[line];
        let finished: Vec<u32> = (*next..*next + count).collect();
        (*next, *changes) = (*next + count, *changes + 1);
        let (name, mut news) = news(LINES[line], &finished, *next);
        // So that two states of a running bar differ.
        news.running.as_mut().expect("one runs").volume = f64::from(*changes);
        self.hub.bars(0, &name, news);
    }

    fn flush(&self) {
        let core = &self.hub.core;
        self.readers.iter().flat_map(|reader| &reader.part).for_each(|part| part.group.flush(core));
    }

    fn want(&mut self, index: usize, bits: u8) {
        let core = &self.hub.core;
        let reader = &mut self.readers[index];
        let mut watch = Watch::default();
        for (line, name) in LINES.iter().enumerate().filter(|(line, _)| bits & 1 << line != 0) {
            watch.set(core.bar_space(0), &Text::new(name), true);
            if reader.bits & 1 << line == 0 {
                reader.got[line] = Got::default();
            }
        }
        // Ticks are only to have others in the frames.
        watch.set(0, &Text::new("*"), bits & 8 != 0);
        let earlier = reader.part.take();
        reader.bits = bits;
        let is_same = earlier.as_ref().is_some_and(|part| **part.group.watch() == watch);
        reader.part = match earlier {
            earlier @ Some(_) if is_same => earlier,
            earlier if !watch.is_empty() => Some(Part::join(core, &reader.conn, watch, 10, earlier)),
            _ => None,
        };
    }

    fn take(&mut self, index: usize) {
        let reader = &mut self.readers[index];
        let Some(part) = &mut reader.part else { return };
        let (messages, _) = part.take(&self.hub.core);
        for message in messages {
            let message: Value = serde_json::from_slice(message.payload()).expect("JSON");
            for bar in message["data"].as_array().expect("rows") {
                let name = format!("{}:{}", bar[0].as_str().unwrap_or_default(), bar[1].as_str().unwrap_or_default());
                let Some(line) = LINES.iter().position(|line| *line == name) else { continue };
                assert!(reader.bits & 1 << line != 0, "only what it wants");
                let [number, changes] = [6, 7].map(|place| bar[place].as_f64().expect("a number") as u32);
                let got = &mut reader.got[line];
                if bar[10] == false {
                    got.running = Some((number, changes));
                    continue;
                }
                if let Some(last) = got.finished.last() {
                    let finished = self.next[line].0 - 1 - last;
                    let is_next = number == last + 1 || number > *last && finished > FINISHED_BARS as u32;
                    assert!(is_next, "{number} after {last} of {finished} that finished since");
                }
                got.finished.push(number);
            }
        }
    }

    fn do_it(&mut self, act: &Act) {
        match act {
            Act::Change(line) => self.tell(*line, 0),
            Act::Finish(line, count) => self.tell(*line, *count),
            Act::Flush => self.flush(),
            Act::Take(reader) => self.take(*reader),
            Act::Want(reader, bits) => self.want(*reader, *bits),
            Act::Tick => {
                let tick = domain::TickData::new("SIM", "t", domain::Exchange::SHFE, None);
                self.hub.tick(0, "t.SHFE", &Arc::new(tick));
            }
        }
    }

    /// Everybody has taken everything: what each has to have.
    fn check(&self) {
        for reader in &self.readers {
            for (line, got) in reader.got.iter().enumerate().filter(|(line, _)| reader.bits & 1 << line != 0) {
                let (next, changes) = self.next[line];
                assert_eq!(got.running, (changes > 0).then_some((next, changes)), "the newest running bar");
                assert_eq!(got.finished.last().copied(), next.checked_sub(1), "up to the newest");
            }
        }
    }
}

proptest! {
    /// Whatever ticks, flushes, stalls and subscriptions come in between.
    #[test]
    fn a_reader_has_each_finished_bar_once_and_in_order_and_the_newest_running_one(acts in vec(act(), 1..120)) {
        let (hub, _tasks) = StreamHub::new(Options::default(), &DESKS.map(Text::new));
        let reader = |id| Reader {
            part: None,
            bits: 0,
            conn: Conn::new(id, [127, 0, 0, 1].into(), 0, false),
            got: Default::default(),
        };
        let mut model = Model { hub, next: [(0, 0); LINES.len()], readers: (0..3).map(reader).collect() };
        for act in &acts {
            model.do_it(act);
        }
        model.flush();
        (0..3).for_each(|reader| model.take(reader));
        model.check();
    }
}
