//! The stream's figures as Prometheus reads them.
//!
//! Always true: totals never fall; of the readers themselves the ones that are furthest behind are told, up to a
//! bound, because ten thousand of them would make a page of megabytes. `GET /api/v1/readers` has them all.

use super::hub::StreamHub;
use super::limits::READERS_IN_METRICS;
use super::stats::{Ending, ReaderReport, StreamStats};
use crate::prometheus::{head, label, line};

/// Name, kind and help of a figure, and where it stands.
type Figure = (&'static str, &'static str, &'static str, fn(&StreamStats) -> u64);

/// What all of them begin with.
const PREFIX: &str = "webtrader_api_stream_";

const FIGURES: [Figure; 21] = [
    ("readers", "gauge", "Connections.", |stats| stats.readers as u64),
    ("groups", "gauge", "Groups of readers that share their tick frames.", |stats| stats.groups as u64),
    ("seq", "gauge", "Number of the newest fact.", |stats| stats.head),
    ("ring_entries", "gauge", "Facts that can be resumed from.", |stats| stats.ring_entries as u64),
    ("ring_bytes", "gauge", "Their bytes.", |stats| stats.ring_bytes as u64),
    ("instruments", "gauge", "Instruments with a tick.", |stats| stats.instruments as u64),
    ("max_lag", "gauge", "Facts that the last of all readers is behind by.", |stats| stats.max_lag),
    ("ticks_total", "counter", "Ticks that came.", |stats| stats.ticks),
    ("bar_lines", "gauge", "Bar lines that are watched.", |stats| stats.bar_lines as u64),
    ("bar_changes_total", "counter", "Changes of watched bar lines.", |stats| stats.bar_changes),
    ("conflated_total", "counter", "Ticks and states of running bars that readers were spared.", |stats| {
        stats.conflated
    }),
    ("frames_built_total", "counter", "Frames of ticks and bars built.", |stats| stats.frames_built),
    ("frames_given_total", "counter", "Times that a reader was given one.", |stats| stats.frames_given),
    ("compressions_total", "counter", "Messages compressed.", |stats| stats.compressed),
    ("compressed_in_bytes_total", "counter", "Bytes before compression.", |stats| stats.compressed_in),
    ("compressed_out_bytes_total", "counter", "Bytes after it.", |stats| stats.compressed_out),
    ("written_bytes_total", "counter", "Bytes that readers took.", |stats| stats.bytes),
    ("resumed_total", "counter", "Readers that resumed.", |stats| stats.resumed),
    ("snapshots_total", "counter", "Snapshots taken.", |stats| stats.snapshots),
    ("calls_total", "counter", "Calls over the stream.", |stats| stats.calls),
    ("full_total", "counter", "Connections refused because all seats were taken.", |stats| stats.full),
];

/// What is told of a reader.
type OfReader = (&'static str, &'static str, fn(&ReaderReport) -> u64);

const OF_READERS: [OfReader; 4] = [
    ("lag", "Facts that the reader has not passed yet.", |reader| reader.lag),
    ("conflated", "Ticks and states of running bars that the reader was spared.", |reader| reader.conflated),
    ("queued_bytes", "Bytes begun for the reader that it has not taken.", |reader| reader.queued),
    ("written_bytes", "Bytes that the reader took.", |reader| reader.bytes),
];

impl StreamHub {
    /// Appends all figures, named `webtrader_api_stream_…`.
    pub fn write_metrics(&self, out: &mut String) {
        let stats = self.stats();
        for (name, kind, help, figure) in FIGURES {
            let name = format!("{PREFIX}{name}");
            head(out, &name, kind, help);
            line(out, name, figure(&stats));
        }
        let name = format!("{PREFIX}endings_total");
        head(out, &name, "counter", "Connections that ended, by reason.");
        for (ending, count) in Ending::ALL.iter().zip(stats.endings) {
            line(out, format_args!("{name}{{reason=\"{}\"}}", ending.name()), count);
        }
        let mut readers = self.readers();
        readers.sort_by_key(|reader| std::cmp::Reverse((reader.queued, reader.lag, reader.conflated)));
        readers.truncate(READERS_IN_METRICS);
        for (name, help, figure) in OF_READERS {
            let name = format!("{PREFIX}reader_{name}");
            head(out, &name, "gauge", help);
            for reader in &readers {
                let (id, user, remote) = (reader.id, label(&reader.user), reader.remote);
                let labels = format!("reader=\"{id}\",user=\"{user}\",remote=\"{remote}\"");
                line(out, format_args!("{name}{{{labels}}}"), figure(reader));
            }
        }
    }
}
