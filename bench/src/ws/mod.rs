//! Readers of the classic WebSocket: any number on one thread and one `epoll`, gaps counted by the ticks' own
//! sequence number, latency by the time of sending that the test gateway puts into a tick.
//!
//! `frame` cuts the bytes into messages and `tick` reads two numbers out of one; this file connects and drives.
//! Always true: a message is looked at where it lies in the reading buffer; only a message that is split over two
//! reads is copied.

mod frame;
mod tick;

use crate::http::{BUFFER, PATIENCE, request};
use crate::stats::Latencies;
use anyhow::{Result, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use frame::Frame;

const LOOK: Duration = Duration::from_millis(20);

/// What is expected, and when to give up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    /// Ticks from `first` to `last`, by their sequence number.
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// Ends when nothing has come for this long.
    pub(crate) silence: Duration,
    /// Ends then in any case.
    pub(crate) deadline: Duration,
    /// Look at the latency of each so-and-so-many-th tick.
    pub(crate) every: u64,
}

/// What the readers saw; stalled ones are not among them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) ticks: u64,
    pub(crate) lost: u64,
    /// Ticks that came twice or after a later one.
    pub(crate) disorder: u64,
    /// From the first tick to the last.
    pub(crate) seconds: f64,
    pub(crate) latencies: Latencies,
    /// Readers whose connection the server ended.
    pub(crate) cut: usize,
}

impl Seen {
    pub(crate) fn rate(&self) -> f64 {
        self.ticks as f64 / self.seconds
    }
}

/// Connected readers.
pub(crate) struct Readers {
    poll: Poll,
    readers: Vec<Reader>,
    /// Connected and never read from.
    _stalled: Vec<TcpStream>,
    buffer: Vec<u8>,
}

struct Reader {
    stream: TcpStream,
    /// The beginning of a message whose end has not come.
    carry: Vec<u8>,
    newest: u64,
    is_open: bool,
}

/// Connects `count` readers, and `stalled` more that never read.
pub(crate) fn connect(address: SocketAddr, token: &str, count: usize, stalled: usize) -> Result<Readers> {
    let poll = Poll::new()?;
    // The stalled ones first: a server that lets them hurt those that come later is to show it.
    let stalled = (0..stalled).map(|_| Ok(shake(address, token)?.0)).collect::<Result<Vec<_>>>()?;
    let mut readers = Vec::with_capacity(count);
    for at in 0..count {
        let (mut stream, carry) = shake(address, token)?;
        poll.registry().register(&mut stream, Token(at), Interest::READABLE)?;
        readers.push(Reader { stream, carry, newest: 0, is_open: true });
    }
    Ok(Readers { poll, readers, _stalled: stalled, buffer: vec![0; BUFFER] })
}

/// Opens the WebSocket; also what came behind the handshake's answer.
fn shake(address: SocketAddr, token: &str) -> Result<(TcpStream, Vec<u8>)> {
    let mut stream = std::net::TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let headers = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    stream.write_all(&request("GET", &format!("/ws/?token={token}"), "", headers, ""))?;
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    let end = loop {
        match stream.read(&mut buffer)? {
            0 => bail!("the server closed a WebSocket in its handshake"),
            read => received.extend_from_slice(&buffer[..read]),
        }
        if let Some(end) = memchr::memmem::find(&received, b"\r\n\r\n") {
            break end + 4;
        }
    };
    if !received.starts_with(b"HTTP/1.1 101 ") {
        bail!("the WebSocket was refused: {}", String::from_utf8_lossy(&received));
    }
    stream.set_nonblocking(true)?;
    Ok((TcpStream::from_std(stream), received.split_off(end)))
}

