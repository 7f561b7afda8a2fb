//! Every bound of this crate, each with its reason.
//!
//! A role takes one [`Limits`] when it is made and keeps it. The constructors are the defaults by role;
//! all fields are public so that an owner who knows its peers can tighten or widen them.

use crate::codec::FrameLimits;
use std::time::Duration;

/// Bounds of one socket. Sizes are in bytes and count payload, not frame headers.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest frame that is delivered.
    pub frame_bytes: u64,
    /// Most parts in one message.
    pub parts: usize,
    /// Largest message that is delivered, all parts together.
    pub message_bytes: u64,
    /// A message above the bounds, but not above this, is discarded while it arrives and the connection goes on;
    /// a larger one ends the connection. 0: each message above the bounds ends the connection.
    pub skip_bytes: u64,
    /// Largest command (READY, PING, SUBSCRIBE and the like).
    pub command_bytes: u64,
    /// Connecting (clients), greeting and READY together must be done within this time.
    pub handshake: Duration,
    /// Space for one read from the socket.
    pub read_bytes: usize,
    /// Received messages below this size are copied out of the read buffer, so that one kept message does not hold it.
    pub copy_below: usize,
    /// Most messages that [`crate::Sub::next`] puts into one batch.
    pub batch_messages: usize,
    /// Most messages that wait for one peer, beside those of the write in progress.
    pub send_queue_messages: usize,
    /// Most bytes that wait for one peer; a single message above it is refused as if the queue were full.
    pub send_queue_bytes: usize,
    /// A peer whose connection takes no byte for this time while something waits for it is given up.
    pub stalled: Duration,
    /// ROUTER: while more than this waits for a peer, no further requests are read from it.
    pub reply_backlog_bytes: usize,
    /// Messages received by all connections of a server together that wait for its owner; then the peers wait.
    pub receive_queue_messages: usize,
    /// Most connections of a server, those in the handshake included.
    pub connections_total: usize,
    /// Most connections from one IPv4 address or one IPv6 /64 network. Unix sockets have the total only.
    pub connections_per_address: usize,
    /// Most different prefixes that one subscriber may ask for.
    pub subscriptions: usize,
    /// Clients ask a silent peer (PING, ZMTP 3.1) after this time, and again each time it has passed.
    pub ping_after: Duration,
    /// Clients give up a peer that speaks ZMTP 3.1 and sent no byte for this time, PONGs included.
    pub dead_after: Duration,
}

impl Limits {
    /// For DEALER: replies may be large (20,000 contracts are 2.2 MB), requests wait only briefly.
    pub fn dealer() -> Self {
        Self {
            frame_bytes: 64 << 20,
            parts: 64,
            message_bytes: 64 << 20,
            // A local peer's monstrous reply should cost that reply, not all others in flight.
            skip_bytes: 1 << 30,
            command_bytes: 8 << 10,
            handshake: Duration::from_secs(3),
            read_bytes: 64 << 10,
            copy_below: 4 << 10,
            batch_messages: 1024,
            // libzmq's own high-water mark is 1,000; requests that wait longer than that are late anyway.
            send_queue_messages: 1000,
            send_queue_bytes: 64 << 20,
            // Long enough for a process in a debugger; ends what a peer that never reads holds in memory.
            stalled: Duration::from_secs(120),
            reply_backlog_bytes: 0,
            receive_queue_messages: 0,
            connections_total: 0,
            connections_per_address: 0,
            subscriptions: 0,
            ping_after: Duration::from_secs(2),
            // libzmq answers from its I/O thread, even while the application is in a long call: silence is not slowness.
            dead_after: Duration::from_secs(10),
        }
    }

    /// For SUB: larger reads, no copies, because its owner consumes each batch at once.
    pub fn sub() -> Self {
        Self { read_bytes: 128 << 10, copy_below: 0, ..Self::dealer() }
    }

    /// For ROUTER: peers may be strangers; requests are small and replies may be large.
    pub fn router() -> Self {
        Self {
            frame_bytes: 1 << 20,
            message_bytes: 1 << 20,
            skip_bytes: 0,
            handshake: Duration::from_secs(5),
            read_bytes: 8 << 10,
            // Asking for more while not reading what came must cost the asker, not us.
            reply_backlog_bytes: 1 << 20,
            // Times a megabyte each: 64 MB at the very most.
            receive_queue_messages: 64,
            connections_total: 256,
            connections_per_address: 64,
            ..Self::dealer()
        }
    }

    /// For PUB: a peer sends nothing but subscriptions; its queue takes a burst (5,000 ticks of 1 KB are 5 MB).
    pub fn publisher() -> Self {
        Self {
            frame_bytes: 1 << 10,
            message_bytes: 1 << 10,
            command_bytes: 1 << 10,
            read_bytes: 1 << 10,
            send_queue_messages: 20_000,
            send_queue_bytes: 32 << 20,
            // Times 1 KB a prefix: half a megabyte for a hostile peer at most.
            subscriptions: 512,
            ..Self::router()
        }
    }

    pub(crate) fn frames(&self) -> FrameLimits {
        FrameLimits {
            frame_bytes: self.frame_bytes,
            parts: self.parts,
            message_bytes: self.message_bytes,
            skip_bytes: self.skip_bytes,
            command_bytes: self.command_bytes,
            copy_below: self.copy_below,
        }
    }
}
