//! What it costs to read one of VeighNa's ticks into a typed struct: `make bench` builds and runs this.
//!
//! The argument is a file with a tick's pickle as VeighNa 4.5 publishes it behind its topic. Prints one line of JSON:
//! microseconds of this thread's processor time for each tick, the median of some rounds. The bytes come in shared
//! slices, as the socket's reader hands them on; the sockets themselves are not part of it.

use bytes::Bytes;
use rpc::{EventDecoder, PeerEvent};
use std::fs;
use std::hint::black_box;
use zmtp::Message;

const TICKS: usize = 200_000;
const ROUNDS: usize = 9;

fn main() {
    let path = std::env::args_os().nth(1).expect("a file with a tick's pickle");
    let mut message = Message::new();
    message.push(Bytes::from_static(b"eTick."));
    message.push(Bytes::from(fs::read(path).expect("the file can be read")));
    let mut decoder = EventDecoder::default();
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| round(&mut decoder, &message)).collect();
    rounds.sort_by(f64::total_cmp);
    println!(r#"{{"us": {:.4}}}"#, rounds[ROUNDS / 2]);
}

/// Microseconds for each tick.
fn round(decoder: &mut EventDecoder, message: &Message) -> f64 {
    let begun = cpu_seconds();
    for _ in 0..TICKS {
        let published = decoder.decode(black_box(message)).expect("VeighNa's own tick");
        let PeerEvent::Tick(tick) = published.event else { panic!("the file holds another event") };
        black_box(tick);
    }
    (cpu_seconds() - begun) / TICKS as f64 * 1e6
}

/// Processor time of this thread so far; it must have run for some milliseconds to be exact.
fn cpu_seconds() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells what a thread costs");
    told.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds") / 1e9
}
