//! Condition operators, with their `…IfExists` forms and the two set qualifiers.
//!
//! A negated operator holds when the key is absent; a plain one does not. `ForAllValues` holds for
//! no values at all. An operator without a qualifier does not hold for a key with several values.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::context::{Context, Values};
use super::pattern::{Case, Pattern, Syntax};

/// One operator over one key.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    quantity: Quantity,
    operator: Operator,
    if_exists: bool,
    key: String,
    expected: Vec<Expected>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Single,
    Any,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Operator {
    test: Test,
    negated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Text,
    TextIgnoringCase,
    TextLike,
    Arn,
    Bool,
    Null,
    Date(Order),
    Number(Order),
    Address,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    fn holds<T: PartialOrd + Copy>(self, value: T, bound: T) -> bool {
        match self {
            Self::Equal => value == bound,
            Self::Less => value < bound,
            Self::LessOrEqual => value <= bound,
            Self::Greater => value > bound,
            Self::GreaterOrEqual => value >= bound,
        }
    }
}

#[derive(Clone, Debug)]
enum Expected {
    Pattern(Pattern),
    Arn(Vec<Pattern>),
    Bool(bool),
    Date(DateTime<Utc>),
    Number(f64),
    Network(IpAddr, u8),
}

impl Condition {
    /// Compiles one entry of a `Condition` element; `None` when the language does not know it.
    pub(super) fn compile(
        operator: &str,
        key: &str,
        values: &[String],
        variables: bool,
    ) -> Option<Self> {
        let (quantity, name) = match operator.split_once(':') {
            None => (Quantity::Single, operator),
            Some(("ForAnyValue", name)) => (Quantity::Any, name),
            Some(("ForAllValues", name)) => (Quantity::All, name),
            Some(_) => return None,
        };
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let operator = Operator::by_name(name)?;
        if operator.test == Test::Null && (if_exists || quantity != Quantity::Single) {
            return None;
        }
        if values.is_empty() || !key.contains(':') {
            return None;
        }
        let expected = values
            .iter()
            .map(|value| Expected::compile(operator.test, value, variables))
            .collect::<Option<Vec<_>>>()?;
        Some(Self {
            quantity,
            operator,
            if_exists,
            key: key.to_owned(),
            expected,
        })
    }

    pub(super) fn holds(&self, context: &Context) -> bool {
        let present = context.get(&self.key);
        if self.operator.test == Test::Null {
            return self
                .expected
                .iter()
                .any(|one| matches!(one, Expected::Bool(absent) if *absent == present.is_none()));
        }
        let values = match present {
            Some(values) => values,
            None if self.if_exists => return true,
            None => {
                return match self.quantity {
                    Quantity::Single => self.operator.negated,
                    Quantity::Any => false,
                    Quantity::All => true,
                };
            }
        };
        match (self.quantity, values) {
            (Quantity::Single, Values::Many(list)) if list.len() != 1 => false,
            (Quantity::Single | Quantity::Any, values) => values
                .as_slice()
                .iter()
                .any(|value| self.value_holds(value, context)),
            (Quantity::All, values) => values
                .as_slice()
                .iter()
                .all(|value| self.value_holds(value, context)),
        }
    }

    fn value_holds(&self, value: &str, context: &Context) -> bool {
        let any = self
            .expected
            .iter()
            .any(|one| one.accepts(self.operator.test, value, context));
        any != self.operator.negated
    }
}

impl Operator {
    fn by_name(name: &str) -> Option<Self> {
        let (test, negated) = match name {
            "StringEquals" => (Test::Text, false),
            "StringNotEquals" => (Test::Text, true),
            "StringEqualsIgnoreCase" => (Test::TextIgnoringCase, false),
            "StringNotEqualsIgnoreCase" => (Test::TextIgnoringCase, true),
            "StringLike" => (Test::TextLike, false),
            "StringNotLike" => (Test::TextLike, true),
            "ArnEquals" | "ArnLike" => (Test::Arn, false),
            "ArnNotEquals" | "ArnNotLike" => (Test::Arn, true),
            "Bool" => (Test::Bool, false),
            "Null" => (Test::Null, false),
            "IpAddress" => (Test::Address, false),
            "NotIpAddress" => (Test::Address, true),
            _ => {
                if let Some(order) = name.strip_prefix("Date") {
                    return ordered(order, Test::Date);
                }
                return ordered(name.strip_prefix("Numeric")?, Test::Number);
            }
        };
        Some(Self { test, negated })
    }
}

