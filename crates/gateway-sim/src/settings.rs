//! The connect form, and what a filled-in form means.
//!
//! Field names are in the gateway's language, as VeighNa's gateways have them; a form that was filled in under the
//! other language is read as well. A value that cannot be used is an error that names the field.

use crate::limits;
use crate::words::Words;
use ::gateway::{Field, FieldKind, FieldValue, Form, Settings};
use domain::{Language, Text};

/// Where the market comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Generated,
    Replay,
}

/// What the user wants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) language: Language,
    pub(crate) deposits: [f64; 3],
    pub(crate) mode: Mode,
    pub(crate) rate: f64,
    pub(crate) seed: u64,
    pub(crate) recordings: Vec<String>,
    pub(crate) speed: f64,
    pub(crate) again: bool,
}

/// A field's name in both languages.
struct Name(&'static str, &'static str);

const LANGUAGE: Name = Name("语言", "Language");
const CNY: Name = Name("初始资金", "Initial balance CNY");
const USD: Name = Name("初始美元", "Initial balance USD");
const USDT: Name = Name("初始USDT", "Initial balance USDT");
const MODE: Name = Name("行情模式", "Market");
const RATE: Name = Name("每秒行情数", "Ticks per second");
const SEED: Name = Name("随机种子", "Seed");
const RECORDINGS: Name = Name("回放文件", "Recordings");
const SPEED: Name = Name("回放速度", "Replay speed");
const AGAIN: Name = Name("循环回放", "Replay again at the end");

const CHINESE: &str = "中文";
const ENGLISH: &str = "English";
const GENERATED: Name = Name("生成", "generated");
const REPLAY: Name = Name("回放", "replay");

impl Name {
    fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.0,
            Language::En => self.1,
        }
    }

    fn of<'a>(&self, settings: &'a Settings) -> Option<&'a FieldValue> {
        settings.get(self.0).or_else(|| settings.get(self.1))
    }

    fn is(&self, text: &str) -> bool {
        text == self.0 || text == self.1
    }
}

/// A field that a command line can fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SimField {
    /// Whether the market is generated or replayed.
    Market,
    /// CNY of a new account.
    Balance,
    /// USD of a new account.
    BalanceUsd,
    /// USDT of a new account.
    BalanceUsdt,
    /// Ticks of each instrument in a second.
    Rate,
    /// Seed of the generated market.
    Seed,
    /// Recordings, with semicolons between them.
    Recordings,
    /// Speed of the replay.
    Speed,
    /// Whether the replay begins again at its end.
    Again,
}

impl SimField {
    /// The field's name in the form of that language.
    pub fn name(self, language: Language) -> &'static str {
        let name = match self {
            SimField::Market => MODE,
            SimField::Balance => CNY,
            SimField::BalanceUsd => USD,
            SimField::BalanceUsdt => USDT,
            SimField::Rate => RATE,
            SimField::Seed => SEED,
            SimField::Recordings => RECORDINGS,
            SimField::Speed => SPEED,
            SimField::Again => AGAIN,
        };
        name.get(language)
    }

    /// The choice of [`SimField::Market`] that replays recordings.
    pub fn replay(language: Language) -> &'static str {
        REPLAY.get(language)
    }
}

/// The form with its defaults.
pub(crate) fn form(language: Language) -> Form {
    let field = |name: &Name, help: Words, kind, default| Field {
        name: Text::new(name.get(language)),
        help: help.get(language).to_owned(),
        kind,
        default,
    };
    let choice = |a: &str, b: &str| FieldKind::Choice(vec![a.to_owned(), b.to_owned()]);
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let own = if language == Language::Zh { CHINESE } else { ENGLISH };
    let money = Words::new("仅在新建账户时使用", "used only when the account is new");
    vec![
        field(
            &LANGUAGE,
            Words::new("合约名称和日志的语言", "language of names and log lines"),
            choice(CHINESE, ENGLISH),
            text(own),
        ),
        field(&CNY, money.clone(), FieldKind::Free, FieldValue::Float(1_000_000.0)),
        field(&USD, money.clone(), FieldKind::Free, FieldValue::Float(100_000.0)),
        field(&USDT, money, FieldKind::Free, FieldValue::Float(100_000.0)),
        field(
            &MODE,
            Words::new("生成：按种子连续生成；回放：播放录制文件", "generated from a seed, or played from recordings"),
            choice(GENERATED.get(language), REPLAY.get(language)),
            text(GENERATED.get(language)),
        ),
        field(
            &RATE,
            Words::new("每个合约每秒的行情数", "of each instrument, when generated"),
            FieldKind::Free,
            FieldValue::Float(2.0),
        ),
        field(
            &SEED,
            Words::new("相同种子得到相同行情", "the same seed gives the same market"),
            FieldKind::Free,
            FieldValue::Int(1),
        ),
        field(
            &RECORDINGS,
            Words::new(
                "CSV文件（可为gz），以分号分隔；可写作 合约.交易所=路径",
                "CSV files (gz or plain) separated by semicolons, each a path or symbol.EXCHANGE=path",
            ),
            FieldKind::Free,
            text(""),
        ),
        field(&SPEED, Words::new("1为录制速度", "1 is the recorded speed"), FieldKind::Free, FieldValue::Float(1.0)),
        field(
            &AGAIN,
            Words::new("结束后从头播放", "from the beginning when it has ended"),
            FieldKind::Free,
            FieldValue::Bool(false),
        ),
    ]
}

