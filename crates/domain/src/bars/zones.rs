//! The clock of an exchange: daily bars are dated on it, and bars of several sources are told by it alike.

use crate::{BarData, DateTime, Exchange};

/// IANA name of the zone in which an exchange tells its times; `None` for what has no place (`SMART`, `LOCAL`,
/// `GLOBAL`, OTC) and for exchanges that only a fork knows.
pub fn zone_of(exchange: Exchange) -> Option<&'static str> {
    Some(match exchange.name() {
        "CFFEX" | "SHFE" | "CZCE" | "DCE" | "INE" | "GFEX" | "SSE" | "SZSE" | "BSE" | "SHHK" | "SZHK" | "SGE"
        | "WXE" | "CFETS" | "XBOND" => "Asia/Shanghai",
        "SEHK" | "HKFE" => "Asia/Hong_Kong",
        "NYSE" | "NASDAQ" | "ARCA" | "EDGEA" | "ISLAND" | "BATS" | "IEX" | "AMEX" | "NYMEX" | "COMEX" | "ICE" => {
            "America/New_York"
        }
        "CME" | "CBOT" | "CBOE" | "CFE" | "GLOBEX" => "America/Chicago",
        "TSE" => "America/Toronto",
        "SGX" | "APEX" => "Asia/Singapore",
        "TOCOM" => "Asia/Tokyo",
        "KRX" => "Asia/Seoul",
        "BMD" => "Asia/Kuala_Lumpur",
        "DME" => "Asia/Dubai",
        "LME" => "Europe/London",
        "EUREX" => "Europe/Berlin",
        "EUNX" => "Europe/Paris",
        _ => return None,
    })
}

/// Tells the bars' times on the clock of that zone. A time without a zone, and every time where the zone is not known,
/// stays as it is.
pub fn in_zone(bars: &mut [BarData], zone: &str) {
    for bar in bars {
        let at = &bar.datetime;
        let is_there = matches!(&at.zone, crate::Zone::Named { name, .. } if name == zone);
        if is_there || at.offset().is_none() {
            continue;
        }
        if let Some(at) = DateTime::from_unix_micros(at.unix_micros(), zone) {
            bar.datetime = at;
        }
    }
}
