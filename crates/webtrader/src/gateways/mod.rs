//! Which gateways the trading process has: tables of `webtrader.toml`, flags over them, or the simulated exchange alone.
//!
//! A flag counts more than the file: `--rpc` replaces the table of its name or comes in addition, `--no-sim` takes the
//! simulated exchange away, the exchange's own flags replace what its table says. Always true: names differ, at most one
//! gateway is simulated (two would list the same instruments), and every value has been looked at before a gateway is
//! opened.

mod file;

pub(crate) use file::GatewayFile;

use crate::cli::{GatewayArgs, Remote, SimArgs};
use anyhow::{Context, bail};
use file::{Kind, Table, Word};
use std::path::Path;
use trader::{Configured, Language, RemoteOptions, SimOptions};

/// Name of the simulated exchange where nobody gave it one.
const SIM: &str = "SIM";

/// One gateway as it is to be opened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Chosen {
    /// The simulated exchange.
    Simulated(SimOptions),
    /// A VeighNa.
    Veighna(RemoteOptions),
}

/// A gateway as `webtrader check` shows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Name, kind and what can be shown of its settings.
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) problem: Option<String>,
}

/// The gateways of file and flags together.
pub(crate) fn chosen(
    file: Option<&GatewayFile>,
    args: &GatewayArgs,
    environment: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<Vec<Chosen>> {
    let tables = file.map_or(&[][..], |file| &file.tables);
    let mut list: Vec<Chosen> = Vec::new();
    for table in tables {
        let path = file.map(|file| file.path.display().to_string()).unwrap_or_default();
        list.push(table.chosen(environment).with_context(|| format!("{path}: gateway {}", table.name))?);
    }
    if tables.is_empty() {
        list.push(Chosen::Simulated(SimOptions { name: SIM.into(), ..SimOptions::default() }));
    }
    list.retain(|one| !(args.no_sim && matches!(one, Chosen::Simulated(_))));
    for remote in &args.remotes {
        let remote = Chosen::Veighna(remote.options());
        match list.iter_mut().find(|one| one.name() == remote.name()) {
            Some(one) => *one = remote,
            None => list.push(remote),
        }
    }
    for one in &mut list {
        if let Chosen::Simulated(options) = one {
            args.sim.over(options);
        }
    }
    fit_together(&list)?;
    list.iter().try_for_each(Chosen::look_at)?;
    Ok(list)
}

/// Whether no order reaches a real market.
pub(crate) fn are_simulated(chosen: &[Chosen]) -> bool {
    chosen.iter().all(|one| matches!(one, Chosen::Simulated(_)))
}

/// The gateways, opened.
pub(crate) fn open(chosen: &[Chosen], state: &Path, language: Language, zone: &str) -> anyhow::Result<Vec<Configured>> {
    let open = |one: &Chosen| match one {
        Chosen::Simulated(options) => options.gateway(state, language, zone),
        Chosen::Veighna(options) => Ok(options.gateway(language, zone)),
    };
    Ok(chosen.iter().map(open).collect::<Result<_, _>>()?)
}

/// The file's gateways one by one, each with what is wrong with it; no text that stands elsewhere is shown.
pub(crate) fn describe(file: &GatewayFile, environment: &dyn Fn(&str) -> Option<String>) -> Vec<Line> {
    let mut list: Vec<Chosen> = Vec::new();
    let mut lines = Vec::new();
    for table in &file.tables {
        let made = table.chosen(environment).and_then(|one| {
            one.look_at()?;
            list.push(one);
            fit_together(&list)
        });
        let problem = made.err().map(|error| format!("gateway {}: {error:#}", table.name));
        lines.push(Line { text: table.shown(), problem });
    }
    lines
}

fn fit_together(list: &[Chosen]) -> anyhow::Result<()> {
    for (at, one) in list.iter().enumerate() {
        if list[..at].iter().any(|other| other.name() == one.name()) {
            bail!("two gateways are called {}: give each a name of its own", one.name());
        }
    }
    if list.iter().filter(|one| matches!(one, Chosen::Simulated(_))).count() > 1 {
        bail!("two gateways are simulated, and would list the same instruments: one trading process has one at most");
    }
    if list.is_empty() { bail!("there is no gateway left") } else { Ok(()) }
}

impl Chosen {
    fn name(&self) -> &str {
        match self {
            Chosen::Simulated(options) => &options.name,
            Chosen::Veighna(options) => &options.name,
        }
    }

    /// What can be told to be wrong without opening it.
    fn look_at(&self) -> anyhow::Result<()> {
        check_name(self.name()).map_err(anyhow::Error::msg)?;
        match self {
            Chosen::Simulated(options) => options.check().map_err(anyhow::Error::msg),
            Chosen::Veighna(options) => {
                [&options.request, &options.publish].into_iter().try_for_each(|text| check_address(text))?;
                if options.request == options.publish {
                    bail!("req_address and sub_address are the same; a VeighNa has one for each");
                }
                Ok(())
            }
        }
    }
}

/// A name that can stand before the dot in ids and in a path of the API.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let is_fit = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.len() <= 32 && name.chars().all(is_fit) {
        return Ok(());
    }
    Err(format!("{name:?} is no name: letters, digits, - and _, at most 32 bytes (ids are split at a dot)"))
}

