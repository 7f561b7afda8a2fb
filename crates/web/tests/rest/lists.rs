//! Lists in every form: whole, compressed, unchanged; large ones, while they change.

use crate::support::{Server, account};
use flate2::read::GzDecoder;
use std::io::Read;
use std::sync::Arc;

fn unpacked(coding: &str, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match coding {
        "gzip" => GzDecoder::new(body).read_to_end(&mut out).unwrap(),
        _ => brotli::Decompressor::new(body, 4096).read_to_end(&mut out).unwrap(),
    };
    out
}

fn fill(server: &Server, rows: usize) {
    let mut replica = server.replica.write();
    for number in 0..rows {
        let row = account(&format!("账户{number:05}"), number as f64 / 4.0);
        replica.accounts.insert(row.vt_accountid.clone(), Arc::new(row));
    }
}

#[tokio::test]
async fn a_large_list_is_whole_in_every_coding() {
    let server = Server::start().await;
    fill(&server, 5000);
    let plain = server.get("/account").await;
    assert_eq!(plain.json().as_array().unwrap().len(), 5002);
    assert_eq!(plain.header("content-encoding"), None);
    let bearer = format!("Bearer {}", server.token);
    for (accept, wanted) in
        [("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br", "gzip"), ("gzip;q=0.1, br", "br"), ("*", "gzip")]
    {
        let headers = [("Authorization", bearer.as_str()), ("Accept-Encoding", accept)];
        let packed = server.send("GET", "/account", &headers, "").await;
        assert_eq!(packed.header("content-encoding"), Some(wanted), "{accept}");
        assert!(packed.body.len() * 3 < plain.body.len());
        assert_eq!(unpacked(wanted, &packed.body), plain.body);
        assert_eq!(packed.header("vary"), Some("accept-encoding"));
    }
    for accept in ["identity", "gzip;q=0, br;q=0", "deflate"] {
        let headers = [("Authorization", bearer.as_str()), ("Accept-Encoding", accept)];
        assert_eq!(server.send("GET", "/account", &headers, "").await.body, plain.body);
    }
}

#[tokio::test]
async fn an_unchanged_list_is_304_and_a_changed_row_is_seen() {
    let server = Server::start().await;
    fill(&server, 1000);
    let first = server.get("/account").await;
    let tag = first.header("etag").unwrap().to_owned();
    let bearer = format!("Bearer {}", server.token);
    let conditional = async |tag: &str| {
        server.send("GET", "/account", &[("Authorization", bearer.as_str()), ("If-None-Match", tag)], "").await
    };
    for tag in [tag.as_str(), tag.trim_start_matches("W/"), "*", &format!("\"other\", {tag}")] {
        let same = conditional(tag).await;
        assert_eq!((same.status, same.body.len()), (304, 0));
        assert_eq!(same.header("etag"), first.header("etag"));
    }
    let row = account("账户00500", 7.25);
    server.replica.write().accounts.insert(row.vt_accountid.clone(), Arc::new(row));
    let changed = conditional(&tag).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json()[502]["balance"], 7.25);
    let (before, after) = (first.json(), changed.json());
    let differing = before.as_array().unwrap().iter().zip(after.as_array().unwrap()).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 1);
    assert_ne!(changed.header("etag"), first.header("etag"));
}

#[tokio::test]
async fn a_list_that_was_replaced_or_speaks_another_language_is_encoded_anew() {
    let server = Server::start().await;
    fill(&server, 200);
    assert_eq!(server.get("/account").await.json().as_array().unwrap().len(), 202);
    server.replica.write().accounts.replace(std::iter::empty());
    assert_eq!(server.get("/account").await.text(), "[]");
    assert_eq!(server.get("/position").await.json()[0]["direction"], "多");
    let tag = server.get("/position").await.header("etag").unwrap().to_owned();
    *server.trader.language.lock().unwrap() = domain::Language::En;
    let english = server.get("/position").await;
    assert_eq!(english.json()[0]["direction"], "Long");
    assert_ne!(english.header("etag"), Some(tag.as_str()));
}

#[tokio::test]
async fn readers_at_once_see_whole_states_while_a_writer_goes_on() {
    let server = Arc::new(Server::start().await);
    fill(&server, 2000);
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let server = Arc::clone(&server);
            tokio::spawn(async move {
                for _ in 0..20 {
                    let rows = server.get("/account").await.json();
                    // The writer keeps these two equal under one lock.
                    assert_eq!(rows[2]["balance"], rows[2001]["balance"]);
                }
            })
        })
        .collect();
    for step in 0..2000 {
        let balance = f64::from(step);
        let write = || {
            let mut replica = server.replica.write();
            for id in ["账户00000", "账户01999"] {
                let row = account(id, balance);
                replica.accounts.insert(row.vt_accountid.clone(), Arc::new(row));
            }
        };
        write();
        tokio::task::yield_now().await;
    }
    for reader in readers {
        reader.await.unwrap();
    }
}
