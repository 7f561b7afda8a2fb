//! The port: VeighNa's idea of a gateway over the exchange.
//!
//! Before the login there is only the database and a list of wishes; [`Session`] is everything from the login to
//! the logout. A login always reads its state from the database, be it the first one after a crash or the second
//! one of a day.

use crate::session::Session;
use crate::settings;
use crate::store::{Changes, Store, StoreError};
use crate::translate::Voice;
use crate::words::{Note, Refusal, Words};
use ::gateway::{Command, Form, Gateway, LinkState, Now, Report, Settings, Sink};
use domain::{DateTime, Exchange, Language, LogData, SubscribeRequest, Text};
use std::path::PathBuf;

/// What the trading process decides about its simulated exchange.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// Name of the gateway; no dot in it.
    pub name: Text,
    /// Language of names, log lines and position ids, unless the connect form says otherwise.
    pub language: Language,
    /// Where the account lives; in memory only if absent.
    pub database: Option<PathBuf>,
    /// Zone whose wall clock stands in log lines.
    pub zone: Text,
}

impl Default for SimConfig {
    fn default() -> SimConfig {
        SimConfig { name: Text::new("SIM"), language: Language::Zh, database: None, zone: Text::new("Asia/Shanghai") }
    }
}

/// The simulated exchange as a gateway.
pub struct SimGateway {
    config: SimConfig,
    store: Store,
    changes: Changes,
    session: Option<Session>,
    /// Subscribed before the login.
    wishes: Vec<SubscribeRequest>,
}

/// Writes log lines with the moment that the call had.
pub(crate) struct Reporter<'a> {
    pub(crate) voice: &'a Voice,
    pub(crate) zone: &'a str,
    pub(crate) now: Now,
    pub(crate) out: &'a mut dyn Sink,
}

impl Reporter<'_> {
    pub(crate) fn log(&mut self, level: i32, words: &Words) {
        let time = DateTime::from_unix_micros(self.now.unix_us, self.zone).map(|at| DateTime::naive(at.civil));
        let msg = words.get(self.voice.language).to_owned();
        self.out.report(Report::Log(LogData { gateway_name: self.voice.name.clone(), msg, level, time }));
    }
}

impl SimGateway {
    /// Opens the database; fails rather than start with an account that is not the one that was left.
    pub fn open(config: SimConfig) -> Result<SimGateway, StoreError> {
        let store = Store::open(config.database.as_deref())?;
        Ok(SimGateway { config, store, changes: Changes::default(), session: None, wishes: Vec::new() })
    }

    fn connect(&mut self, now: Now, form: &Settings, out: &mut dyn Sink) {
        let voice = Voice { name: self.config.name.clone(), language: self.config.language };
        if self.session.is_some() {
            let words = Words::new("接口已连接，无需重复连接", "the gateway is connected already");
            return Reporter { voice: &voice, zone: &self.config.zone, now, out }.log(20, &words);
        }
        out.report(Report::Link(LinkState::Connecting));
        let opened = self.open_session(now, form, out);
        match opened {
            Ok(session) => self.session = Some(session),
            Err(words) => {
                let text = words.get(voice.language).to_owned();
                let words = Words::new(format!("连接失败：{}", words.zh), format!("cannot connect: {}", words.en));
                Reporter { voice: &voice, zone: &self.config.zone, now, out }.log(40, &words);
                out.report(Report::Link(LinkState::Down(Some(text))));
            }
        }
    }

    fn open_session(&mut self, now: Now, form: &Settings, out: &mut dyn Sink) -> Result<Session, Words> {
        let wanted = settings::read(form, self.config.language)?;
        // What an earlier session left uncommitted is part of what this one starts from.
        let failed = |error: StoreError| Words::new(error.whole(), error.whole());
        self.store.commit(&mut self.changes).map_err(failed)?;
        let stored = self.store.load(&self.config.name).map_err(failed)?;
        let mut session = Session::open(&self.config, wanted, now, stored, &mut self.changes)?;
        session.introduce(now, &mut self.store, &mut self.changes, out)?;
        for wish in self.wishes.drain(..) {
            session.subscribe(now, &wish, &mut self.changes, out);
        }
        session.announce(now, out);
        Ok(session)
    }

