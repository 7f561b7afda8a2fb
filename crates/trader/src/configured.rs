//! The gateways as the trading process is asked for them on a command line.

use crate::TraderError;
use domain::{Language, Text};
use gateway::{FieldValue, Gateway, Settings};
use gateway_rpc::{RpcConfig, RpcGateway};
use gateway_sim::{SimConfig, SimField, SimGateway};
use std::path::{Path, PathBuf};

/// A gateway and the form that it is logged in with.
pub type Configured = (Box<dyn Gateway>, Settings);

/// A VeighNa that serves its RPC at these addresses, as a gateway of that name.
pub fn remote(name: &str, request: &str, publish: &str, language: Language, zone: &str) -> Configured {
    let config = RpcConfig { name: Text::new(name), language, zone: Text::new(zone) };
    let gateway = RpcGateway::new(config);
    // The form's first two fields are the addresses, named in the gateway's language.
    let mut settings = Settings::default();
    for (field, address) in gateway.form().iter().zip([request, publish]) {
        settings.set(&field.name, FieldValue::Text(address.to_owned()));
    }
    (Box::new(gateway), settings)
}

/// What a user may choose of the simulated exchange; what is absent has the gateway's default.
#[derive(Clone, Debug, Default)]
pub struct SimOptions {
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
        set(SimField::Seed, self.seed.map(FieldValue::Int));
        if !self.recordings.is_empty() {
            let list: Vec<String> = self.recordings.iter().map(|path| path.display().to_string()).collect();
            set(SimField::Market, Some(FieldValue::Text(SimField::replay(language).to_owned())));
            set(SimField::Recordings, Some(FieldValue::Text(list.join(";"))));
        }
        set(SimField::Again, Some(FieldValue::Bool(self.again)));
        settings
    }

    /// The gateway `SIM`, its account in the state folder, and its filled-in form.
    pub fn gateway(&self, state: &Path, language: Language, zone: &str) -> Result<Configured, TraderError> {
        let database = Some(state.join("sim.db"));
        let config = SimConfig { name: Text::new("SIM"), language, database, zone: Text::new(zone) };
        let failed =
            |e: gateway_sim::StoreError| TraderError::Gateway { gateway: Text::new("SIM"), reason: e.to_string() };
        Ok((Box::new(SimGateway::open(config).map_err(failed)?), self.settings(language)))
    }
}
