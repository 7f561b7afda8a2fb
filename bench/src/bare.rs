//! Bare programs that answer the same bytes and do nothing else: what the load generator and the system's loopback
//! reach together, beside which a server's own figures can be judged.
//!
//! They run as processes of their own (`bench bare-http BYTES`, `bench bare-ws READERS FRAMES BURST`), print their
//! address, and end with their standard input. One buffer, one write per answer or burst, nothing is parsed.

use anyhow::{Context, Result, bail};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

/// A tick of VeighNa's test gateway as the classic WebSocket sends it, to the byte.
const TICK: &str = r#"{"topic": "eTick.", "data": {"gateway_name": "SIM", "symbol": "rb2610", "exchange": "SHFE", "datetime": "2026-01-05 09:30:00.500000+08:00", "name": "螺纹钢2610", "volume": 100000, "turnover": 3600000000.0, "open_interest": 1234567.0, "last_price": 3600.0, "last_volume": 1, "limit_up": 3960.0, "limit_down": 3240.0, "open_price": 3598.0, "high_price": 3650.0, "low_price": 3590.0, "pre_close": 3597.0, "bid_price_1": 3599.0, "bid_price_2": 3598.0, "bid_price_3": 3597.0, "bid_price_4": 3596.0, "bid_price_5": 3595.0, "ask_price_1": 3601.0, "ask_price_2": 3602.0, "ask_price_3": 3603.0, "ask_price_4": 3604.0, "ask_price_5": 3605.0, "bid_volume_1": 10, "bid_volume_2": 20, "bid_volume_3": 30, "bid_volume_4": 40, "bid_volume_5": 50, "ask_volume_1": 11, "ask_volume_2": 22, "ask_volume_3": 33, "ask_volume_4": 44, "ask_volume_5": 55, "localtime": null, "vt_symbol": "rb2610.SHFE"}}"#;
/// Longest request that is read; the load generator's own are a few hundred bytes.
const REQUEST_MAX: usize = 8 << 10;

/// Runs the bare program that the arguments name; `None` if they name none.
pub(crate) fn run(arguments: &[String]) -> Option<Result<()>> {
    let (name, numbers) = arguments.split_first()?;
    let number = |at: usize| -> Result<usize> { Ok(numbers.get(at).context("a number is missing")?.parse()?) };
    let folder = || numbers.first().map(Path::new).context("a folder is missing");
    match name.as_str() {
        "bare-order" => Some(folder().and_then(crate::bare_order::order)),
        "bare-commit" => Some(folder().and_then(crate::bare_order::commit)),
        "bare-http" => Some(number(0).and_then(http)),
        "bare-ws" => Some((|| ws(number(0)?, number(1)?, number(2)?))()),
        _ => None,
    }
}

fn http(body: usize) -> Result<()> {
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {body}\r\n\r\n");
    answer.extend(std::iter::repeat_n('x', body));
    let answer: std::sync::Arc<[u8]> = answer.into_bytes().into();
    let listener = listen()?;
    end_with_stdin();
    loop {
        let (stream, _) = listener.accept()?;
        let answer = std::sync::Arc::clone(&answer);
        std::thread::spawn(move || {
            // A connection that ends ends its thread; nobody else is concerned.
            let _ = serve(stream, &answer);
        });
    }
}

/// One read per request, which is small and comes in one piece, and one write.
fn serve(mut stream: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = [0; REQUEST_MAX];
    while stream.read(&mut request)? > 0 {
        stream.write_all(answer)?;
    }
    Ok(())
}

fn ws(readers: usize, frames: usize, burst: usize) -> Result<()> {
    let listener = listen()?;
    let mut streams = (0..readers).map(|_| shake(&listener)).collect::<Result<Vec<_>>>()?;
    end_with_stdin();
    let length = u16::try_from(TICK.len()).context("the tick is short")?.to_be_bytes();
    let frame = [&[0x81, 126], &length[..], TICK.as_bytes()].concat().repeat(burst);
    for _ in 0..frames.div_ceil(burst) {
        for stream in &mut streams {
            match stream.write_all(&frame) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                other => other?,
            }
        }
    }
    // Until the readers have read and this process is ended.
    loop {
        std::thread::park();
    }
}

/// Accepts a reader and answers its handshake, whatever it says.
fn shake(listener: &TcpListener) -> Result<TcpStream> {
    let (mut stream, _) = listener.accept()?;
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 || request.len() > REQUEST_MAX {
            bail!("no handshake");
        }
        request.push(byte[0]);
    }
    stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")?;
    Ok(stream)
}

pub(crate) fn listen() -> Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("bare {}", listener.local_addr()?);
    Ok(listener)
}

pub(crate) fn end_with_stdin() {
    std::thread::spawn(|| {
        let mut rest = Vec::new();
        // Nothing is ever written to it: it ends when the bench does.
        let _ = std::io::stdin().read_to_end(&mut rest);
        std::process::exit(0);
    });
}