/// What is wrong with a filled-in form, in English.
///
/// # Errors
/// A value cannot be used.
pub fn check(settings: &Settings) -> Result<(), String> {
    read(settings, Language::En).map(drop).map_err(|words| words.en)
}

/// Reads a filled-in form; fields left out have their defaults.
pub(crate) fn read(settings: &Settings, own: Language) -> Result<Wanted, Words> {
    let language = match LANGUAGE.of(settings) {
        None => own,
        Some(FieldValue::Text(text)) if text == CHINESE || text.is_empty() => Language::Zh,
        Some(FieldValue::Text(text)) if text == ENGLISH => Language::En,
        Some(other) => return Err(bad(&LANGUAGE, other)),
    };
    let wanted = Wanted {
        language,
        deposits: [
            number(settings, &CNY, 1_000_000.0, 0.0, 1e15)?,
            number(settings, &USD, 100_000.0, 0.0, 1e15)?,
            number(settings, &USDT, 100_000.0, 0.0, 1e15)?,
        ],
        mode: mode(settings)?,
        rate: number(settings, &RATE, 2.0, 0.001, limits::TICKS_PER_SECOND)?,
        seed: number(settings, &SEED, 1.0, 0.0, 9e15)? as u64,
        recordings: recordings(settings)?,
        speed: number(settings, &SPEED, 1.0, 0.001, limits::REPLAY_SPEED)?,
        again: match AGAIN.of(settings) {
            None => false,
            Some(FieldValue::Bool(again)) => *again,
            Some(FieldValue::Int(again)) => *again != 0,
            Some(other) => return Err(bad(&AGAIN, other)),
        },
    };
    if wanted.mode == Mode::Replay && wanted.recordings.is_empty() {
        return Err(Words::new(
            format!("回放模式需要填写“{}”", RECORDINGS.0),
            format!("the replay needs at least one file in \"{}\"", RECORDINGS.1),
        ));
    }
    Ok(wanted)
}

fn mode(settings: &Settings) -> Result<Mode, Words> {
    match MODE.of(settings) {
        None => Ok(Mode::Generated),
        Some(FieldValue::Text(text)) if GENERATED.is(text) || text.is_empty() => Ok(Mode::Generated),
        Some(FieldValue::Text(text)) if REPLAY.is(text) => Ok(Mode::Replay),
        Some(other) => Err(bad(&MODE, other)),
    }
}

fn recordings(settings: &Settings) -> Result<Vec<String>, Words> {
    match RECORDINGS.of(settings) {
        None => Ok(Vec::new()),
        Some(FieldValue::Text(text)) => {
            Ok(text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
        }
        Some(other) => Err(bad(&RECORDINGS, other)),
    }
}

/// A number within bounds; text that is a number counts, since forms are saved as JSON by hand too.
fn number(settings: &Settings, name: &Name, default: f64, least: f64, most: f64) -> Result<f64, Words> {
    let Some(value) = name.of(settings) else { return Ok(default) };
    let number = match value {
        FieldValue::Int(number) => *number as f64,
        FieldValue::Float(number) => *number,
        FieldValue::Text(text) if text.trim().is_empty() => return Ok(default),
        FieldValue::Text(text) => text.trim().parse().map_err(|_| bad(name, value))?,
        FieldValue::Bool(_) => return Err(bad(name, value)),
    };
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(Words::new(
        format!("设置“{}”必须在{least}到{most}之间，收到{number}", name.0),
        format!("setting \"{}\" must be between {least} and {most}, got {number}", name.1),
    ))
}

fn bad(name: &Name, value: &FieldValue) -> Words {
    let text = match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Int(number) => number.to_string(),
        FieldValue::Float(number) => number.to_string(),
        FieldValue::Bool(flag) => flag.to_string(),
    };
    Words::new(format!("设置“{}”的值“{text}”无法使用", name.0), format!("setting \"{}\" cannot be \"{text}\"", name.1))
}
