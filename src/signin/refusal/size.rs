//! What did not fit into a session: AWS packs its policies and tags into one token, by a form that it does not publish, and
//! says only that they are too much. What was asked for can be counted.

use super::{cause, explain};
use crate::aws::{self, Ask, Refusal};
use crate::domain::role::Role;
use crate::signin::{Error, TooLarge};

/// AWS's code for it.
const CODE: &str = "PackedPolicyTooLarge";

/// The page for what AWS answered to `ask`.
pub(in crate::signin) fn explain_asked(error: &aws::Error, role: &Role, ask: &Ask) -> Error {
    let explained = explain(error, role);
    let aws::Error::Refused { operation, refusal } = error else {
        return explained;
    };
    if refusal.code != CODE {
        return explained;
    }
    let length = |(key, value): &(String, String)| key.chars().count() + value.chars().count();
    let longest = ask.tags.iter().max_by_key(|tag| length(tag));
    Error::SessionTooLarge(Box::new(TooLarge {
        cause: cause(operation, refusal, Vec::new()),
        percent: percent(refusal),
        policy: ask
            .policy
            .as_ref()
            .map_or(0, |policy| policy.chars().count()),
        managed_policies: ask.policy_arns.len(),
        tags: ask.tags.len(),
        tag_characters: ask.tags.iter().map(length).sum(),
        longest_tag: longest.map(|(key, _)| key.clone()),
        from_proof: role.method.forwards().is_some(),
    }))
}

/// How much of the space was asked for, if AWS's text says so: a number is all that is taken from it.
fn percent(refusal: &Refusal) -> Option<u32> {
    let (before, _) = refusal.text.split_once('%')?;
    let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number = &before[before.len() - digits..];
    number
        .parse()
        .ok()
        .filter(|percent| (1..100_000).contains(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_aws_s_text_a_number_is_all_that_is_taken() {
        for (text, expected) in [
            (
                "Packed policy consumes 143% of allotted space, please use smaller policy.",
                Some(143),
            ),
            (
                "Packed size of session tags consumes 105% of allotted space",
                Some(105),
            ),
            ("too large", None),
            ("%", None),
            ("é%", None),
            ("0%", None),
            ("99999999999999999999%", None),
            ("<b>12%</b> 13%", Some(12)),
            ("", None),
        ] {
            let refusal = Refusal {
                code: CODE.to_owned(),
                status: 400,
                request_id: None,
                text: text.to_owned(),
            };
            assert_eq!(percent(&refusal), expected, "{text}");
        }
    }
}
