//! What waits to be written to one peer, and the writing of it.
//!
//! Anyone with a reference pushes, from any thread; [`Outbox::push_now`] also tries to write at once, so that a
//! lone request costs no wake-up of another task. Whoever gets the writer's lock writes for all others, many
//! messages in one system call. What the kernel does not take now, the connection's task writes from
//! [`Outbox::drive`].
//!
//! Always true: messages leave in the order of their pushes; the queue has a bound; a message is given back by
//! [`Outbox::close`] exactly when the kernel has not taken all of it, so the peer cannot have received it.
//!
//! If it is full: the push is refused and the pusher decides (a caller is told, a subscriber loses a message).

use crate::{Limits, codec::Encoded, stream::WriteHalf};
use std::{
    collections::VecDeque,
    io::{self, IoSlice},
    sync::{Mutex, MutexGuard, PoisonError, TryLockError},
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};

/// Blocks in one system call; the kernel takes up to 1,024, the gain ends far below.
const BLOCKS: usize = 64;
/// System calls of one pusher on behalf of others before it leaves the rest to the connection's task.
const ROUNDS: usize = 8;

/// Why a push was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PushError {
    Closed,
    Full,
}

pub(crate) struct Outbox {
    queue: Mutex<Queue>,
    /// Locked before `queue` where both are needed.
    writer: Mutex<Writer>,
    wake: Notify,
    stream: WriteHalf,
    max_messages: usize,
    max_bytes: usize,
    stalled: Duration,
}

#[derive(Default)]
struct Queue {
    entries: VecDeque<Encoded>,
    bytes: usize,
    closed: bool,
    /// The kernel's buffer was full, or a writer gave up its turn: the connection's task goes on.
    blocked: bool,
    failure: Option<io::Error>,
}

/// The messages of the write in progress.
#[derive(Default)]
struct Writer {
    current: VecDeque<Encoded>,
    /// Bytes of the first one that the kernel has.
    written: usize,
}

enum Progress {
    Done,
    Blocked,
}

impl Outbox {
    pub(crate) fn new(stream: WriteHalf, limits: &Limits) -> Self {
        Self {
            queue: Mutex::default(),
            writer: Mutex::default(),
            wake: Notify::new(),
            stream,
            max_messages: limits.send_queue_messages,
            max_bytes: limits.send_queue_bytes,
            stalled: limits.stalled,
        }
    }

    /// Queues; the connection's task writes soon, together with what else comes until then.
    pub(crate) fn push(&self, entry: Encoded) -> Result<(), PushError> {
        let (was_empty, _) = self.enqueue(entry)?;
        if was_empty {
            self.wake.notify_one();
        }
        Ok(())
    }

    /// Queues, and writes at once if the kernel takes it and nobody else is writing.
    pub(crate) fn push_now(&self, entry: Encoded) -> Result<(), PushError> {
        let (_, blocked) = self.enqueue(entry)?;
        if !blocked {
            self.write_if_free();
        }
        Ok(())
    }

    /// Writes what pushers could not; ends only with an error. Cancel-safe.
    pub(crate) async fn drive(&self) -> io::Error {
        loop {
            match self.has_work() {
                Err(error) => return error,
                Ok(false) => self.wake.notified().await,
                Ok(true) => {
                    if let Err(error) = self.write_more().await {
                        return error;
                    }
                }
            }
        }
    }

    /// Writes until at most `bytes` wait. Cancel-safe.
    pub(crate) async fn drain(&self, bytes: usize) -> io::Result<()> {
        while lock(&self.queue).bytes > bytes && self.has_work()? {
            self.write_more().await?;
        }
        Ok(())
    }

    async fn write_more(&self) -> io::Result<()> {
        let writable = timeout(self.stalled, self.stream.writable());
        writable.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
        // An error shows up in `has_work`.
        let _ = self.flush(&mut lock(&self.writer));
        Ok(())
    }

