//! Bars that were asked for.

use super::Session;
use crate::instruments::{Instrument, civil, day_of};
use crate::market::generator::Bar;
use crate::words::{Refusal, Words};
use ::gateway::Now;
use domain::{BarData, Civil, DateTime, HistoryRequest, Interval};

impl Session {
    pub(super) fn history(&self, now: Now, request: &HistoryRequest) -> Result<Vec<BarData>, Words> {
        let vt_symbol = domain::VtSymbol::new(&request.symbol, request.exchange);
        let ix = self.exchange.find(&vt_symbol).ok_or_else(|| Refusal::UnknownContract(vt_symbol.0).words())?;
        let interval = match request.interval {
            Some(interval @ (Interval::Minute | Interval::Hour | Interval::Daily)) => interval,
            None => Interval::Minute,
            Some(interval @ (Interval::Weekly | Interval::Tick)) => {
                let name = interval.name();
                return Err(Words::new(
                    format!("不支持的K线周期{name}，可用1m、1h、d"),
                    format!("there are no bars of interval {name}, only of 1m, 1h and d"),
                ));
            }
        };
        let instrument = &self.exchange.instruments()[ix];
        let to = request.end.as_ref().map_or(now.unix_us, |end| moment(end, instrument));
        let span = (moment(&request.start, instrument), to);
        let bars = self.source.bars(self.exchange.instruments(), ix, interval, span, now);
        Ok(bars.iter().filter_map(|bar| self.bar(instrument, interval, bar)).collect())
    }

    fn bar(&self, instrument: &Instrument, interval: Interval, bar: &Bar) -> Option<BarData> {
        let datetime = match interval {
            // A day's bar is dated at midnight of its trading day, as VeighNa's are.
            Interval::Daily | Interval::Weekly => midnight(day_of(bar.start_us), instrument.zone)?,
            Interval::Minute | Interval::Hour | Interval::Tick => {
                DateTime::from_unix_micros(bar.start_us, instrument.zone)?
            }
        };
        Some(BarData {
            gateway_name: self.voice.name.clone(),
            symbol: instrument.symbol.clone(),
            exchange: instrument.exchange,
            datetime,
            interval: Some(interval),
            volume: bar.volume,
            turnover: bar.turnover,
            open_interest: bar.open_interest,
            open_price: bar.open,
            high_price: bar.high,
            low_price: bar.low,
            close_price: bar.close,
        })
    }
}

/// A time without a zone is the exchange's own.
fn moment(at: &DateTime, instrument: &Instrument) -> i64 {
    match at.offset() {
        Some(_) => at.unix_micros(),
        None => DateTime::in_zone(at.civil, at.fold, instrument.zone).map_or(at.unix_micros(), |at| at.unix_micros()),
    }
}

fn midnight(day: i64, zone: &str) -> Option<DateTime> {
    let (year, month, date) = civil(day);
    DateTime::in_zone(Civil::new((i16::try_from(year).ok()?, month, date), (0, 0, 0), 0)?, false, zone)
}
