//! The writing half of a connection: answers first, then facts, then ticks that are due; of a long list one part at a
//! time, so that nothing waits behind a snapshot.

use super::handshake::bye;
use super::reader::{Batch, Cut, Out, Reader};
use super::ticks::Quote;
use crate::codec::write_line;
use crate::limits::{PART_BYTES, WRITE_BYTES, WRITE_STALL};
use crate::message::{Parts, write_refusal};
use crate::stream::Stream;
use domain::Text;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncWriteExt, WriteHalf};
use tokio::time::{Instant, sleep_until, timeout};

/// Time for the last line to a peer that may not read.
const BYE_PATIENCE: Duration = Duration::from_millis(200);

/// Writes until the connection breaks (`None`) or is cut.
pub(super) async fn run(mut stream: WriteHalf<Stream>, reader: &Reader, epoch: &Text) -> Option<Cut> {
    let mut buffer = Vec::new();
    let mut lists: VecDeque<(u64, Parts)> = VecDeque::new();
    let mut last_ticks = None;
    loop {
        let now = Instant::now();
        let batch = reader.take(last_ticks, now, !lists.is_empty());
        if let Some(cut) = batch.cut {
            farewell(&mut stream, &cut).await;
            return Some(cut);
        }
        let due = batch.ticks_due;
        if !batch.ticks.is_empty() {
            last_ticks = Some(now);
        }
        fill(&mut buffer, &mut lists, batch, epoch);
        if buffer.is_empty() {
            match due {
                Some(due) => {
                    tokio::select! { () = reader.wake.notified() => {} () = sleep_until(due) => {} }
                }
                None => reader.wake.notified().await,
            }
            continue;
        }
        match write(&mut stream, &buffer).await {
            Ok(true) => {}
            Ok(false) => return Some(Cut::SlowReader),
            Err(_) => return None,
        }
        buffer.clear();
        buffer.shrink_to(WRITE_BYTES);
    }
}

fn fill(buffer: &mut Vec<u8>, lists: &mut VecDeque<(u64, Parts)>, batch: Batch, epoch: &Text) {
    buffer.extend_from_slice(&batch.rest);
    for out in batch.replies {
        match out {
            Out::Line(line) => buffer.extend_from_slice(&line),
            Out::Refusal(id, refusal) => write_refusal(buffer, id, &refusal),
            Out::Answer(id, answer) => {
                let mut parts = Parts::of(answer, epoch);
                match parts.lists.is_empty() {
                    true => drop(parts.write(buffer, id)),
                    false => lists.push_back((id, parts)),
                }
            }
        }
    }
    if let Some((id, mut parts)) = lists.pop_front()
        && !parts.write(buffer, id)
    {
        lists.push_back((id, parts));
    }
    for lines in batch.facts {
        buffer.extend_from_slice(&lines);
    }
    write_ticks(buffer, &batch.ticks);
}

fn write_ticks(buffer: &mut Vec<u8>, quotes: &[Arc<Quote>]) {
    let mut begin = 0;
    for quote in quotes {
        let json = quote.json();
        if begin == 0 {
            begin = buffer.len().max(1);
            buffer.extend_from_slice(br#"{"type":"ticks","data":["#);
        } else {
            buffer.push(b',');
        }
        buffer.extend_from_slice(json);
        if buffer.len() - begin > PART_BYTES {
            buffer.extend_from_slice(b"]}\n");
            begin = 0;
        }
    }
    if begin > 0 {
        buffer.extend_from_slice(b"]}\n");
    }
}

/// Whether the peer took everything. It may be slow, but not without taking a byte for the stall time.
async fn write(stream: &mut WriteHalf<Stream>, buffer: &[u8]) -> std::io::Result<bool> {
    let mut rest = buffer;
    while !rest.is_empty() {
        match timeout(WRITE_STALL, stream.write(rest)).await {
            Ok(Ok(0)) => return Err(std::io::ErrorKind::WriteZero.into()),
            Ok(Ok(n)) => rest = &rest[n..],
            Ok(Err(error)) => return Err(error),
            Err(_) => return Ok(false),
        }
    }
    match timeout(WRITE_STALL, stream.flush()).await {
        Ok(flushed) => flushed.map(|()| true),
        Err(_) => Ok(false),
    }
}

async fn farewell(stream: &mut WriteHalf<Stream>, cut: &Cut) {
    let message = match cut {
        Cut::SlowReader => "facts were not taken fast enough",
        Cut::Overflow => "facts came faster than they could be written",
        Cut::Malformed(why) => why,
        Cut::Silent => "nothing was heard for too long",
        Cut::GoingAway => "the trading process ends",
    };
    let mut line = Vec::new();
    write_line(&mut line, &bye(cut.word(), message.to_owned()));
    let _ = timeout(BYE_PATIENCE, async {
        stream.write_all(&line).await?;
        stream.shutdown().await
    })
    .await;
}