fn check_address(text: &str) -> anyhow::Result<()> {
    text.parse::<trader::Endpoint>().map(drop).map_err(|error| anyhow::anyhow!("{text:?} is no address: {error}"))
}

impl Table {
    fn chosen(&self, environment: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Chosen> {
        self.keys_fit()?;
        let word = |key: &str, word: &Option<Word>| match word {
            Some(word) => word.read(environment).map(Some).map_err(anyhow::Error::msg).with_context(|| key.to_owned()),
            None => Ok(None),
        };
        Ok(match self.kind {
            Kind::Simulated => Chosen::Simulated(SimOptions {
                name: self.name.as_str().into(),
                recordings: self.replay.clone().unwrap_or_default(),
                speed: self.speed,
                again: self.again.unwrap_or(false),
                seed: self.seed,
                rate: self.rate,
                balance: self.balance,
                balance_usd: self.balance_usd,
                balance_usdt: self.balance_usdt,
            }),
            Kind::Veighna => Chosen::Veighna(RemoteOptions {
                name: self.name.as_str().into(),
                request: word("req_address", &self.req_address)?.context("req_address is missing")?,
                publish: word("sub_address", &self.sub_address)?.context("sub_address is missing")?,
                only: word("remote_gateway", &self.remote_gateway)?,
            }),
        })
    }

    /// A key of the other kind would silently not count.
    fn keys_fit(&self) -> anyhow::Result<()> {
        let of_veighna = [
            ("req_address", self.req_address.is_some()),
            ("sub_address", self.sub_address.is_some()),
            ("remote_gateway", self.remote_gateway.is_some()),
        ];
        let of_simulated = [
            ("replay", self.replay.is_some()),
            ("speed", self.speed.is_some()),
            ("again", self.again.is_some()),
            ("seed", self.seed.is_some()),
            ("rate", self.rate.is_some()),
            ("balance", self.balance.is_some()),
            ("balance_usd", self.balance_usd.is_some()),
            ("balance_usdt", self.balance_usdt.is_some()),
        ];
        let (others, other_kind) = match self.kind {
            Kind::Simulated => (&of_veighna[..], "veighna"),
            Kind::Veighna => (&of_simulated[..], "simulated"),
        };
        match others.iter().find(|(_, is_there)| *is_there) {
            Some((key, _)) => bail!("{key} belongs to a gateway of the kind {other_kind:?}"),
            None => Ok(()),
        }
    }

    fn shown(&self) -> String {
        let word = |word: &Option<Word>| word.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        match self.kind {
            Kind::Simulated => format!("{}: simulated exchange", self.name),
            Kind::Veighna => {
                format!("{}: VeighNa at {}, {}", self.name, word(&self.req_address), word(&self.sub_address))
            }
        }
    }
}

impl Remote {
    fn options(&self) -> RemoteOptions {
        RemoteOptions {
            name: self.name.as_str().into(),
            request: self.request.clone(),
            publish: self.publish.clone(),
            only: None,
        }
    }
}

impl SimArgs {
    /// Puts what was given over what the file says.
    fn over(&self, options: &mut SimOptions) {
        if !self.recordings.is_empty() {
            options.recordings.clone_from(&self.recordings);
        }
        options.again |= self.again;
        options.speed = self.speed.or(options.speed);
        options.seed = self.seed.or(options.seed);
        options.rate = self.rate.or(options.rate);
        options.balance = self.balance.or(options.balance);
    }
}

#[cfg(test)]
mod tests;
