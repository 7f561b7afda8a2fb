//! What can be wrong with bytes that a peer sent. Each of these ends the connection.

/// A violation of ZMTP 3, or of our bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    #[error("the peer does not speak ZMTP (its first bytes are not a ZMTP signature)")]
    NotZmtp,
    #[error("the peer speaks ZMTP {0}; version 3 is needed")]
    OldVersion(u8),
    #[error("the peer wants the security mechanism {0:?}; only NULL is spoken here")]
    Mechanism(String),
    #[error("frame flags {0:#04x} are reserved or contradict each other")]
    Flags(u8),
    #[error("a frame of {size} bytes is above the bound of {limit}")]
    FrameTooLarge { size: u64, limit: u64 },
    #[error("a message of at least {size} bytes is above the bound of {limit}")]
    MessageTooLarge { size: u64, limit: u64 },
    #[error("a message has more than {limit} parts")]
    TooManyParts { limit: usize },
    #[error("a command of {size} bytes is above the bound of {limit}")]
    CommandTooLarge { size: u64, limit: u64 },
    #[error("a command is malformed: {0}")]
    Command(&'static str),
}