    fn close(&mut self, out: &mut dyn Sink) {
        if self.session.take().is_some() {
            out.report(Report::Link(LinkState::Down(None)));
        }
    }

    /// Answers a command that needs a session while there is none.
    fn offline(&mut self, now: Now, command: Command, out: &mut dyn Sink) {
        let voice = Voice { name: self.config.name.clone(), language: self.config.language };
        let mut reporter = Reporter { voice: &voice, zone: &self.config.zone, now, out };
        match command {
            Command::SendOrder { orderid, request } => {
                let note = Note::Refused(orderid.clone(), request.vt_symbol().0, Refusal::NotConnected);
                reporter.log(note.level(), &note.words());
                let refusal = Refusal::NotConnected;
                let refused = crate::Refused { id: orderid, request, refusal, at_us: now.unix_us };
                out.report(Report::Order(Box::new(voice.refused(&refused))));
            }
            Command::SendQuote { quoteid, request } => {
                let note = Note::Refused(quoteid.clone(), Text::default(), Refusal::NotConnected);
                reporter.log(note.level(), &note.words());
                let status = domain::Status::Rejected;
                let quote = crate::Quote { id: quoteid, request, at_us: now.unix_us, status, legs: [(status, 0); 2] };
                out.report(Report::Quote(Box::new(voice.quote(&quote))));
            }
            Command::QueryHistory { token, .. } => {
                let bars = Err(Refusal::NotConnected.words().get(voice.language).to_owned());
                out.report(Report::History { token, bars });
            }
            Command::CancelOrder(request) | Command::CancelQuote(request) => {
                let note = Note::NothingToCancel(request.orderid);
                reporter.log(note.level(), &note.words());
            }
            Command::Subscribe(request) => {
                if !self.wishes.contains(&request) && self.wishes.len() < crate::limits::INSTRUMENTS {
                    self.wishes.push(request);
                }
            }
            Command::Settle => {
                let why = Refusal::NotConnected.words();
                let words = Words::new(format!("未结算：{}", why.zh), format!("not settled: {}", why.en));
                reporter.log(30, &words);
            }
            Command::Connect(_) | Command::Close => {}
        }
    }
}

impl Gateway for SimGateway {
    fn name(&self) -> &str {
        &self.config.name
    }

    fn form(&self) -> Form {
        settings::form(self.config.language)
    }

    fn exchanges(&self) -> Vec<Exchange> {
        vec![
            Exchange::CFFEX,
            Exchange::SHFE,
            Exchange::INE,
            Exchange::DCE,
            Exchange::CZCE,
            Exchange::GFEX,
            Exchange::SSE,
            Exchange::SZSE,
            Exchange::NASDAQ,
            Exchange::GLOBAL,
            // Currency pairs, which only recordings have.
            Exchange::from_name("IDEALPRO").expect("a name of VeighNa's own"),
        ]
    }

    fn settles(&self) -> bool {
        true
    }

    fn command(&mut self, now: Now, command: Command, out: &mut dyn Sink) {
        match command {
            Command::Connect(form) => self.connect(now, &form, out),
            Command::Close => self.close(out),
            command => match &mut self.session {
                Some(session) => session.command(now, command, &mut self.changes, out),
                None => self.offline(now, command, out),
            },
        }
    }

    fn wake(&mut self, now: Now, out: &mut dyn Sink) -> Option<u64> {
        self.session.as_mut().and_then(|session| session.wake(now, &mut self.changes, out))
    }

    fn commit(&mut self) -> Result<(), String> {
        self.store.commit(&mut self.changes).map_err(|error| error.whole())
    }
}

#[cfg(test)]
mod tests;
