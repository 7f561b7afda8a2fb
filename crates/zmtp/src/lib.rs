//! ZeroMQ's wire protocol (ZMTP 3.0 and 3.1, mechanism NULL) over TCP and Unix sockets.
//!
//! Four roles: [`Sub`] and [`Dealer`] connect and find their peer again by themselves; [`Router`] and
//! [`Publisher`] listen. Bytes go socket → [`codec::Decoder`] → [`Message`] → owner, and owner → encoding
//! → bounded outbox → socket.
//!
//! Always true:
//! * nothing is queued for a peer that is not connected; what was queued and not written when a connection
//!   ends is handed back, never sent later;
//! * no memory is reserved because a peer *says* that much will come: buffers grow with bytes that arrived;
//! * every queue, size, duration and number of connections has a bound in [`Limits`];
//! * whatever a peer sends ends in a message, a skipped message or a closed connection with a reason.
//!
//! The codec does no I/O and reads no clock; it is the part that is fuzzed.

pub mod codec;

mod backoff;
mod connection;
mod dealer;
mod endpoint;
mod error;
mod gate;
mod handshake;
mod limits;
mod link;
mod listener;
mod message;
mod outbox;
mod publisher;
mod router;
mod server;
mod stream;
mod sub;

pub use dealer::{Dealer, DealerEvent, DealerHandle, DealerReceiver, SendError};
pub use endpoint::{Endpoint, EndpointError};
pub use error::{BindError, LinkError};
pub use limits::Limits;
pub use link::LinkState;
pub use message::Message;
pub use publisher::{PubStats, Publisher, PublisherHandle};
pub use router::{PeerId, ReplyError, Router, RouterReplies};
pub use server::ServerStats;
pub use sub::{Sub, SubEvent};
