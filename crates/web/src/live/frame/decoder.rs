//! Frames from client to server, parsed in pieces of any size. See the parent's header for the rules.
//!
//! Control flow: `next` fills the header, then hands payload to the message or the control frame it
//! belongs to, and returns at each complete message or control frame.

use super::utf8::Utf8;
use super::{Opcode, Violation};

const TEXT: u8 = Opcode::Text as u8;
const BINARY: u8 = 2;
const CONTINUATION: u8 = 0;
const RSV1: u8 = 0x40;
/// Unmasked piece by piece in a buffer of this size on the stack.
const PIECE: usize = 512;

/// Whether message payloads are wanted. The classic stream ignores what clients say, and 10,000 of
/// them talking slowly must not hold 10,000 messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Payload,
    Nothing,
}

/// What a client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A whole text message (valid UTF-8); empty where nothing is kept.
    Text(Vec<u8>),
    /// A whole compressed message (RFC 7692), as it came; only from a decoder that takes those.
    Packed(Vec<u8>),
    Ping(Control),
    Pong(Control),
    /// The code it gave, if any. Nothing comes after it.
    Close(Option<u16>),
}

/// Payload of a control frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Control {
    bytes: [u8; 125],
    length: usize,
}

/// Parser of one client's bytes.
#[derive(Debug)]
pub struct Decoder {
    keep: Keep,
    takes_packed: bool,
    limit: usize,
    header: [u8; 14],
    header_length: usize,
    frame: Option<Frame>,
    control: Control,
    message: Option<Message>,
    over: bool,
}

/// The frame whose payload is being read.
#[derive(Debug, Clone, Copy)]
struct Frame {
    opcode: u8,
    last: bool,
    mask: [u8; 4],
    read: u64,
    length: u64,
}

/// The (perhaps fragmented) text that is being read.
#[derive(Debug, Default)]
struct Message {
    packed: bool,
    length: usize,
    payload: Vec<u8>,
    utf8: Utf8,
}

impl Decoder {
    /// `limit`: bytes of a message, all its fragments together.
    #[must_use]
    pub fn new(keep: Keep, limit: usize) -> Self {
        Self {
            keep,
            takes_packed: false,
            limit,
            header: [0; 14],
            header_length: 0,
            frame: None,
            control: Control::default(),
            message: None,
            over: false,
        }
    }

    /// The same for a connection with permessage-deflate; `limit` holds for messages as they come.
    #[must_use]
    pub fn with_packed(keep: Keep, limit: usize) -> Self {
        Self { takes_packed: true, ..Self::new(keep, limit) }
    }

    /// Reads on in `input`, which is moved over what was used. `None`: more bytes are needed.
    ///
    /// # Errors
    /// The client broke the protocol; answer with the violation's code and close.
    pub fn next(&mut self, input: &mut &[u8]) -> Result<Option<Event>, Violation> {
        while !self.over {
            let frame = match self.frame {
                Some(frame) => frame,
                None => match self.read_header(input).inspect_err(|_| self.over = true)? {
                    Some(frame) => frame,
                    None => return Ok(None),
                },
            };
            let frame = self.read_payload(frame, input).inspect_err(|_| self.over = true)?;
            self.frame = Some(frame);
            if frame.read < frame.length {
                return Ok(None);
            }
            self.frame = None;
            if let Some(event) = self.finish_frame(frame).inspect_err(|_| self.over = true)? {
                return Ok(Some(event));
            }
        }
        *input = &[];
        Ok(None)
    }

    fn read_header(&mut self, input: &mut &[u8]) -> Result<Option<Frame>, Violation> {
        loop {
            let needed = match self.header_length {
                0 | 1 => 2,
                _ => 6 + extended_length_bytes(self.header[1]),
            };
            let taken = (needed - self.header_length).min(input.len());
            self.header[self.header_length..][..taken].copy_from_slice(&input[..taken]);
            *input = &input[taken..];
            self.header_length += taken;
            if self.header_length < needed {
                return Ok(None);
            }
            if needed > 2 {
                return self.parse_header().map(Some);
            }
            self.check_start()?;
        }
    }

    /// The rules that the first two bytes alone can break, so that garbage is refused at once.
    fn check_start(&self) -> Result<(), Violation> {
        let [first, second, ..] = self.header;
        let (opcode, last) = (first & 0x0f, first & 0x80 != 0);
        let refuse = |reason| Err(Violation::Protocol(reason));
        // RSV1 marks a compressed message, on its first frame only. A binary one is refused for what it is.
        let allowed = if self.takes_packed && matches!(opcode, TEXT | BINARY) { RSV1 } else { 0 };
        if first & 0x70 & !allowed != 0 {
            return refuse("reserved bits are set");
        }
        if second & 0x80 == 0 {
            return refuse("client frames must be masked");
        }
        match opcode {
            CONTINUATION if self.message.is_none() => refuse("nothing to continue"),
            TEXT | BINARY if self.message.is_some() => refuse("a message inside a message"),
            BINARY => Err(Violation::Binary),
            CONTINUATION | TEXT => Ok(()),
            8..=10 if !last => refuse("fragmented control frame"),
            8..=10 if second & 0x7f > 125 => refuse("control frame is longer than 125 bytes"),
            8..=10 => Ok(()),
            _ => refuse("unknown opcode"),
        }
    }

