//! One connection after its handshake: requests in, everything else out.

use super::publisher::Shared;
use super::reader::{Cut, Out, Reader};
use super::request::{Reply, Request};
use super::writer;
use crate::codec::Lines;
use crate::limits::{CLIENT_SILENCE, DEADLINE, DEADLINE_MAX, READ_BYTES};
use crate::message::{
    Call, CallError, Code, PingAnswer, Refusal, RequestLine, Subscription, params, write_data, write_refusal,
};
use crate::stream::Stream;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncReadExt, ReadHalf};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// Time for the writing half to say why a connection is cut.
const CUT_PATIENCE: Duration = Duration::from_millis(500);

/// What the reading half works with.
pub(super) struct Requests<'a> {
    pub(super) reader: &'a Arc<Reader>,
    pub(super) shared: &'a Shared,
    pub(super) owner: &'a mpsc::Sender<Request>,
}

/// Runs until either side ends it.
pub(super) async fn run(stream: Stream, lines: Lines, requests: Requests<'_>, stop: &CancellationToken) {
    let (read, write) = tokio::io::split(stream);
    let Requests { reader, shared, .. } = requests;
    let reading = async {
        let cut = tokio::select! {
            () = stop.cancelled() => Some(Cut::GoingAway),
            () = reader.ended.notified() => reader.end(),
            cut = requests.run(read, lines) => cut,
        };
        if let Some(cut) = cut {
            // The writing half tells the other side, if that takes it, and ends.
            reader.cut(cut);
            tokio::time::sleep(CUT_PATIENCE).await;
        }
    };
    let cut = tokio::select! {
        () = reading => reader.end(),
        cut = writer::run(write, reader, &shared.epoch) => cut,
    };
    match cut {
        Some(Cut::SlowReader) => {
            shared.counts.cut.fetch_add(1, Ordering::Relaxed);
            tracing::warn!("a reader of the bridge was cut because it did not keep up");
        }
        Some(Cut::GoingAway) | None => {}
        Some(cut) => tracing::warn!(reason = ?cut, "a connection of the bridge was cut"),
    }
}

impl Requests<'_> {
    /// Reads until the other side has closed; the reason if this side ends it.
    async fn run(&self, mut stream: ReadHalf<Stream>, mut lines: Lines) -> Option<Cut> {
        let mut chunk = vec![0; READ_BYTES];
        loop {
            loop {
                // Whoever does not read answers is not heard either; the writing half notices the stall.
                while self.reader.is_full() {
                    self.reader.room.notified().await;
                }
                match lines.next_line() {
                    Ok(Some(line)) => {
                        if let Err(why) = self.take(line) {
                            return Some(Cut::Malformed(why));
                        }
                    }
                    Ok(None) => break,
                    Err(error) => return Some(Cut::Malformed(error.to_string())),
                }
            }
            match timeout(CLIENT_SILENCE, stream.read(&mut chunk)).await {
                Ok(Ok(0) | Err(_)) => return None,
                Ok(Ok(n)) => lines.push(&chunk[..n]),
                Err(_) => return Some(Cut::Silent),
            }
        }
    }

    fn take(&self, line: &[u8]) -> Result<(), String> {
        let line: RequestLine<'_> = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        match Call::read(&line) {
            Ok(call) => self.pass_on(&line, call),
            Err(CallError::Refused(refusal)) => self.refuse(line.id, &refusal),
            Err(CallError::Own) => match self.own(&line) {
                Ok(answer) => self.reader.reply(Out::Line(answer)),
                Err(refusal) => self.refuse(line.id, &refusal),
            },
        }
        Ok(())
    }

    fn pass_on(&self, line: &RequestLine<'_>, call: Call) {
        let limit = line.deadline_ms.map_or(DEADLINE, Duration::from_millis).min(DEADLINE_MAX);
        let may_begin = self.reader.begin_request();
        let reply = Reply::new(Arc::clone(self.reader), line.id);
        if !may_begin {
            return reply.refuse(Code::Busy, "too many requests of this connection are not answered");
        }
        let request = Request { call, deadline: Instant::now() + limit, reply };
        if let Err(full) = self.owner.try_send(request) {
            full.into_inner().reply.refuse(Code::Busy, "too many requests wait for the trading process");
        }
    }

    /// Answers what needs no owner.
    fn own(&self, line: &RequestLine<'_>) -> Result<Vec<u8>, Refusal> {
        let mut out = Vec::new();
        if line.method == "ping" {
            write_data(&mut out, line.id, &PingAnswer { seq: self.shared.seq(), time_us: now_us() });
            return Ok(out);
        }
        let subscription: Subscription = params(line).map_err(|error| match error {
            CallError::Refused(refusal) => refusal,
            CallError::Own => Refusal { code: Code::Malformed, message: String::new() },
        })?;
        if line.method == "subscribe" {
            let subscribed = self.reader.subscribe(&subscription);
            // Before the answer: a snapshot that is asked for after it must not miss a tick in between.
            self.shared.tick_reader(subscribed.map_err(|message| Refusal { code: Code::Refused, message })?);
        } else {
            self.shared.tick_reader(self.reader.unsubscribe(&subscription));
        }
        write_data(&mut out, line.id, &serde_json::json!({}));
        Ok(out)
    }

    fn refuse(&self, id: u64, refusal: &Refusal) {
        let mut out = Vec::new();
        write_refusal(&mut out, id, refusal);
        self.reader.reply(Out::Line(out));
    }
}

/// The clock, in microseconds since 1970 UTC.
pub(super) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}
