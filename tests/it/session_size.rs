//! Sessions that AWS finds too large: the page says what was asked for, counted, and who can make it smaller.

use std::fmt::Write as _;

use vestibule_sandbox::aws::faults::{Fault, HostKind};

use crate::world::World;
use crate::world::accounts::{DEV, MODEL, further_roles};

#[tokio::test]
async fn the_page_counts_what_the_role_asked_for() {
    let world = World::start().await;
    let text = "Packed policy consumes 143% of allotted space, &lt;b&gt;please&lt;/b&gt; use smaller policy.";
    for (link, operation, says) in [
        (
            "/go/payments-prod/Narrow?idp=corp",
            "AssumeRole",
            &["a session policy of 123 characters; one managed policy."][..],
        ),
        (
            "/go/payments-prod/Admin?idp=corp",
            "AssumeRole",
            &[
                "2 session tags of 31 characters in all, the longest being who.",
                "what your identity provider says about you",
            ],
        ),
        (
            "/go/payments-prod/SamlReader?idp=corp",
            "AssumeRoleWithSAML",
            &["whatever tags your identity provider sends."],
        ),
        (
            "/go/payments-prod/Federated?idp=corp",
            "GetFederationToken",
            &["a session policy of 88 characters."],
        ),
    ] {
        let fault = Fault::sts_error(400, "PackedPolicyTooLarge", text);
        let faults = &world.sandbox.simulation().faults;
        faults.plan_times(1, HostKind::Sts, Some(operation), &fault);
        let page = world.signs_in(&world.browser(), link, "erin").await;
        page.is_refused(403, "session-too-large");
        for words in says {
            assert!(page.body.contains(words), "{link}: {words}: {}", page.body);
        }
        assert!(page.body.contains("143 per cent"), "{link}");
        assert!(!page.body.contains("please"), "AWS's own words: {link}");
        assert!(page.body.contains(&format!("<dd>{operation}</dd>")));
    }
    let (_, ended) = world.signin_rows(4).await;
    assert_eq!(ended.cause.as_deref(), Some("aws.session_too_large"));
    world.stop().await;
}

/// Text that packs badly, the same each time.
fn noise(seed: u32, length: usize) -> String {
    let mut state = seed;
    (0..length)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"[(state >> 27) as usize])
        })
        .collect()
}

#[tokio::test]
async fn tags_that_do_not_fit_are_refused_by_aws_itself() {
    let mut tags = String::new();
    for n in 0..40 {
        write!(tags, "tag{n} = \"{}\", ", noise(n, 200)).unwrap();
    }
    let tags = tags.trim_end_matches(", ");
    let model = format!(
        "{MODEL}\n[[roles]]\naccount = \"payments-dev\"\nname = \"Tagged\"\nmethod = \"AssumeRole\"\n\
         credentials = \"hub\"\ntags = {{ {tags} }}\n"
    );
    let world = World::builder().model(&model).start().await;
    further_roles(&world.sandbox, DEV, &["Tagged".to_owned()]);
    let browser = world.signed_in("erin").await;
    let page = browser
        .opens_once(&world.at("/go/payments-dev/Tagged"))
        .await;
    page.is_refused(403, "session-too-large");
    assert!(
        page.body
            .contains("40 session tags of 8190 characters in all"),
        "{}",
        page.body
    );
    assert!(page.body.contains("per cent of the space"), "{}", page.body);
    world.stop().await;
}
