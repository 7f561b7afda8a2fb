//! The simulated exchange as the trading process is asked for it on a command line.

use crate::TraderError;
use domain::{Language, Text};
use gateway::{FieldValue, Gateway, Settings};
use gateway_sim::{SimConfig, SimGateway};
use std::path::{Path, PathBuf};

/// What a user may choose; what is absent has the gateway's default.
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
    fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        let mut number = |name: &str, value: Option<f64>| {
            if let Some(value) = value {
                settings.set(name, FieldValue::Float(value));
            }
        };
        number("回放速度", self.speed);
        number("每秒行情数", self.rate);
        number("初始资金", self.balance);
        if let Some(seed) = self.seed {
            settings.set("随机种子", FieldValue::Int(seed));
        }
        if !self.recordings.is_empty() {
            let list: Vec<String> = self.recordings.iter().map(|path| path.display().to_string()).collect();
            settings.set("行情模式", FieldValue::Text("回放".to_owned()));
            settings.set("回放文件", FieldValue::Text(list.join(";")));
        }
        settings.set("循环回放", FieldValue::Bool(self.again));
        settings
    }

    /// The gateway, its account in the state folder, and its filled-in form.
    pub fn gateway(
        &self,
        state: &Path,
        language: Language,
        zone: &str,
    ) -> Result<(Box<dyn Gateway>, Settings), TraderError> {
        let database = Some(state.join("sim.db"));
        let config = SimConfig { name: Text::new("SIM"), language, database, zone: Text::new(zone) };
        let failed =
            |e: gateway_sim::StoreError| TraderError::Gateway { gateway: Text::new("SIM"), reason: e.to_string() };
        Ok((Box::new(SimGateway::open(config).map_err(failed)?), self.settings()))
    }
}
