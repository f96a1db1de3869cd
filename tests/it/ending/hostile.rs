//! Forms that cannot be meant: what is wrong is said beside the form, and nothing is changed.

use vestibule::domain::audit::EventKind;

use super::pages::Rig;

/// A place, an end, a note; and what the page says of them.
#[rustfmt::skip]
const SUSPENSIONS: &[(&str, &str, &str, &str)] = &[
    ("", "", "", "no such role or account"),
    ("payments-prod/Nothing", "", "", "no such role or account"),
    ("nowhere", "", "", "no such role or account"),
    ("a/b/c", "", "", "no such role or account"),
    ("\"><script>alert(1)</script>", "", "", "no such role or account"),
    ("payments-prod", "yesterday", "", "An end is written as"),
    ("payments-prod", "2001-01-01T00:00", "", "lies in the past"),
    ("payments-prod", "9999-01-01T00:00", "", "ten years ahead"),
    ("payments-prod", "", "a\u{0}b", "no control characters"),
];

/// A path, a form's fields, and what they get.
type Other = (
    &'static str,
    &'static [(&'static str, &'static str)],
    u16,
    &'static str,
);

/// Forms that are no form of ours, or name what there is not; PERSON stands for somebody's page.
#[rustfmt::skip]
const OTHERS: &[Other] = &[
    ("/admin/stops", &[("deed", "x")], 400, "form-unreadable"),
    ("/admin/stops", &[], 400, "form-unreadable"),
    ("/admin/stops", &[("deed", "lift")], 404, "no-such-stop"),
    ("/admin/stops", &[("deed", "lift"), ("kind", "role"), ("target", "x")], 404, "no-such-stop"),
    ("/admin/stops", &[("deed", "lift"), ("kind", "account"), ("target", "111122223333")], 404, "no-such-stop"),
    ("/admin/stops", &[("deed", "suspend"), ("deed", "lift")], 400, "form-unreadable"),
    ("PERSON", &[("deed", "lift")], 404, "no-such-stop"),
    ("PERSON", &[("deed", "end")], 400, "form-unreadable"),
    ("PERSON", &[], 400, "form-unreadable"),
    ("/admin/people/unknown", &[("deed", "block")], 404, "no-such-person"),
    ("/admin/people/0000000000000000000000000000000000000000000000000000000000000000", &[("deed", "block")], 404, "no-such-person"),
];

/// That nobody was blocked and nothing suspended.
async fn nothing_changed(rig: &Rig) {
    let kinds = [
        EventKind::PersonBlocked,
        EventKind::RoleSuspended,
        EventKind::AccountSuspended,
        EventKind::SessionEnded,
    ];
    for kind in kinds {
        assert!(rig.world.audit(kind).await.is_empty(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_suspension_that_cannot_be_meant_is_sent_back_with_what_is_wrong() {
    let rig = Rig::start().await;
    let long = "x".repeat(1_001);
    let too_long = (
        "payments-prod",
        "",
        long.as_str(),
        "at most 1,000 characters",
    );
    for (place, until, note, said) in SUSPENSIONS.iter().copied().chain([too_long]) {
        let deed = ("deed", "suspend");
        let fields = [deed, ("place", place), ("until", until), ("note", note)];
        let page = rig.posts(&rig.admin, "/admin/stops", &fields).await;
        assert_eq!(page.status, 422, "{fields:?}: {}", page.body);
        assert!(page.body.contains(said), "{fields:?}: {}", page.body);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
    }
    nothing_changed(&rig).await;
    rig.world.stop().await;
}

#[tokio::test]
async fn a_block_that_cannot_be_meant_is_sent_back_with_what_was_written() {
    let rig = Rig::start().await;
    let erin = rig.begins("erin").await;
    let person = format!("/admin/people/{}", erin.key(&rig.world));
    let past = [
        ("deed", "block"),
        ("until", "2001-01-01T00:00"),
        ("note", "what was written"),
    ];
    let page = rig.posts(&rig.admin, &person, &past).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("lies in the past") && page.body.contains("what was written"));
    let long = "x".repeat(1_025);
    for (idp, subject, format) in [
        ("nobody", "erin", ""),
        ("Corp!", "erin", ""),
        ("", "erin", ""),
        ("corp", "", ""),
        ("corp", "a\u{1b}", ""),
        ("corp", long.as_str(), ""),
        ("corp", "erin", long.as_str()),
    ] {
        let fields = [("about_idp", idp), ("subject", subject), ("format", format)];
        let page = rig.posts(&rig.admin, "/admin/people", &fields).await;
        assert_eq!(page.status, 422, "{}", page.body);
    }
    assert!(rig.is_in(&erin).await);
    nothing_changed(&rig).await;
    rig.world.stop().await;
}

#[tokio::test]
async fn a_form_that_is_none_or_names_nothing_gets_a_page_of_its_own() {
    let rig = Rig::start().await;
    let erin = rig.begins("erin").await;
    let person = format!("/admin/people/{}", erin.key(&rig.world));
    for (path, fields, status, problem) in OTHERS {
        let path = path.replace("PERSON", &person);
        let page = rig.posts(&rig.admin, &path, fields).await;
        page.is_refused(*status, problem);
    }
    assert!(rig.is_in(&erin).await);
    nothing_changed(&rig).await;
    rig.world.stop().await;
}
