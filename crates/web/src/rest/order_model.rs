//! The order that `POST /order` takes, checked as pydantic checks upstream's `OrderRequestModel`: field by field,
//! all errors at once, numbers in texts welcome.
//!
//! Deliberately different, each because money depends on it: a price or volume that is not finite, a volume that
//! is not above 0 and a text with half a surrogate are errors. Enum values are taken in both languages and by
//! member name. Pure.

use super::invalid::{Context, Errors};
use super::python_json::Json;
use domain::{Direction, Exchange, Language, NumberForms, Offset, OrderRequest, OrderType, Text};

/// The price's place in [`OrderRequest::forms`]. VeighNa's default for it is the int 0.
const PRICE: u32 = 1;

/// Whether there is a contract of this symbol on an exchange that VeighNa itself does not have.
pub(super) type Knows<'a> = &'a dyn Fn(&str, Exchange) -> bool;

const NOT_AN_OBJECT: &str = "Input should be a valid dictionary or object to extract fields from";
const NOT_A_NUMBER: &str = "Input should be a valid number";
const NOT_A_NUMBER_TEXT: &str = "Input should be a valid number, unable to parse string as a number";

/// Reads an order. Error texts name the enum values of the trading process's language.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read_order(body: &Json, language: Language, knows: Knows<'_>) -> Result<OrderRequest, Errors> {
    let mut errors = Errors::default();
    if !matches!(body, Json::Map(_)) {
        errors.body("model_attributes_type", NOT_AN_OBJECT, body);
        return Err(errors);
    }
    let mut fields = Fields { body, errors: &mut errors };
    let symbol = fields.required("symbol", text);
    let known = |text: &str| exchange(text, symbol.as_deref(), knows);
    let exchange = fields.required("exchange", |field| member(field, known, expected_exchanges));
    let direction = fields.required("direction", |field| member(field, Direction::parse, || directions(language)));
    let order_type = fields.required("type", |field| member(field, OrderType::parse, || types(language)));
    let volume = fields.required("volume", volume);
    let mut forms = NumberForms::default();
    if fields.is_absent("price") {
        forms.set_int(PRICE);
    }
    let price = fields.optional("price", 0.0, number);
    let offset = fields.optional("offset", Offset::None, |field| member(field, Offset::parse, || offsets(language)));
    let reference = fields.optional("reference", Text::default(), text);
    let request = (|| {
        Some(OrderRequest {
            forms,
            symbol: symbol?,
            exchange: exchange?,
            direction: direction?,
            order_type: order_type?,
            volume: volume?,
            price: price?,
            offset: offset?,
            reference: reference?,
        })
    })();
    request.ok_or(errors)
}

/// Where one field's error goes.
struct Field<'a> {
    name: &'static str,
    value: &'a Json,
    errors: &'a mut Errors,
}

struct Fields<'a> {
    body: &'a Json,
    errors: &'a mut Errors,
}

impl Fields<'_> {
    fn required<T>(&mut self, name: &'static str, read: impl FnOnce(Field<'_>) -> Option<T>) -> Option<T> {
        match self.body.get(name) {
            Some(value) => read(Field { name, value, errors: self.errors }),
            None => {
                self.errors.field("missing", name, "Field required", self.body, Context::None);
                None
            }
        }
    }

    fn is_absent(&self, name: &'static str) -> bool {
        self.body.get(name).is_none()
    }

    fn optional<T>(&mut self, name: &'static str, absent: T, read: impl FnOnce(Field<'_>) -> Option<T>) -> Option<T> {
        match self.body.get(name) {
            Some(value) => read(Field { name, value, errors: self.errors }),
            None => Some(absent),
        }
    }
}

impl Field<'_> {
    fn wrong<T>(self, kind: &str, message: &str, context: Context<'_>) -> Option<T> {
        self.errors.field(kind, self.name, message, self.value, context);
        None
    }
}

fn text(field: Field<'_>) -> Option<Text> {
    match field.value {
        Json::Text { text, whole: true } => Some(Text::new(text)),
        Json::Text { .. } => {
            let message = "Input should be a valid string, unable to parse raw data as a unicode string";
            field.wrong("string_unicode", message, Context::None)
        }
        _ => field.wrong("string_type", "Input should be a valid string", Context::None),
    }
}

/// What is expected is put into words only for an order that is wrong.
fn member<T>(field: Field<'_>, parse: impl FnOnce(&str) -> Option<T>, expected: impl FnOnce() -> String) -> Option<T> {
    let found = match field.value {
        Json::Text { text, whole: true } => parse(text),
        _ => None,
    };
    found.or_else(|| {
        let expected = expected();
        field.wrong("enum", &format!("Input should be {expected}"), Context::Text("expected", &expected))
    })
}

fn volume(field: Field<'_>) -> Option<f64> {
    let (name, value, errors) = (field.name, field.value, field.errors);
    let volume = number(Field { name, value, errors })?;
    if volume > 0.0 {
        return Some(volume);
    }
    Field { name, value, errors }.wrong("greater_than", "Input should be greater than 0", Context::Number("gt", "0.0"))
}

fn number(field: Field<'_>) -> Option<f64> {
    let number = match field.value {
        Json::Bool(flag) => f64::from(u8::from(*flag)),
        Json::Int(digits) => digits.parse().unwrap_or(f64::INFINITY),
        Json::Float(number) => *number,
        Json::Text { text, .. } => match number_text(text) {
            Some(number) => number,
            None => return field.wrong("float_parsing", NOT_A_NUMBER_TEXT, Context::None),
        },
        Json::Null | Json::List(_) | Json::Map(_) => {
            return field.wrong("float_type", NOT_A_NUMBER, Context::None);
        }
    };
    if number.is_finite() {
        return Some(number);
    }
    field.wrong("finite_number", "Input should be a finite number", Context::None)
}

/// A number in a text as pydantic takes it: spaces around, a sign, single underscores between digits.
fn number_text(text: &str) -> Option<f64> {
    let text = text.trim();
    if !text.contains('_') {
        return text.parse().ok();
    }
    let well_placed = !text.starts_with('_') && !text.ends_with('_') && !text.contains("__");
    well_placed.then(|| text.replace('_', "").parse().ok()).flatten()
}

fn exchange(text: &str, symbol: Option<&str>, knows: Knows<'_>) -> Option<Exchange> {
    let exchange = Exchange::parse(text)?;
    let is_traded = || symbol.is_some_and(|symbol| knows(symbol, exchange));
    (exchange.is_known() || is_traded()).then_some(exchange)
}

fn expected_exchanges() -> String {
    let exchanges: Vec<Exchange> = Exchange::known().collect();
    expected(exchanges.iter().map(Exchange::value))
}

fn directions(language: Language) -> String {
    expected(Direction::ALL.iter().map(|member| member.value(language)))
}

fn types(language: Language) -> String {
    expected(OrderType::ALL.iter().map(|member| member.value(language)))
}

fn offsets(language: Language) -> String {
    expected(Offset::ALL.iter().map(|member| member.value(language)))
}

/// Pydantic's list: `'a', 'b' or 'c'`.
fn expected<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = values.map(|value| format!("'{value}'")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
