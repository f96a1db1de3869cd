//! The code of an MFA device, which somebody types. Six digits may stand by chance inside a longer number or as a fraction
//! of a second; as a word of their own they may not.

use crate::Found;
use crate::world::World;
use crate::world::mfa::{LINK, put};

/// A code that the device hardly shows; AWS is asked with it either way.
const CODE: &str = "918273";
const NO_CODE: &str = "planted-text-that-is-no-code";

/// Somebody enters a code, and something that is none.
pub(crate) async fn are_entered(world: &World, found: &mut Found) {
    put(world);
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    let question = browser.opens(&world.at(LINK)).await;
    found.page(&question);
    let form = question.form_with("code").unwrap();
    for (typed, asked) in [(CODE, 1), (NO_CODE, 0)] {
        world.aws_forgets();
        let answer = browser
            .submits_once(&form.clone().with("code", typed))
            .await;
        found.page(&answer);
        let sts = world.aws_actions();
        let sts = sts.iter().filter(|action| *action == "AssumeRole");
        assert_eq!(sts.count(), asked, "{}", answer.body);
    }
    found.secret("what was typed and is no code", NO_CODE);
}

/// Whether the code stands in anything that was written.
pub(crate) fn is_nowhere(found: &Found, log: &str, database: &str) {
    assert!(stands_alone("TokenCode=918273&x"), "it would be seen");
    let written = found.outputs.iter().chain(&found.pages);
    for text in [log, database]
        .into_iter()
        .chain(written.map(String::as_str))
    {
        assert!(!stands_alone(text), "an mfa code was kept");
    }
}

fn stands_alone(text: &str) -> bool {
    text.match_indices(CODE).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + CODE.len()..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '.')
            && after.is_none_or(|c| !c.is_alphanumeric())
    })
}
