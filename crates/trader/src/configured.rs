//! The gateways as the trading process is asked for them on a command line.

use crate::TraderError;
use domain::{Language, Text};
use gateway::{FieldValue, Gateway, Settings};
use gateway_rpc::{RpcConfig, RpcGateway};
use gateway_sim::{SimConfig, SimField, SimGateway};
use std::path::{Path, PathBuf};

/// A gateway and the form that it is logged in with.
pub type Configured = (Box<dyn Gateway>, Settings);

/// A VeighNa that serves its RPC, as a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteOptions {
    /// Name of the gateway; no dot in it.
    pub name: Text,
    /// REP address.
    pub request: String,
    /// PUB address.
    pub publish: String,
    /// Only this one of its gateways; all of them where absent.
    pub only: Option<String>,
}

impl RemoteOptions {
    /// The gateway and its filled-in form.
    pub fn gateway(&self, language: Language, zone: &str) -> Configured {
        let config = RpcConfig { name: self.name.clone(), language, zone: Text::new(zone) };
        let gateway = RpcGateway::new(config);
        // The form's fields are the two addresses and the remote's gateway, named in the gateway's language.
        let mut settings = Settings::default();
        let values = [&self.request, &self.publish].into_iter().chain(&self.only);
        for (field, value) in gateway.form().iter().zip(values) {
            settings.set(&field.name, FieldValue::Text(value.clone()));
        }
        (Box::new(gateway), settings)
    }
}

/// What a user may choose of the simulated exchange; what is absent has the gateway's default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SimOptions {
    /// Name of the gateway, no dot in it; `SIM` where empty.
    pub name: Text,
    /// Recordings to replay instead of a generated market.
    pub recordings: Vec<PathBuf>,
    /// Replay speed, 1 is the recorded one.
    pub speed: Option<f64>,
    /// Replay from the beginning when it has ended.
    pub again: bool,
    /// Seed of the generated market.
    pub seed: Option<i64>,
    /// Ticks of each instrument in a second.
    pub rate: Option<f64>,
    /// Money of a new account, in CNY.
    pub balance: Option<f64>,
    /// Money of a new account, in USD.
    pub balance_usd: Option<f64>,
    /// Money of a new account, in USDT.
    pub balance_usdt: Option<f64>,
}

impl SimOptions {
    /// The form as it is filled in by these, in the form's own language, so that who changes it later sees them.
    fn settings(&self, language: Language) -> Settings {
        let mut settings = Settings::default();
        let mut set = |field: SimField, value: Option<FieldValue>| {
            if let Some(value) = value {
                settings.set(field.name(language), value);
            }
        };
        set(SimField::Speed, self.speed.map(FieldValue::Float));
        set(SimField::Rate, self.rate.map(FieldValue::Float));
        set(SimField::Balance, self.balance.map(FieldValue::Float));
        set(SimField::BalanceUsd, self.balance_usd.map(FieldValue::Float));
        set(SimField::BalanceUsdt, self.balance_usdt.map(FieldValue::Float));
        set(SimField::Seed, self.seed.map(FieldValue::Int));
        if !self.recordings.is_empty() {
            let list: Vec<String> = self.recordings.iter().map(|path| path.display().to_string()).collect();
            set(SimField::Market, Some(FieldValue::Text(SimField::replay(language).to_owned())));
            set(SimField::Recordings, Some(FieldValue::Text(list.join(";"))));
        }
        set(SimField::Again, Some(FieldValue::Bool(self.again)));
        settings
    }

    /// What is wrong with these options, as far as can be told without opening anything but a look at the recordings.
    ///
    /// # Errors
    /// A value is out of its range, or a recording cannot be read.
    pub fn check(&self) -> Result<(), String> {
        gateway_sim::check(&self.settings(Language::En))?;
        for recording in &self.recordings {
            // `SYMBOL.EXCHANGE=PATH` where the file does not say what it is of.
            let text = recording.to_string_lossy();
            let path = text.split_once('=').map_or(&*text, |(_, path)| path);
            std::fs::File::open(path).map_err(|error| format!("the recording {path} cannot be read: {error}"))?;
        }
        Ok(())
    }

    /// The gateway, its account in the state folder, and its filled-in form.
    pub fn gateway(&self, state: &Path, language: Language, zone: &str) -> Result<Configured, TraderError> {
        let database = Some(state.join("sim.db"));
        let name = if self.name.is_empty() { Text::new("SIM") } else { self.name.clone() };
        let config = SimConfig { name: name.clone(), language, database, zone: Text::new(zone) };
        let failed = |e: gateway_sim::StoreError| TraderError::Gateway { gateway: name, reason: e.to_string() };
        Ok((Box::new(SimGateway::open(config).map_err(failed)?), self.settings(language)))
    }
}
