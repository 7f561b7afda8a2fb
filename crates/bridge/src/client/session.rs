//! One connection: writes requests, reads everything else, and ends at the first sign that something was missed.

use super::call::{Books, Caller};
use super::events::{Batch, Inbox};
use super::functions::readable;
use crate::codec::Lines;
use crate::limits::{HEARTBEATS_MISSED, READ_BYTES};
use crate::message::{Fact, Hello, Inbound, Refusal, kinds};
use crate::stream::Stream;
use domain::TickData;
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::time::timeout;

/// What is heard on one connection.
pub(super) struct Session<'a> {
    pub(super) books: &'a Books,
    pub(super) inbox: &'a Inbox,
    pub(super) caller: Caller,
    /// Number of the last fact that was heard.
    pub(super) seq: u64,
    pub(super) heartbeat: Duration,
    /// Answers of the lines that are being taken.
    answers: Vec<(u64, Result<Box<RawValue>, Refusal>, bool)>,
}

impl<'a> Session<'a> {
    pub(super) fn new(books: &'a Arc<Books>, inbox: &'a Inbox, hello: &Hello) -> Session<'a> {
        let heartbeat = Duration::from_millis(hello.heartbeat_ms.clamp(100, 60_000));
        Session { books, inbox, caller: Caller::new(Arc::clone(books)), seq: hello.seq, heartbeat, answers: Vec::new() }
    }

    /// Runs until the connection ends; why it did.
    pub(super) async fn run(mut self, stream: Stream, lines: Lines) -> String {
        let (read, write) = tokio::io::split(stream);
        let (books, caller, heartbeat) = (self.books, self.caller.clone(), self.heartbeat);
        tokio::select! {
            reason = self.hear(read, lines) => reason,
            reason = speak(books, write) => reason,
            () = ping(caller, heartbeat) => String::new(),
        }
    }

    async fn hear(&mut self, mut stream: ReadHalf<Stream>, mut lines: Lines) -> String {
        let patience = self.heartbeat * HEARTBEATS_MISSED;
        let (mut chunk, mut batch) = (vec![0; READ_BYTES], Batch::default());
        loop {
            let taken = self.take_lines(&mut lines, &mut batch);
            let fits = self.inbox.add(&mut batch);
            // Last, so that whoever waits for an answer is the first to go on.
            for (id, part, is_last) in self.answers.drain(..) {
                self.books.answered(id, part, is_last);
            }
            if let Err(reason) = taken {
                return reason;
            }
            if !fits {
                return "what it told was not taken fast enough here".into();
            }
            match timeout(patience, stream.read(&mut chunk)).await {
                Ok(Ok(0)) => return "it closed the connection".into(),
                Ok(Ok(n)) => lines.push(&chunk[..n]),
                Ok(Err(error)) => return error.to_string(),
                Err(_) => return format!("no heartbeat for {} s", patience.as_secs_f32()),
            }
        }
    }

    /// Takes the whole lines that are there.
    fn take_lines(&mut self, lines: &mut Lines, batch: &mut Batch) -> Result<(), String> {
        while let Some(line) = lines.next_line().map_err(|error| error.to_string())? {
            self.take(line, batch)?;
        }
        Ok(())
    }

    fn take(&mut self, line: &[u8], batch: &mut Batch) -> Result<(), String> {
        let malformed = |error: serde_json::Error| format!("a line that cannot be read: {error}");
        let line: Inbound<'_> = serde_json::from_slice(line).map_err(malformed)?;
        match &*line.line {
            kinds::REPLY => self.answer(line),
            kinds::FACT => {
                self.follows(line.seq, 1)?;
                let data = line.data.ok_or("a fact without data")?;
                match Fact::read(&line.kind, data) {
                    Ok(fact) => batch.facts.push((line.seq, fact)),
                    // One row that this version cannot read must not keep all others away for ever.
                    Err(error) => {
                        self.books.skipped().fetch_add(1, Ordering::Relaxed);
                        tracing::warn!(kind = %line.kind, seq = line.seq, %error, "a fact cannot be read");
                    }
                }
            }
            kinds::TICKS => {
                let data = line.data.map_or("[]", |data| data.get());
                batch.ticks.extend(self.ticks(data).map_err(malformed)?.into_iter().map(Arc::new));
            }
            kinds::HEARTBEAT => self.follows(line.seq, 0)?,
            kinds::BYE => return Err(format!("it ended the connection: {}", line.reason)),
            // Something of a later version.
            _ => {}
        }
        Ok(())
    }

    /// Whether a number is the one that must come now.
    fn follows(&mut self, seq: u64, step: u64) -> Result<(), String> {
        let expected = self.seq + step;
        self.seq = seq;
        match seq == expected {
            true => Ok(()),
            false => Err(format!("fact {expected} is missing: {seq} came")),
        }
    }

    fn ticks(&self, data: &str) -> serde_json::Result<Vec<TickData>> {
        match serde_json::from_str(data) {
            Ok(ticks) => Ok(ticks),
            Err(_) => Ok(readable(&serde_json::from_str::<Vec<&RawValue>>(data)?, self.books.skipped())),
        }
    }

    fn answer(&mut self, line: Inbound<'_>) {
        let part = match (line.ok, line.error) {
            (true, _) => match line.data {
                Some(data) => Ok(data.to_owned()),
                None => Ok(RawValue::NULL.to_owned()),
            },
            (false, Some(refusal)) => Err(refusal),
            (false, None) => Err(Refusal { code: crate::Code::Failed, message: String::new() }),
        };
        self.answers.push((line.id, part, !line.more));
    }
}

/// Writes requests as they come.
async fn speak(books: &Books, mut stream: WriteHalf<Stream>) -> String {
    let (mut buffer, mut ends) = (Vec::new(), VecDeque::new());
    loop {
        if books.is_reset() {
            return "it was to be made anew".into();
        }
        buffer.clear();
        books.take(&mut buffer, &mut ends);
        if buffer.is_empty() {
            books.wake.notified().await;
            continue;
        }
        let mut written = 0;
        while written < buffer.len() {
            match stream.write(&buffer[written..]).await {
                Ok(0) => return "the connection takes nothing any more".into(),
                Ok(n) => written += n,
                Err(error) => return error.to_string(),
            }
            while let Some((id, _)) = ends.pop_front_if(|(_, end)| *end <= written) {
                books.sent(id);
            }
        }
        if let Err(error) = stream.flush().await {
            return error.to_string();
        }
    }
}

/// Shows that we are there, and measures the way. A ping that is not answered is the hearing half's business.
async fn ping(caller: Caller, every: Duration) {
    loop {
        let _ = caller.ping(every).await;
        tokio::time::sleep(every).await;
    }
}