impl Readers {
    /// Reads until every reader has seen the last tick, nothing comes any more, or the deadline.
    pub(crate) fn watch(&mut self, watch: &Watch) -> Result<Seen> {
        let mut seen = Seen::default();
        let mut events = Events::with_capacity(1024);
        let begun = Instant::now();
        let (mut first, mut last) = (None, begun);
        self.readers.iter_mut().for_each(|reader| reader.newest = watch.first - 1);
        let mut ready: Vec<usize> = (0..self.readers.len()).collect();
        while !self.is_done(watch) && begun.elapsed() < watch.deadline {
            for at in ready.drain(..) {
                let before = seen.ticks;
                self.readers[at].read(&mut self.buffer, watch, &mut seen)?;
                if seen.ticks > before {
                    last = Instant::now();
                    first.get_or_insert(last);
                }
            }
            if last.elapsed() > watch.silence {
                break;
            }
            match self.poll.poll(&mut events, Some(LOOK)) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
                _ => ready.extend(events.iter().map(|event| event.token().0)),
            }
        }
        // What never came at the end has no later tick that would show the gap.
        let missing = self.readers.iter().map(|reader| watch.last.saturating_sub(reader.newest));
        seen.lost = missing.fold(seen.lost, u64::saturating_add);
        seen.cut = self.readers.iter().filter(|reader| !reader.is_open).count();
        seen.seconds = first.map_or(f64::NAN, |first| (last - first).as_secs_f64());
        Ok(seen)
    }

    fn is_done(&self, watch: &Watch) -> bool {
        self.readers.iter().all(|reader| reader.newest >= watch.last || !reader.is_open)
    }

    /// How many readers have seen a tick since the last `watch` began.
    pub(crate) fn awake(&self, before: u64) -> usize {
        self.readers.iter().filter(|reader| reader.newest > before).count()
    }

    pub(crate) fn len(&self) -> usize {
        self.readers.len()
    }
}

impl Reader {
    fn read(&mut self, buffer: &mut [u8], watch: &Watch, seen: &mut Seen) -> Result<()> {
        while self.is_open {
            let read = match self.stream.read(buffer) {
                Ok(0) => {
                    self.is_open = false;
                    return Ok(());
                }
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => {
                    self.is_open = false;
                    return Ok(());
                }
            };
            if self.carry.is_empty() {
                let used = self.frames(&buffer[..read], watch, seen)?;
                self.carry.extend_from_slice(&buffer[used..read]);
            } else {
                let mut carry = std::mem::take(&mut self.carry);
                carry.extend_from_slice(&buffer[..read]);
                let used = self.frames(&carry, watch, seen)?;
                carry.drain(..used);
                self.carry = carry;
            }
            if read < buffer.len() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes all whole messages; returns how many bytes they had.
    fn frames(&mut self, bytes: &[u8], watch: &Watch, seen: &mut Seen) -> Result<usize> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut used = 0;
        while let Some(frame) = Frame::parse(&bytes[used..])? {
            let payload = &bytes[used + frame.header..used + frame.header + frame.payload];
            used += frame.header + frame.payload;
            match frame.opcode {
                frame::TEXT => self.tick(payload, now, watch, seen),
                frame::PING => self.pong(payload)?,
                frame::CLOSE => self.is_open = false,
                _ => {}
            }
        }
        Ok(used)
    }

    fn tick(&mut self, payload: &[u8], now: Duration, watch: &Watch, seen: &mut Seen) {
        let Some(number) = tick::number(payload) else { return };
        if number < watch.first {
            return;
        }
        seen.ticks += 1;
        if number <= self.newest {
            seen.disorder += 1;
            return;
        }
        seen.lost += number - self.newest - 1;
        self.newest = number;
        if number.is_multiple_of(watch.every)
            && let Some(sent) = tick::sent(payload)
        {
            seen.latencies.add(now.saturating_sub(sent));
        }
    }

    fn pong(&mut self, payload: &[u8]) -> Result<()> {
        let length = u8::try_from(payload.len()).unwrap_or(125).min(125);
        // A mask of zeros leaves the bytes as they are.
        let frame = [&[0x8A, 0x80 | length, 0, 0, 0, 0], &payload[..usize::from(length)]].concat();
        self.stream.write_all(&frame)?;
        Ok(())
    }
}
