//! Closed loops: on each connection the next request goes out when the last one's answer is whole.
//!
//! One thread and one `epoll` for all connections; per request one write, one wait (shared by what is ready at the
//! same time) and one read for a small answer. The time of an operation runs from its write to the last byte of its
//! answer.

use super::{BUFFER, Head, PATIENCE};
use crate::stats::Latencies;
use anyhow::{Context, Result, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How often a loop that waits looks at its deadlines.
const LOOK: Duration = Duration::from_millis(100);

/// What to send, how often, for how long.
pub(crate) struct Load<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) request: &'a [u8],
    pub(crate) connections: usize,
    pub(crate) duration: Duration,
    /// Most requests in all.
    pub(crate) most: u64,
    pub(crate) status: u16,
    /// Leave the first answer of each connection out of the latencies: its server had to accept it first.
    pub(crate) skip_first: bool,
    /// Ends the load before its time.
    pub(crate) stop: Option<&'a AtomicBool>,
}

impl<'a> Load<'a> {
    pub(crate) fn new(address: SocketAddr, request: &'a [u8], connections: usize, duration: Duration) -> Load<'a> {
        Load { address, request, connections, duration, most: u64::MAX, status: 200, skip_first: true, stop: None }
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) done: u64,
    /// Bytes of the bodies.
    pub(crate) body_bytes: u64,
    /// From the first request to the last answer.
    pub(crate) seconds: f64,
    pub(crate) latencies: Latencies,
}

impl Outcome {
    pub(crate) fn rate(&self) -> f64 {
        self.done as f64 / self.seconds
    }
}

struct Connection {
    stream: TcpStream,
    /// What has come of a head that is not whole.
    head: Vec<u8>,
    /// Bytes of the body that are still to come; `None` while the head is not whole.
    missing: Option<usize>,
    sent: Instant,
    is_busy: bool,
    answers: u64,
}

/// Runs a load to its end. An error if any answer has another status, or none comes for a minute.
pub(crate) fn run(load: &Load<'_>) -> Result<Outcome> {
    let mut poll = Poll::new()?;
    let mut connections =
        (0..load.connections).map(|at| connect(load.address, &poll, at)).collect::<Result<Vec<_>>>()?;
    let begun = Instant::now();
    let mut run = Run { load, begun, started: 0, busy: 0, last: begun, outcome: Outcome::nothing() };
    for connection in &mut connections {
        run.send(connection)?;
    }
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; BUFFER];
    while run.busy > 0 {
        if let Err(error) = poll.poll(&mut events, Some(LOOK))
            && error.kind() != ErrorKind::Interrupted
        {
            return Err(error.into());
        }
        for event in &events {
            run.read(&mut connections[event.token().0], &mut buffer)?;
        }
        if run.last.elapsed() > PATIENCE {
            bail!("no answer for {PATIENCE:?}, {} requests are open", run.busy);
        }
    }
    run.outcome.seconds = (run.last - begun).as_secs_f64();
    Ok(run.outcome)
}

impl Outcome {
    fn nothing() -> Outcome {
        Outcome { done: 0, body_bytes: 0, seconds: 0.0, latencies: Latencies::default() }
    }
}

fn connect(address: SocketAddr, poll: &Poll, at: usize) -> Result<Connection> {
    // Blocking: a connection that is not there yet cannot be written to.
    let stream = std::net::TcpStream::connect_timeout(&address, PATIENCE).context("cannot connect")?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream);
    poll.registry().register(&mut stream, Token(at), Interest::READABLE)?;
    let sent = Instant::now();
    Ok(Connection { stream, head: Vec::new(), missing: None, sent, is_busy: false, answers: 0 })
}

struct Run<'a> {
    load: &'a Load<'a>,
    begun: Instant,
    started: u64,
    busy: usize,
    last: Instant,
    outcome: Outcome,
}

impl Run<'_> {
    fn is_over(&self, now: Instant) -> bool {
        let stopped = self.load.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
        stopped || self.started >= self.load.most || now - self.begun >= self.load.duration
    }

    fn send(&mut self, connection: &mut Connection) -> Result<()> {
        let now = Instant::now();
        if self.is_over(now) {
            return Ok(());
        }
        connection.sent = now;
        // A request is a few hundred bytes on an empty socket: it goes out whole.
        let written = connection.stream.write(self.load.request)?;
        if written < self.load.request.len() {
            bail!("a request did not fit into the socket's buffer");
        }
        self.started += 1;
        self.busy += 1;
        connection.is_busy = true;
        Ok(())
    }

    /// Reads until nothing is left or the answer is whole; then sends the next request.
    fn read(&mut self, connection: &mut Connection, buffer: &mut [u8]) -> Result<()> {
        loop {
            let read = match connection.stream.read(buffer) {
                Ok(0) if connection.is_busy => bail!("the server closed a connection with a request in it"),
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            if self.take(connection, &buffer[..read])? {
                self.finish(connection);
                return self.send(connection);
            }
            // A short read has emptied the socket; what comes later wakes us again.
            if read < buffer.len() {
                return Ok(());
            }
        }
    }

    /// Takes bytes of an answer; true if it is now whole.
    fn take(&mut self, connection: &mut Connection, bytes: &[u8]) -> Result<bool> {
        let body = match connection.missing {
            Some(missing) => {
                let left = missing.checked_sub(bytes.len()).context("an answer is longer than it said")?;
                connection.missing = Some(left);
                return Ok(left == 0);
            }
            None if connection.head.is_empty() => bytes,
            None => {
                connection.head.extend_from_slice(bytes);
                &connection.head
            }
        };
        let Some(head) = Head::parse(body)? else {
            if connection.head.is_empty() {
                connection.head = bytes.to_vec();
            }
            return Ok(false);
        };
        if head.status != self.load.status {
            bail!("status {}: {}", head.status, String::from_utf8_lossy(&body[..body.len().min(600)]));
        }
        self.outcome.body_bytes += head.body as u64;
        let here = body.len() - head.bytes;
        let left = head.body.checked_sub(here).context("an answer is longer than it said")?;
        connection.head.clear();
        connection.missing = Some(left);
        Ok(left == 0)
    }

    fn finish(&mut self, connection: &mut Connection) {
        self.last = Instant::now();
        if connection.answers > 0 || !self.load.skip_first {
            self.outcome.latencies.add(self.last - connection.sent);
        }
        connection.answers += 1;
        connection.missing = None;
        connection.is_busy = false;
        self.busy -= 1;
        self.outcome.done += 1;
    }
}
