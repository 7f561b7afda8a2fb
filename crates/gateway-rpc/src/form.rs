//! The connect form, and what a filled-in form means.

use crate::words::Words;
use ::gateway::{Field, FieldKind, FieldValue, Form, Settings};
use domain::{Language, Text};
use rpc::{ClientConfig, Endpoint};

/// A field's name in both languages; the Chinese ones are those of VeighNa's own RpcGateway.
struct Name(&'static str, &'static str);

const REQUEST: Name = Name("主动请求地址", "Request address");
const PUBLISH: Name = Name("推送订阅地址", "Publish address");
const ONLY: Name = Name("远端接口", "Remote gateway");

/// What the user wants.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) client: ClientConfig,
    /// Only this one of the remote's gateways; all of them where absent.
    pub(crate) only: Option<Text>,
}

impl Name {
    fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Zh => self.0,
            Language::En => self.1,
        }
    }

    /// A form that was filled in under the other language is read as well.
    fn of<'a>(&self, settings: &'a Settings, language: Language) -> Option<&'a str> {
        settings.text(self.get(language)).or_else(|| settings.text(self.0)).or_else(|| settings.text(self.1))
    }
}

/// The form with its defaults.
pub(crate) fn form(language: Language) -> Form {
    let field = |name: &Name, help: Words, default: &str| Field {
        name: Text::new(name.get(language)),
        help: help.get(language).to_owned(),
        kind: FieldKind::Free,
        default: FieldValue::Text(default.to_owned()),
    };
    vec![
        field(
            &REQUEST,
            Words::new("远端 RpcService 的请求应答地址", "where the remote's RpcService answers calls"),
            "tcp://127.0.0.1:2014",
        ),
        field(
            &PUBLISH,
            Words::new("远端 RpcService 的事件广播地址", "where the remote's RpcService publishes events"),
            "tcp://127.0.0.1:4102",
        ),
        field(
            &ONLY,
            Words::new(
                "只使用远端的这一个接口，留空则全部使用",
                "only this one of the remote's gateways; empty for all",
            ),
            "",
        ),
    ]
}

/// Reads a filled-in form; fields that are missing have their defaults.
pub(crate) fn read(settings: &Settings, language: Language) -> Result<Wanted, Words> {
    let address = |name: &Name, default: &str| -> Result<Endpoint, Words> {
        let text = name.of(settings, language).map(str::trim).filter(|text| !text.is_empty()).unwrap_or(default);
        text.parse().map_err(|error| {
            Words::new(
                format!("{}不是有效地址：{text}（{error}）", name.0),
                format!("{} is no address: {text} ({error})", name.1),
            )
        })
    };
    let client = ClientConfig {
        request: address(&REQUEST, "tcp://127.0.0.1:2014")?,
        publish: address(&PUBLISH, "tcp://127.0.0.1:4102")?,
    };
    let only = ONLY.of(settings, language).map(str::trim).filter(|name| !name.is_empty()).map(Text::new);
    Ok(Wanted { client, only })
}

/// A filled-in form for these addresses.
pub(crate) fn filled(request: &str, publish: &str, language: Language) -> Settings {
    let mut settings = Settings::default();
    settings.set(REQUEST.get(language), FieldValue::Text(request.to_owned()));
    settings.set(PUBLISH.get(language), FieldValue::Text(publish.to_owned()));
    settings
}
