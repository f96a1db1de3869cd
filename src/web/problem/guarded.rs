//! What people are told where policies and tags are more than a session holds: what there was, so that whoever repairs
//! it sees what is large.

use super::Problem;
use super::advice::aws_refused;
use super::kinds;
use crate::signin::TooLarge;
use crate::web::texts::{Texts, TooLargeTexts};

pub(super) fn too_large(t: &'static Texts, large: &TooLarge) -> Problem {
    let words = &t.problem.too_large;
    let percent = large.percent;
    let mut problem = aws_refused(t, &kinds::SESSION_TOO_LARGE, &large.cause)
        .with("parts", parts(words, large).join("; "))
        .why(percent.map(|percent| words.percent.with("percent", percent).plain()));
    if large.tags > 0 || large.from_proof {
        problem.who = t.problem.role.session_too_large_of_idp.filled();
    }
    problem
}

fn parts(t: &TooLargeTexts, large: &TooLarge) -> Vec<String> {
    let mut parts = Vec::new();
    if large.policy > 0 {
        let text = t.policy.of(large.policy);
        parts.push(text.with("count", large.policy).plain());
    }
    if large.managed_policies > 0 {
        let text = t.managed.of(large.managed_policies);
        parts.push(text.with("count", large.managed_policies).plain());
    }
    let characters = large.tag_characters;
    match (large.tags, &large.longest_tag) {
        (0, _) | (_, None) => {}
        (1, Some(key)) => {
            let text = t.tag.of(characters).with("count", characters);
            parts.push(text.with("tag", key).plain());
        }
        (count, Some(longest)) => {
            let text = t.tags.of(characters).with("count", characters);
            parts.push(text.with("tags", count).with("longest", longest).plain());
        }
    }
    if large.from_proof {
        parts.push(t.from_proof.to_owned());
    }
    if parts.is_empty() {
        parts.push(t.unknown.to_owned());
    }
    parts
}
