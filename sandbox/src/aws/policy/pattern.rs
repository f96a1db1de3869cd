//! Values with wildcards and policy variables: `arn:aws:s3:::team-${aws:PrincipalTag/team}/*`.
//!
//! A variable's value is text: a `*` in it matches a star and nothing else. A variable that the
//! request cannot fill makes the pattern match nothing.

use super::context::Context;

/// How letters compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Exact,
    Ignored,
}

/// A compiled value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
    case: Case,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Char(char),
    One,
    Many,
    Variable {
        key: String,
        default: Option<String>,
    },
}

/// A variable is not written as the language asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadVariable;

/// What a compiled value may contain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Syntax {
    pub(super) wildcards: bool,
    pub(super) variables: bool,
    pub(super) case: Case,
}

impl Pattern {
    pub(super) fn compile(text: &str, syntax: Syntax) -> Result<Self, BadVariable> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if syntax.variables
                && let Some(inner) = rest.strip_prefix("${")
            {
                let (body, after) = inner.split_once('}').ok_or(BadVariable)?;
                parts.push(variable(body)?);
                rest = after;
                continue;
            }
            parts.push(match first {
                '*' if syntax.wildcards => Part::Many,
                '?' if syntax.wildcards => Part::One,
                other => Part::Char(other),
            });
            rest = &rest[first.len_utf8()..];
        }
        Ok(Self {
            parts,
            case: syntax.case,
        })
    }

    pub(super) fn matches(&self, value: &str, context: &Context) -> bool {
        let Some(tokens) = self.fill(context) else {
            return false;
        };
        let value: Vec<char> = value.chars().collect();
        glob(&tokens, &value, self.case)
    }

    fn fill(&self, context: &Context) -> Option<Vec<Token>> {
        let mut tokens = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            match part {
                Part::Char(letter) => tokens.push(Token::Char(*letter)),
                Part::One => tokens.push(Token::One),
                Part::Many => tokens.push(Token::Many),
                Part::Variable { key, default } => {
                    let value = context.single(key).or(default.as_deref())?;
                    tokens.extend(value.chars().map(Token::Char));
                }
            }
        }
        Some(tokens)
    }
}

fn variable(body: &str) -> Result<Part, BadVariable> {
    if let "*" | "?" | "$" = body {
        return Ok(Part::Char(body.chars().next().ok_or(BadVariable)?));
    }
    let (key, default) = match body.split_once(',') {
        None => (body, None),
        Some((key, default)) => {
            let default = default
                .trim()
                .strip_prefix('\'')
                .and_then(|text| text.strip_suffix('\''));
            (key, Some(default.ok_or(BadVariable)?.to_owned()))
        }
    };
    let key = key.trim();
    let clean = !key.is_empty() && !key.contains(['{', '$', '\'']) && key.contains(':');
    clean
        .then(|| Part::Variable {
            key: key.to_owned(),
            default,
        })
        .ok_or(BadVariable)
}

#[derive(Clone, Copy, Debug)]
enum Token {
    Char(char),
    One,
    Many,
}

/// Wildcard matching in O(pattern × value) at worst: one remembered star, no recursion.
fn glob(pattern: &[Token], value: &[char], case: Case) -> bool {
    let same = |a: char, b: char| match case {
        Case::Exact => a == b,
        Case::Ignored => a == b || a.to_lowercase().eq(b.to_lowercase()),
    };
    let (mut p, mut v) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while v < value.len() {
        match pattern.get(p) {
            Some(Token::Many) => {
                star = Some((p, v));
                p += 1;
                continue;
            }
            Some(Token::One) => {
                p += 1;
                v += 1;
                continue;
            }
            Some(Token::Char(letter)) if same(*letter, value[v]) => {
                p += 1;
                v += 1;
                continue;
            }
            _ => {}
        }
        let Some((at, from)) = star else { return false };
        star = Some((at, from + 1));
        p = at + 1;
        v = from + 1;
    }
    pattern[p..]
        .iter()
        .all(|token| matches!(token, Token::Many))
}

#[cfg(test)]
mod tests {
    use super::{Case, Pattern, Syntax};
    use crate::aws::policy::Context;

    const FULL: Syntax = Syntax {
        wildcards: true,
        variables: true,
        case: Case::Exact,
    };

    fn matches(pattern: &str, value: &str) -> bool {
        let mut context = Context::new();
        context.set("aws:PrincipalTag/team", "pay*");
        Pattern::compile(pattern, FULL)
            .unwrap()
            .matches(value, &context)
    }

    #[test]
    fn wildcards_match_as_iam_says() {
        for (pattern, value, expected) in [
            ("*", "", true),
            ("a*c", "abbbc", true),
            ("a*c", "abbb", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("**a", "bba", true),
            ("*:Get*", "s3:GetObject", true),
            ("a*b*c", "aXbXbc", true),
            ("", "a", false),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, value), expected, "{pattern} {value}");
        }
    }

    #[test]
    fn the_value_of_a_variable_is_text_and_not_a_wildcard() {
        assert!(matches("x/${aws:PrincipalTag/team}/y", "x/pay*/y"));
        assert!(!matches("x/${aws:PrincipalTag/team}/y", "x/payments/y"));
        assert!(matches("x/${AWS:principaltag/TEAM}", "x/pay*"));
    }

    #[test]
    fn a_variable_nobody_fills_matches_nothing_unless_it_has_a_default() {
        assert!(!matches("${aws:PrincipalTag/none}", ""));
        assert!(matches("${aws:PrincipalTag/none, 'all'}", "all"));
        assert!(matches("${*}", "*") && !matches("${*}", "x"));
        assert!(matches("${$}{a}", "${a}"));
    }

    #[test]
    fn broken_variables_do_not_compile() {
        for text in ["${", "${}", "${aws:x", "${x}", "${aws:x, y}", "${${aws:x}}"] {
            assert!(Pattern::compile(text, FULL).is_err(), "{text}");
        }
    }

    #[test]
    fn many_stars_stay_cheap() {
        let pattern = "*a".repeat(500);
        assert!(!matches(&pattern, &"b".repeat(5000)));
    }
}
