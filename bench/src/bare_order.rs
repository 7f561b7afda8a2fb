//! The least that an order costs: one write of two pages and a sync, one line to a second process and back, which does
//! one commit of SQLite for it, and one HTTP exchange. Nothing is parsed, checked or told; every thread waits for one
//! thing alone.
//!
//! Two processes of their own (`bench bare-order FOLDER`, which starts `bench bare-commit FOLDER`). They end with the
//! first one's standard input.

use super::bare::{end_with_stdin, listen};
use anyhow::Result;
use rusqlite::Connection;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::Command;

/// What an order writes to the journal of intents.
const PAGES: usize = 2 * 4096;
/// Length of the file that is written over and over, as the journal's log is.
const FILE: usize = 8 << 20;
/// Bytes of the lines between the two processes, and of the answer, as those of an order are.
const ASK: usize = 241;
const ANSWER: usize = 449;
const BODY: usize = 145;
const SOCKET: &str = "bare.sock";

/// The first process: the client's, and the disk's.
pub(crate) fn order(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(folder.join("intents"))?;
    file.write_all(&vec![0; FILE])?;
    file.sync_all()?;
    let local = UnixListener::bind(folder.join(SOCKET))?;
    let _committing = Command::new(std::env::current_exe()?).arg("bare-commit").arg(folder).spawn()?;
    let (mut second, _) = local.accept()?;
    let listener = listen()?;
    end_with_stdin();
    loop {
        let (mut client, _) = listener.accept()?;
        client.set_nodelay(true)?;
        // Of one client at a time, as the row has one.
        serve(&mut client, &file, &mut second)?;
    }
}

fn serve(client: &mut TcpStream, file: &File, second: &mut UnixStream) -> Result<()> {
    let head = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: ";
    let answer = format!("{head}{BODY}\r\n\r\n{}", "x".repeat(BODY));
    let (mut request, mut line) = ([0; 8 << 10], [0; ANSWER]);
    let mut at = 0;
    while client.read(&mut request)? > 0 {
        file.write_all_at(&[1; PAGES], at)?;
        file.sync_data()?;
        at = (at + PAGES as u64) % FILE as u64;
        second.write_all(&[b'x'; ASK])?;
        second.read_exact(&mut line)?;
        client.write_all(answer.as_bytes())?;
    }
    Ok(())
}

/// The second process.
pub(crate) fn commit(folder: &Path) -> Result<()> {
    let mut first = UnixStream::connect(folder.join(SOCKET))?;
    let database = Connection::open(folder.join("orders.db"))?;
    database.execute_batch(
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
         CREATE TABLE orders (id INTEGER PRIMARY KEY, line BLOB NOT NULL);",
    )?;
    let mut insert = database.prepare("INSERT INTO orders (line) VALUES (?1)")?;
    let mut line = [0; ASK];
    while first.read_exact(&mut line).is_ok() {
        insert.execute([&line[..]])?;
        first.write_all(&[b'x'; ANSWER])?;
    }
    Ok(())
}