fn ordered(name: &str, test: fn(Order) -> Test) -> Option<Operator> {
    let (order, negated) = match name {
        "Equals" => (Order::Equal, false),
        "NotEquals" => (Order::Equal, true),
        "LessThan" => (Order::Less, false),
        "LessThanEquals" => (Order::LessOrEqual, false),
        "GreaterThan" => (Order::Greater, false),
        "GreaterThanEquals" => (Order::GreaterOrEqual, false),
        _ => return None,
    };
    Some(Operator {
        test: test(order),
        negated,
    })
}

impl Expected {
    fn compile(kind: Test, text: &str, variables: bool) -> Option<Self> {
        let pattern = |text: &str, wildcards, case| {
            Pattern::compile(
                text,
                Syntax {
                    wildcards,
                    variables,
                    case,
                },
            )
            .ok()
        };
        match kind {
            Test::Text => pattern(text, false, Case::Exact).map(Self::Pattern),
            Test::TextIgnoringCase => pattern(text, false, Case::Ignored).map(Self::Pattern),
            Test::TextLike => pattern(text, true, Case::Exact).map(Self::Pattern),
            Test::Arn => {
                let segments = split_arn(text);
                let compiled = segments
                    .into_iter()
                    .map(|one| pattern(one, true, Case::Exact));
                compiled.collect::<Option<Vec<_>>>().map(Self::Arn)
            }
            Test::Bool | Test::Null => boolean(text).map(Self::Bool),
            Test::Date(_) => date(text).map(Self::Date),
            Test::Number(_) => number(text).map(Self::Number),
            Test::Address => network(text),
        }
    }

    fn accepts(&self, test: Test, value: &str, context: &Context) -> bool {
        match (self, test) {
            (Self::Pattern(pattern), _) => pattern.matches(value, context),
            (Self::Arn(segments), _) => {
                let parts = split_arn(value);
                parts.len() == segments.len()
                    && segments
                        .iter()
                        .zip(parts)
                        .all(|(one, part)| one.matches(part, context))
            }
            (Self::Bool(expected), _) => boolean(value) == Some(*expected),
            (Self::Date(bound), Test::Date(order)) => {
                date(value).is_some_and(|value| order.holds(value, *bound))
            }
            (Self::Number(bound), Test::Number(order)) => {
                number(value).is_some_and(|value| order.holds(value, *bound))
            }
            (Self::Network(network, bits), _) => value
                .parse()
                .is_ok_and(|address| contains(*network, *bits, address)),
            _ => false,
        }
    }
}

/// The six segments of an ARN; a variable with colons inside stays whole.
fn split_arn(text: &str) -> Vec<&str> {
    let mut segments = Vec::with_capacity(6);
    let (mut start, mut depth) = (0, 0_u32);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && segments.len() < 5 => {
                segments.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    segments.push(&text[start..]);
    segments
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// ISO 8601, or seconds since 1970.
fn date(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(seconds) = text.parse::<i64>() {
        return DateTime::from_timestamp(seconds, 0);
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&Utc));
    }
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

fn network(text: &str) -> Option<Expected> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some(Expected::Network(address, bits))
}

fn contains(network: IpAddr, bits: u8, address: IpAddr) -> bool {
    match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            let shift = 32 - u32::from(bits);
            let cut = |ip: std::net::Ipv4Addr| u32::from(ip).checked_shr(shift).unwrap_or(0);
            cut(network) == cut(address)
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => {
            let shift = 128 - u32::from(bits);
            let cut = |ip: std::net::Ipv6Addr| u128::from(ip).checked_shr(shift).unwrap_or(0);
            cut(network) == cut(address)
        }
        _ => false,
    }
}
