//! The port: commands to the mirror, what the worker tells to the mirror, nothing else.

use crate::limits::{WAKE_POLL_US, WAKE_PULSE_US};
use crate::mirror::{Mirror, Out};
use crate::translate::Names;
use crate::words::{ERROR, INFO, Words};
use crate::worker::Worker;
use crate::{form, words};
use ::gateway::{Command, Form, Gateway, LinkState, Now, Report, Settings, Sink, Waker};
use domain::{DateTime, Exchange, Language, LogData, Text};

/// What the trading process decides about one remote.
#[derive(Clone, Debug)]
pub struct RpcConfig {
    /// Name of the gateway, which stands on all that it reports; no dot in it.
    pub name: Text,
    /// Language of log lines.
    pub language: Language,
    /// Zone whose wall clock stands in log lines.
    pub zone: Text,
}

/// A VeighNa that serves its RPC, as a gateway.
pub struct RpcGateway {
    config: RpcConfig,
    mirror: Mirror,
    worker: Option<Worker>,
    /// Rung when the worker tells something.
    waker: Option<Waker>,
}

impl RpcGateway {
    /// A gateway that is not logged in.
    pub fn new(config: RpcConfig) -> RpcGateway {
        let names = Names { gateway: config.name.clone(), language: config.language };
        let mirror = Mirror::new(names, config.zone.clone());
        RpcGateway { config, mirror, worker: None, waker: None }
    }

    /// The filled-in form for a remote at these addresses, as on a command line.
    pub fn settings(&self, request: &str, publish: &str) -> Settings {
        form::filled(request, publish, self.config.language)
    }

    fn connect(&mut self, settings: &Settings, out: &mut Out<'_>) {
        if self.worker.as_ref().is_some_and(|worker| !worker.has_ended()) {
            let words = Words::new("接口已连接，无需重复连接", "the gateway is connected already");
            return self.log(INFO, &words, out);
        }
        self.close(out);
        out.sink.report(Report::Link(LinkState::Connecting));
        let started = form::read(settings, self.config.language).and_then(|wanted| {
            let failed = |error: std::io::Error| Words::new(error.to_string(), error.to_string());
            let worker = Worker::start(&self.config.name, wanted.client.clone(), self.waker.clone()).map_err(failed)?;
            Ok((worker, wanted))
        });
        match started {
            Ok((worker, wanted)) => {
                let (request, publish) = (&wanted.client.request, &wanted.client.publish);
                let words = Words::new(
                    format!("正在连接远端：{request}，{publish}"),
                    format!("connecting to the remote at {request}, {publish}"),
                );
                self.mirror.opened(worker.jobs.clone(), wanted.only);
                self.worker = Some(worker);
                self.log(INFO, &words, out);
            }
            Err(why) => {
                let words = Words::new(format!("连接失败：{}", why.zh), format!("cannot connect: {}", why.en));
                self.log(ERROR, &words, out);
                let text = words.get(self.config.language).to_owned();
                out.sink.report(Report::Link(LinkState::Down(Some(text))));
            }
        }
    }

    /// Ends the worker. What it has told but nobody has heard yet is told again by the next snapshot.
    fn close(&mut self, out: &mut Out<'_>) {
        if self.worker.take().is_some() {
            self.mirror.closed(out);
            out.sink.report(Report::Link(LinkState::Down(None)));
        }
    }

    fn fetch(&mut self, out: &mut Out<'_>) {
        let Some((facts, ticks)) = self.worker.as_ref().and_then(|worker| worker.outbox.fetch()) else { return };
        for told in facts {
            self.mirror.told(told, out);
        }
        for tick in ticks {
            self.mirror.tick(tick, out);
        }
    }

    /// A worker that has ended by itself has panicked: the thread says so in the log; everything starts over.
    fn watch(&mut self, out: &mut Out<'_>) {
        if self.worker.as_ref().is_some_and(Worker::has_ended) {
            let words = Words::new("接口线程异常退出，请重新连接", "the gateway's thread has failed; connect it again");
            self.log(words::ERROR, &words, out);
            self.worker = None;
            self.mirror.closed(out);
            let text = words.get(self.config.language).to_owned();
            out.sink.report(Report::Link(LinkState::Down(Some(text))));
        }
    }

    fn log(&self, level: i32, words: &Words, out: &mut Out<'_>) {
        let time = DateTime::from_unix_micros(out.now.unix_us, &self.config.zone).map(|at| DateTime::naive(at.civil));
        let msg = words.get(self.config.language).to_owned();
        out.sink.report(Report::Log(LogData { gateway_name: self.config.name.clone(), msg, level, time }));
    }
}

impl Gateway for RpcGateway {
    fn name(&self) -> &str {
        &self.config.name
    }

    fn form(&self) -> Form {
        form::form(self.config.language)
    }

    fn exchanges(&self) -> Vec<Exchange> {
        Exchange::known().collect()
    }

    fn set_waker(&mut self, waker: Waker) {
        self.waker = Some(waker);
    }

    fn command(&mut self, now: Now, command: Command, sink: &mut dyn Sink) {
        let out = &mut Out { now, sink };
        // What has been told before the command came is known before it is carried out.
        self.fetch(out);
        match command {
            Command::Connect(settings) => self.connect(&settings, out),
            Command::Close => self.close(out),
            Command::Subscribe(request) => self.mirror.subscribe(request, out),
            Command::SendOrder { orderid, request } => self.mirror.send_order(&orderid, request, out),
            Command::CancelOrder(request) => self.mirror.cancel_order(&request, out),
            Command::SendQuote { quoteid, request } => self.mirror.send_quote(&quoteid, request, out),
            Command::CancelQuote(request) => self.mirror.cancel_quote(&request, out),
            Command::QueryHistory { token, request } => self.mirror.query_history(token, request, out),
            // It does not offer to.
            Command::Settle => {}
        }
    }

    fn wake(&mut self, now: Now, sink: &mut dyn Sink) -> Option<u64> {
        let out = &mut Out { now, sink };
        self.fetch(out);
        self.watch(out);
        self.worker.as_ref()?;
        let due = self.mirror.due(now);
        // Without a bell there is nothing but looking often.
        let pause = if self.waker.is_some() { WAKE_PULSE_US } else { WAKE_POLL_US };
        Some(due.clamp(now.monotonic_us + WAKE_POLL_US, now.monotonic_us + pause))
    }
}