    fn parse_header(&mut self) -> Result<Frame, Violation> {
        let extended = extended_length_bytes(self.header[1]);
        let (length, shortest) = match extended {
            0 => (u64::from(self.header[1] & 0x7f), 0),
            2 => (u64::from(u16::from_be_bytes([self.header[2], self.header[3]])), 126),
            _ => {
                let bytes = self.header[2..10].try_into().expect("eight bytes");
                (u64::from_be_bytes(bytes), 0x1_0000)
            }
        };
        if length < shortest || length >> 63 != 0 {
            return Err(Violation::Protocol("length is not in its shortest form"));
        }
        let mask = self.header[2 + extended..][..4].try_into().expect("four bytes");
        let frame = Frame { opcode: self.header[0] & 0x0f, last: self.header[0] & 0x80 != 0, mask, read: 0, length };
        self.header_length = 0;
        if frame.is_control() {
            self.control = Control::default();
            return Ok(frame);
        }
        let packed = self.header[0] & RSV1 != 0;
        let message = self.message.get_or_insert_with(|| Message { packed, ..Message::default() });
        if length > (self.limit - message.length) as u64 {
            return Err(Violation::TooBig { limit: self.limit });
        }
        Ok(frame)
    }

    fn read_payload(&mut self, mut frame: Frame, input: &mut &[u8]) -> Result<Frame, Violation> {
        let mut piece = [0; PIECE];
        while frame.read < frame.length && !input.is_empty() {
            let left = usize::try_from(frame.length - frame.read).unwrap_or(usize::MAX);
            let (masked, rest) = input.split_at(left.min(input.len()).min(PIECE));
            *input = rest;
            let piece = &mut piece[..masked.len()];
            for (index, byte) in piece.iter_mut().enumerate() {
                *byte = masked[index] ^ frame.mask[(frame.read as usize + index) & 3];
            }
            frame.read += piece.len() as u64;
            if frame.is_control() {
                self.control.push(piece);
            } else if let Some(message) = &mut self.message {
                message.push(piece, self.keep)?;
            }
        }
        Ok(frame)
    }

    fn finish_frame(&mut self, frame: Frame) -> Result<Option<Event>, Violation> {
        match frame.opcode {
            8 => {
                self.over = true;
                close_code(&self.control).map(|code| Some(Event::Close(code)))
            }
            9 => Ok(Some(Event::Ping(self.control.clone()))),
            10 => Ok(Some(Event::Pong(self.control.clone()))),
            _ if !frame.last => Ok(None),
            _ => {
                let mut message = self.message.take().unwrap_or_default();
                if message.packed {
                    return Ok(Some(Event::Packed(message.payload)));
                }
                if !message.utf8.finish() {
                    return Err(Violation::NotUtf8);
                }
                Ok(Some(Event::Text(message.payload)))
            }
        }
    }
}

impl Frame {
    fn is_control(self) -> bool {
        self.opcode & 8 != 0
    }
}

impl Message {
    fn push(&mut self, piece: &[u8], keep: Keep) -> Result<(), Violation> {
        self.length += piece.len();
        if keep == Keep::Payload {
            self.payload.extend_from_slice(piece);
        }
        // What is compressed is text only afterwards.
        if self.packed || self.utf8.push(piece) { Ok(()) } else { Err(Violation::NotUtf8) }
    }
}

impl Control {
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn push(&mut self, piece: &[u8]) {
        // `check_start` refused longer ones.
        let room = self.bytes.len() - self.length;
        let piece = &piece[..piece.len().min(room)];
        self.bytes[self.length..][..piece.len()].copy_from_slice(piece);
        self.length += piece.len();
    }
}

impl Default for Control {
    fn default() -> Self {
        Self { bytes: [0; 125], length: 0 }
    }
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.bytes())
    }
}

fn extended_length_bytes(second: u8) -> usize {
    match second & 0x7f {
        126 => 2,
        127 => 8,
        _ => 0,
    }
}

/// RFC 6455 sections 5.5.1 and 7.4: nothing, or a code that may be sent and a UTF-8 reason.
fn close_code(control: &Control) -> Result<Option<u16>, Violation> {
    let (code, reason) = match control.bytes() {
        [] => return Ok(None),
        [_] => return Err(Violation::Protocol("close frame of one byte")),
        [high, low, reason @ ..] => (u16::from_be_bytes([*high, *low]), reason),
    };
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(Violation::Protocol("close code may not be sent"));
    }
    if std::str::from_utf8(reason).is_err() {
        return Err(Violation::NotUtf8);
    }
    Ok(Some(code))
}
