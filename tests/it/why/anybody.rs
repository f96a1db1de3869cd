//! For administrators, about anybody: every rule, by attributes as typed or as a provider said them.

use super::world;
use crate::world::browser::{Browser, Page, unescape};
use crate::world::{OIDC, SAML, World};
use vestibule::domain::audit::EventKind;

const ROLE: &str = "payments-prod/Narrow";

/// An administrator, who has asked for nothing yet.
async fn administrator(world: &World) -> Browser {
    let browser = world.browser();
    let first = format!("/admin/simulate?idp={SAML}");
    let page = world.signs_in(&browser, &first, "ada").await;
    assert_eq!((page.status, page.url.path()), (200, "/admin/simulate"));
    assert!(!page.body.contains("id=\"finding\""), "{}", page.body);
    browser
}

/// Asks by the form of the page.
async fn asks(world: &World, browser: &Browser, fields: &[(&str, &str)]) -> Page {
    let page = browser
        .opens(&world.at(&format!("/admin/simulate?role={ROLE}")))
        .await;
    let mut form = page.form_with("subject").unwrap();
    assert_eq!(form.value("role"), Some(ROLE));
    for (name, value) in fields {
        form = form.with(name, value);
    }
    let page = browser.submits(&form).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

fn finding(page: &Page) -> String {
    let (_, rest) = page.body.split_once("id=\"finding\"").expect("a finding");
    let (finding, _) = rest.split_once("</section>").unwrap();
    unescape(finding)
}

#[tokio::test]
async fn anybody_is_judged_by_what_is_typed_and_every_rule_is_shown() {
    let world = world().start().await;
    let browser = administrator(&world).await;
    for (attributes, expected, does) in [
        (
            "groups = payments-eng",
            "holds payments-prod/Narrow",
            "payments engineers",
        ),
        ("groups=canary-only-here", "holds", "canary-auditors"),
        (
            "groups = x\r\ngroups = canary-glass\r\n",
            "holds",
            "canary-breakglass",
        ),
        (
            "groups = payments-eng\nemployment = contractor",
            "a rule takes it away",
            "contractors stay out of production",
        ),
        // to the letter, blanks too
        ("groups = payments-eng ", "no rule gives it", ""),
        ("", "no rule gives it", ""),
    ] {
        let fields = [
            ("about_idp", OIDC),
            ("attributes", attributes),
            ("by", "typed"),
        ];
        let page = asks(&world, &browser, &fields).await;
        assert!(
            finding(&page).contains(expected),
            "{attributes}: {}",
            page.body
        );
        for rule in [
            "payments engineers",
            "canary-auditors",
            "canary-breakglass",
            "contractors stay out of production",
        ] {
            assert!(page.body.contains(&format!("<h3>{rule}</h3>")), "{rule}");
        }
        let doing = format!("<h3>{does}</h3><p><b class=\"current-mark\">does</b>");
        assert_eq!(page.body.contains(&doing), !does.is_empty(), "{attributes}");
        // what was typed is still there
        let typed = page.form_with("subject").unwrap();
        assert_eq!(typed.value("role"), Some(ROLE));
    }
    // nothing of a person's was looked at
    assert!(world.audit(EventKind::WhyAsked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn whoever_is_signed_in_is_judged_by_what_their_provider_said_and_the_look_is_written_down() {
    let world = world().start().await;
    let browser = administrator(&world).await;
    let erin = [("corp", "erin@example.com"), ("okta", "erin")];
    for (idp, subject) in erin {
        let page = asks(&world, &browser, &fields(idp, subject)).await;
        assert!(
            finding(&page).contains("nothing is known of them"),
            "{}",
            page.body
        );
    }
    for idp in [SAML, OIDC] {
        let erin = world.browser();
        world.signs_in(&erin, &format!("/?idp={idp}"), "erin").await;
    }
    let subject = subject_of(&world, OIDC).await;
    for (idp, subject) in [(SAML, "erin@example.com".to_owned()), (OIDC, subject)] {
        let page = asks(&world, &browser, &fields(idp, &subject)).await;
        let finding = finding(&page);
        assert!(finding.contains(" holds payments-prod/Narrow"), "{finding}");
        assert!(page.body.contains("when they signed in, "), "{}", page.body);
        let body = unescape(&page.body);
        assert!(
            body.contains("groups = payments-eng\ngroups = oncall\n"),
            "{body}"
        );
        // somebody of that name at another provider is somebody else
        let page = asks(&world, &browser, &fields("corp", "erin")).await;
        assert!(self::finding(&page).contains("nothing is known of them"));
    }
    let looks = world.audit(EventKind::WhyAsked).await;
    assert_eq!(looks.len(), 6);
    let last = &looks[4];
    assert_eq!(last.subject.as_deref(), Some("ada@example.com"));
    assert_eq!(last.role.as_deref(), Some(ROLE));
    let about = last.about.as_ref().unwrap();
    assert_eq!(about.idp.as_deref(), Some(OIDC), "{last:?}");
    assert!(about.subject.is_some() && last.note.is_none(), "{last:?}");
    world.stop().await;
}

/// Whom a provider's last sign-in was of.
async fn subject_of(world: &World, idp: &str) -> String {
    let began = world.audit(EventKind::SessionBegan).await;
    let last = began.iter().rfind(|row| row.idp.as_deref() == Some(idp));
    last.unwrap().subject.clone().unwrap()
}

#[tokio::test]
async fn sessions_that_are_over_tell_nothing_where_nothing_is_kept() {
    let off = "[access]\nimpact_days = 0\n\n[aws]\n";
    let world = world().with("[aws]\n", off).start().await;
    let erin = world.signed_in("erin").await;
    let browser = administrator(&world).await;
    let fields = [
        ("about_idp", SAML),
        ("subject", "erin@example.com"),
        ("by", "known"),
    ];
    let page = asks(&world, &browser, &fields).await;
    assert!(finding(&page).contains("holds"), "{}", page.body);
    let portal = erin.opens(&world.at("/")).await;
    let form = portal
        .forms()
        .into_iter()
        .find(|form| form.action.path() == "/sign-out");
    erin.submits(&form.unwrap()).await;
    let page = asks(&world, &browser, &fields).await;
    assert!(
        finding(&page).contains("nothing is known of them"),
        "{}",
        page.body
    );
    world.stop().await;
}

#[tokio::test]
async fn what_cannot_be_read_is_said_beside_the_form_and_nobody_else_gets_in() {
    let world = world().start().await;
    let browser = administrator(&world).await;
    let long = "a".repeat(300_000);
    for (fields, reason) in [
        (
            [("role", "nowhere"), ("by", "typed")],
            "written account/role",
        ),
        (
            [("role", "nowhere/Nothing"), ("by", "typed")],
            "no such role",
        ),
        ([("attributes", "groups"), ("by", "typed")], "Line 1 "),
        (
            [("attributes", &*long), ("by", "typed")],
            "more than this page reads",
        ),
        ([("subject", ""), ("by", "known")], "Say who"),
        (
            [("about_idp", "<b>"), ("by", "typed")],
            "Choose the identity provider",
        ),
    ] {
        let all: Vec<_> = [("about_idp", SAML)].into_iter().chain(fields).collect();
        let page = asks(&world, &browser, &all).await;
        assert!(finding(&page).contains(reason), "{reason}: {}", page.body);
        assert!(!page.body.contains("id=\"gives\""));
    }
    // an old name means the account of today
    let fields = [
        ("role", "payments/Narrow"),
        ("about_idp", SAML),
        ("by", "typed"),
    ];
    let page = asks(&world, &browser, &fields).await;
    assert!(finding(&page).contains("payments-prod/Narrow"));
    let person = world.signed_in("erin").await;
    for path in ["/admin/why", "/admin/simulate"] {
        let page = person.opens_once(&world.at(path)).await;
        page.is_refused(403, "not-entitled");
    }
    assert!(world.audit(EventKind::WhyAsked).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn an_administrator_gets_from_their_own_page_to_anybodys() {
    let world = world().start().await;
    let browser = administrator(&world).await;
    let page = browser
        .opens(&world.at("/roles/payments-prod/Admin/why"))
        .await;
    let link = "/admin/simulate?role=payments-prod%2FAdmin".to_owned();
    assert!(page.links().contains(&link), "{}", page.body);
    // where it was before leads on
    for path in [link.clone(), link.replace("simulate", "why")] {
        let page = browser.opens(&world.at(&path)).await;
        assert_eq!(page.url.path(), "/admin/simulate");
        let form = page.form_with("subject").unwrap();
        assert_eq!(form.value("role"), Some("payments-prod/Admin"));
    }
    world.stop().await;
}

fn fields<'a>(idp: &'a str, subject: &'a str) -> [(&'a str, &'a str); 3] {
    [("about_idp", idp), ("subject", subject), ("by", "known")]
}