    /// Refuses pushes from now on and gives back, in order, what was certainly not sent.
    pub(crate) fn close(&self) -> Vec<Encoded> {
        let mut writer = lock(&self.writer);
        let mut queue = lock(&self.queue);
        queue.closed = true;
        queue.bytes = 0;
        writer.written = 0;
        let current = std::mem::take(&mut writer.current);
        current.into_iter().chain(std::mem::take(&mut queue.entries)).collect()
    }

    /// Hands to the kernel what it takes without waiting; for the end of a server.
    pub(crate) fn flush_once(&self) {
        let _ = self.flush(&mut lock(&self.writer));
    }

    fn enqueue(&self, entry: Encoded) -> Result<(bool, bool), PushError> {
        let mut queue = lock(&self.queue);
        if queue.closed || queue.failure.is_some() {
            return Err(PushError::Closed);
        }
        if queue.entries.len() >= self.max_messages || queue.bytes.saturating_add(entry.len()) > self.max_bytes {
            return Err(PushError::Full);
        }
        let was_empty = queue.entries.is_empty();
        queue.bytes += entry.len();
        queue.entries.push_back(entry);
        Ok((was_empty, queue.blocked))
    }

    fn has_work(&self) -> io::Result<bool> {
        let mut queue = lock(&self.queue);
        match queue.failure.take() {
            Some(error) => {
                queue.closed = true;
                Err(error)
            }
            None => Ok(queue.blocked || !queue.entries.is_empty()),
        }
    }

    fn write_if_free(&self) {
        loop {
            let mut writer = match self.writer.try_lock() {
                Ok(writer) => writer,
                // Who holds it looks at the queue once more after letting go.
                Err(TryLockError::WouldBlock) => return,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            };
            let progress = self.flush(&mut writer);
            drop(writer);
            match progress {
                Ok(Progress::Done) if lock(&self.queue).entries.is_empty() => return,
                Ok(Progress::Done) => {}
                Ok(Progress::Blocked) | Err(()) => return self.wake.notify_one(),
            }
        }
    }

    /// `Err`: the connection is broken; the reason is in the queue.
    fn flush(&self, writer: &mut Writer) -> Result<Progress, ()> {
        for _ in 0..ROUNDS {
            if !self.refill(writer) {
                return Ok(Progress::Done);
            }
            match writer.write(&self.stream) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => {
                    lock(&self.queue).failure.get_or_insert(error);
                    return Err(());
                }
            }
        }
        lock(&self.queue).blocked = true;
        Ok(Progress::Blocked)
    }

    /// Takes the next messages to write; false when there are none.
    fn refill(&self, writer: &mut Writer) -> bool {
        let mut queue = lock(&self.queue);
        let mut blocks: usize = writer.current.iter().map(|entry| entry.blocks().len()).sum();
        while blocks < BLOCKS
            && let Some(entry) = queue.entries.pop_front()
        {
            queue.bytes -= entry.len();
            blocks += entry.blocks().len();
            writer.current.push_back(entry);
        }
        queue.blocked &= !writer.current.is_empty();
        !writer.current.is_empty()
    }
}

impl Writer {
    fn write(&mut self, stream: &WriteHalf) -> io::Result<()> {
        let mut slices = [IoSlice::new(&[]); BLOCKS];
        let mut count = 0;
        let mut skip = self.written;
        for block in self.current.iter().flat_map(|entry| entry.blocks()) {
            if count == BLOCKS {
                break;
            }
            if skip >= block.len() {
                skip -= block.len();
                continue;
            }
            slices[count] = IoSlice::new(&block[skip..]);
            skip = 0;
            count += 1;
        }
        match stream.try_write(&slices[..count])? {
            0 => Err(io::ErrorKind::WriteZero.into()),
            bytes => {
                self.advance(bytes);
                Ok(())
            }
        }
    }

    fn advance(&mut self, bytes: usize) {
        self.written += bytes;
        while let Some(first) = self.current.front()
            && self.written >= first.len()
        {
            self.written -= first.len();
            self.current.pop_front();
        }
    }
}

/// A panic elsewhere leaves these structures whole: they are changed only in steps that cannot panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
