//! Pages, selections, ETags and codings.

use crate::support::{Answer, Server, account};
use domain::{ContractData, Exchange, Product};
use flate2::read::GzDecoder;
use std::io::Read;
use std::sync::Arc;
use web::replica::Link;

fn add(server: &Server, numbers: impl Iterator<Item = usize>) {
    let mut replica = server.replica.write();
    for number in numbers {
        let row = account(&format!("{number:05}"), number as f64 / 4.0);
        replica.accounts.insert(row.vt_accountid.clone(), Arc::new(row));
    }
}

async fn ask(server: &Server, path: &str, headers: &[(&str, &str)]) -> Answer {
    let bearer = format!("Bearer {}", server.token);
    server.send("GET", path, &[&[("Authorization", bearer.as_str())], headers].concat(), "").await
}

fn ids(answer: &Answer) -> Vec<String> {
    let page = answer.json();
    page["data"].as_array().unwrap().iter().map(|row| row["accountid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn pages_follow_each_other_while_rows_come_and_the_table_is_read_anew() {
    let server = Server::start().await;
    add(&server, 0..250);
    let whole = ids(&server.get("/api/v1/accounts").await);
    assert_eq!(whole.len(), 252);
    let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = server.get(&format!("/api/v1/accounts?limit=100{cursor}")).await;
        seen.extend(ids(&page));
        pages += 1;
        match pages {
            // A row comes.
            1 => add(&server, 250..251),
            // All is read anew, in another order.
            2 => {
                let mut replica = server.replica.write();
                let rows: Vec<_> = replica.accounts.rows().cloned().collect();
                let shifted = rows[1..].iter().chain(&rows[..1]);
                replica.accounts.replace(shifted.map(|row| (row.vt_accountid.clone(), Arc::clone(row))));
            }
            _ => {}
        }
        match page.json()["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut wanted = whole.clone();
    wanted.push("00250".into());
    wanted.push(whole[0].clone());
    assert_eq!(seen, wanted, "each row once; the one that moved behind the cursor twice");
    for wrong in ["x", "MTIKU0lNLng", "%20"] {
        let answer = server.get(&format!("/api/v1/accounts?cursor={wrong}")).await;
        assert_eq!((answer.status, answer.json()["code"].as_str()), (404, Some("cursor_not_found")));
    }
    for limit in ["0", "-1", "10001", "1.5", "x", ""] {
        assert_eq!(server.get(&format!("/api/v1/accounts?limit={limit}")).await.status, 422, "{limit}");
    }
}

#[tokio::test]
async fn contracts_are_selected_by_every_field() {
    let server = Server::start().await;
    for (query, count) in [
        ("", 8),
        ("?q=RB26", 1),
        ("?q=%E6%B2%AA%E6%B7%B1", 1),
        ("?exchange=SHFE", 1),
        ("?exchange=NOWHERE", 0),
        ("?product=FUTURES", 2),
        ("?product=FUTURES&exchange=CFFEX", 1),
        ("?gateway=SIM", 8),
        ("?gateway=CTP", 0),
        ("?gateway=SIM&limit=3", 3),
    ] {
        let answer = server.get(&format!("/api/v1/contracts{query}")).await;
        assert_eq!(answer.json()["data"].as_array().unwrap().len(), count, "{query}");
    }
    let slash = server.get("/api/v1/contracts/BTC%2FUSDT.SMART").await;
    assert_eq!((slash.status, slash.json()["vt_symbol"].as_str()), (200, Some("BTC/USDT.SMART")));
    let ticks = server.get("/api/v1/ticks?vt_symbol=rb2610.SHFE,IF2612.CFFEX").await.json();
    assert_eq!((ticks["data"].as_array().unwrap().len(), ticks["data"][0]["limit_up"].is_null()), (1, true));
}

#[tokio::test]
async fn whole_lists_and_selections_have_etags_and_codings() {
    let server = Server::start().await;
    add(&server, 0..5000);
    for path in ["/api/v1/accounts", "/api/v1/accounts?gateway=SIM", "/api/v1/accounts?limit=900"] {
        let plain = server.get(path).await;
        let tag = plain.header("etag").unwrap().to_owned();
        for (accept, coding) in [("gzip", "gzip"), ("br", "br")] {
            let packed = ask(&server, path, &[("Accept-Encoding", accept)]).await;
            assert_eq!(packed.header("content-encoding"), Some(coding), "{path}");
            let mut out = Vec::new();
            match coding {
                "gzip" => GzDecoder::new(packed.body.as_slice()).read_to_end(&mut out).unwrap(),
                _ => brotli::Decompressor::new(packed.body.as_slice(), 4096).read_to_end(&mut out).unwrap(),
            };
            assert_eq!(out, plain.body, "{path}");
        }
        for given in [tag.as_str(), "*", tag.trim_start_matches("W/"), &format!("\"a\", {tag}")] {
            let same = ask(&server, path, &[("If-None-Match", given)]).await;
            assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, Some(tag.as_str())), "{given}");
        }
        add(&server, 7..8);
        assert_eq!(ask(&server, path, &[("If-None-Match", &tag)]).await.status, 200);
    }
}

#[tokio::test]
async fn rows_of_a_trading_process_that_is_away_come_only_where_they_are_wanted() {
    let server = Server::start().await;
    let live = server.get("/api/v1/accounts?stale=true").await;
    assert_eq!(live.json()["link"], "live");
    server.replica.write().link = Link::Stale;
    for path in ["/api/v1/accounts", "/api/v1/contracts/rb2610.SHFE", "/api/v1/ticks/rb2610.SHFE"] {
        let away = server.get(path).await;
        assert_eq!((away.status, away.json()["code"].as_str()), (503, Some("trader_away")), "{path}");
        assert_eq!(away.header("retry-after"), Some("1"));
        assert_eq!(server.get(&format!("{path}?stale=true")).await.status, 200, "{path}");
    }
    let tag = live.header("etag").unwrap();
    let stale = ask(&server, "/api/v1/accounts?stale=true", &[("If-None-Match", tag)]).await;
    assert_eq!((stale.status, stale.json()["link"].as_str()), (200, Some("stale")), "other than the live one");
    server.replica.write().link = Link::Connecting;
    assert_eq!(server.get("/api/v1/accounts?stale=true").await.status, 503);
}

#[tokio::test]
async fn a_table_becomes_csv() {
    let server = Server::start().await;
    let name = "=cmd|' /C calc'!A0, \"x\"";
    let row = ContractData::new("SIM", "evil", Exchange::SHFE, name, Product::Futures);
    server.replica.write().contracts.insert(row.vt_symbol.clone(), Arc::new(row));
    let answer = server.get("/api/v1/export/contracts.csv").await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"contracts.csv\""));
    let lines: Vec<&str> = answer.text().split("\r\n").collect();
    assert!(lines[0].starts_with("gateway_name,symbol,exchange,name,product,size,pricetick,"), "{}", lines[0]);
    assert_eq!(lines.len(), 11, "a header, nine rows and the end of the last");
    assert!(lines[9].starts_with("SIM,evil,SHFE,\"'=cmd|' /C calc'!A0, \"\"x\"\"\",FUTURES,"), "{}", lines[9]);
    for table in ["ticks", "orders", "trades", "positions", "accounts", "quotes", "logs"] {
        let answer = server.get(&format!("/api/v1/export/{table}.csv")).await;
        let columns = answer.text().split("\r\n").next().unwrap().split(',').count();
        assert!(answer.status == 200 && columns > 3, "{table}");
    }
    assert_eq!(server.get("/api/v1/export/users.csv").await.status, 422);
}
