//! The short way for ticks against the long one: what the short way takes, the long one takes and reads the same.
//!
//! CPython's own pickler writes the ticks (`tests/ticks.py`); without a `python3` of 3.8 or later the golden ones of
//! `contract/pickle` have to do.

use super::event::EventDecoder;
use super::{DecodeError, Published, direct};
use bytes::Bytes;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use zmtp::Message;

/// A pickled tick and how it is framed.
#[derive(Clone, Debug)]
struct Sample {
    protocol: u8,
    is_list: bool,
    pickle: Vec<u8>,
}

static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| {
    let mut samples = goldens();
    samples.extend(written_by_cpython());
    samples
});

fn contract() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contract/pickle")
}

fn goldens() -> Vec<Sample> {
    let names =
        [("tick", true), ("tick_alone", false), ("tick_by_name", true), ("tick_event", false), ("tick_extra", true)];
    let read = |name: &str, is_list: bool, protocol: u8| Sample {
        protocol,
        is_list,
        pickle: std::fs::read(contract().join(format!("{name}.p{protocol}.pickle"))).expect("it is checked in"),
    };
    names.iter().flat_map(|(name, is_list)| (0..6).map(|protocol| read(name, *is_list, protocol))).collect()
}

fn written_by_cpython() -> Vec<Sample> {
    let check = ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"];
    if !Command::new("python3").args(check).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: no python3 of 3.8 or later on the PATH");
        return Vec::new();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ticks.py");
    let output =
        Command::new("python3").arg(script).arg(contract()).args(["7", "300"]).output().expect("it was just run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("hex is text");
    let sample = |line: &str| {
        let [protocol, shape, hex] = line.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        let is_list = matches!(shape, "list" | "both");
        Sample { protocol: protocol.parse().expect("a number"), is_list, pickle: unhex(hex) }
    };
    text.lines().map(sample).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |c: u8| char::from(c).to_digit(16).expect("hex") as u8;
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn short_way(sample: &Sample) -> Option<Published> {
    if sample.is_list { direct::one_frame(&sample.pickle) } else { direct::two_frames("eTick.", &sample.pickle) }
}

fn long_way(decoder: &mut EventDecoder, sample: &Sample) -> Result<Published, DecodeError> {
    let mut message = Message::new();
    if !sample.is_list {
        message.push(Bytes::from_static(b"eTick."));
    }
    message.push(Bytes::from(sample.pickle.clone()));
    let long = decoder.decode_any(&message);
    // Whoever decodes gets what the long way gives. NaN has no equal, so the text form is compared.
    assert_eq!(format!("{:?}", decoder.decode(&message)), format!("{long:?}"));
    long
}

/// Whether the short way was taken; it must give what the long one does.
fn agrees(decoder: &mut EventDecoder, sample: &Sample) -> bool {
    let long = long_way(decoder, sample);
    let Some(short) = short_way(sample) else { return false };
    assert_eq!(format!("{:?}", Ok::<_, DecodeError>(short)), format!("{long:?}"));
    true
}

#[test]
fn ticks_of_cpython_read_the_same_both_ways() {
    let mut decoder = EventDecoder::default();
    let (mut short, mut new) = (0, 0);
    for sample in SAMPLES.iter() {
        let is_short = agrees(&mut decoder, sample);
        assert!(!is_short || sample.protocol >= 4, "the short way knows the newest framing only");
        short += usize::from(is_short);
        new += usize::from(sample.protocol >= 4);
    }
    assert!(short * 3 > new, "{short} of {new} ticks went the short way");
}

#[test]
fn what_veighna_sends_goes_the_short_way() {
    for sample in goldens().iter().filter(|sample| sample.protocol >= 4).take(4) {
        assert!(short_way(sample).is_some(), "{sample:?}");
    }
}

#[test]
fn a_tick_that_is_cut_is_never_read() {
    let mut decoder = EventDecoder::default();
    for sample in goldens().iter().filter(|sample| sample.protocol >= 4) {
        for end in 0..sample.pickle.len() {
            let cut = Sample { pickle: sample.pickle[..end].to_vec(), ..*sample };
            assert!(!agrees(&mut decoder, &cut), "cut at {end}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_damaged_tick_is_refused_or_read_the_same(
        which in any::<prop::sample::Index>(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..4),
    ) {
        let new: Vec<&Sample> = SAMPLES.iter().filter(|sample| sample.protocol >= 4).collect();
        let mut sample = (*which.get(&new)).clone();
        for (at, byte, kind) in damage {
            let at = at.index(sample.pickle.len());
            match kind {
                0 => sample.pickle[at] = byte,
                1 => sample.pickle[at] ^= 1 << (byte % 8),
                2 => sample.pickle.insert(at, byte),
                _ => { sample.pickle.remove(at); }
            }
            // A frame that says another length would hide all other damage.
            if let Some(body) = sample.pickle.len().checked_sub(11) {
                sample.pickle[3..11].copy_from_slice(&(body as u64).to_le_bytes());
            }
        }
        agrees(&mut EventDecoder::default(), &sample);
    }
}
