//! A request on its way to the owner, and the way back.

use super::reader::{Out, Reader};
use crate::message::{Answer, Call, Code, Refusal};
use std::sync::Arc;
use tokio::time::Instant;

/// What a client asks.
#[derive(Debug)]
pub struct Request {
    /// What.
    pub call: Call,
    /// When the client stops waiting. A command that has not begun by then need not begin.
    pub deadline: Instant,
    /// The way back.
    pub reply: Reply,
}

/// Answers one request, from any thread and without waiting. One that is dropped answers that it failed.
#[derive(Debug)]
pub struct Reply {
    to: Option<Arc<Reader>>,
    id: u64,
}

impl Reply {
    pub(super) fn new(to: Arc<Reader>, id: u64) -> Reply {
        Reply { to: Some(to), id }
    }

    /// It was carried out.
    pub fn answer(mut self, answer: Answer) {
        if let Some(reader) = self.to.take() {
            reader.reply(Out::Answer(self.id, answer));
        }
    }

    /// It was not carried out, or nobody knows: what the code says.
    pub fn refuse(mut self, code: Code, message: impl Into<String>) {
        self.refuse_with(Refusal { code, message: message.into() });
    }

    fn refuse_with(&mut self, refusal: Refusal) {
        if let Some(reader) = self.to.take() {
            reader.reply(Out::Refusal(self.id, refusal));
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.refuse_with(Refusal { code: Code::Failed, message: "nobody answered".into() });
    }
}
