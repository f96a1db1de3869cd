//! Refusals with a page of their own: a region of another part of AWS, an answer that nobody asked for, and what was
//! sent after its session had ended.

use chrono::TimeDelta;
use reqwest::Method;
use vestibule::domain::audit::EventKind;

use crate::world::World;
use crate::world::browser::Form;

#[tokio::test]
async fn a_region_of_another_part_of_aws_is_refused_whatever_page_the_link_names() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let gov = "https%3A%2F%2Fconsole.amazonaws-us-gov.com%2Fs3%2Fhome";
    for link in [
        "/go/gov-prod/GovAdmin?region=eu-west-1".to_owned(),
        format!("/go/gov-prod/GovAdmin?region=us-east-1&destination={gov}"),
        "/go/payments-prod/Admin?region=us-gov-west-1".to_owned(),
        "/go/payments-dev/Developer?region=cn-north-1".to_owned(),
    ] {
        let page = browser.opens_once(&world.at(&link)).await;
        page.is_refused(400, "region-foreign");
    }
    assert!(world.aws_saw().is_empty());
    let link = "/go/gov-prod/GovAdmin?region=us-gov-east-1";
    assert_eq!(browser.opens_once(&world.at(link)).await.status, 303);
    world.stop().await;
}

#[tokio::test]
async fn an_answer_that_nobody_asked_for_starts_no_session_and_says_where_to_begin() {
    let world = World::start().await;
    let browser = world.browser();
    let asked = world.saml_answer(&browser, "/?idp=corp", "erin").await;
    let link = "https://elsewhere.example/tile";
    let forms: Vec<Form> = vec![
        asked.clone().without("RelayState"),
        asked.clone().with("RelayState", ""),
        asked.clone().with("RelayState", link),
        asked.clone().with("RelayState", "/go/payments-prod/Admin"),
    ];
    // in the browser that has a login under way, and in one that has none
    for browser in [&browser, &world.browser()] {
        for (index, form) in forms.iter().enumerate() {
            let page = browser.submits_once(form).await;
            page.is_refused(400, "unsolicited");
            assert!(page.body.contains("Sign-ins begin here"), "{index}");
            assert!(page.links().contains(&"/".to_owned()), "{index}");
            assert!(!page.body.contains("elsewhere.example"), "{index}");
        }
        let me = browser.opens_once(&world.at("/api/v1/me")).await;
        assert_eq!(me.status, 401);
    }
    let failed = world.audit(EventKind::LoginFailed).await;
    assert_eq!(failed.len(), 8);
    for row in failed {
        assert_eq!(row.cause.as_deref(), Some("login.unsolicited"));
    }
    let url = world.at("/oidc/okta/callback?code=x&state=tile");
    let page = browser.opens_once(&url).await;
    page.is_refused(400, "unsolicited");
    // the login that was under way is none the worse
    assert_eq!(browser.submits_once(&asked).await.status, 303);
    world.stop().await;
}

#[tokio::test]
async fn what_an_administrator_sends_too_late_is_given_back_and_published_by_nobody() {
    let world = World::start().await;
    let browser = world.browser();
    let page = world
        .signs_in(&browser, "/admin/drafts?idp=corp", "ada")
        .await;
    let page = browser.submits(&page.form_with("from").unwrap()).await;
    let form = page.form_with("version").unwrap();
    world.clock.advance(TimeDelta::minutes(61));
    let written = "\n# </textarea><script>alert(1)</script> & \"more\"\nrules = []\n";
    let save = form.action.path().to_owned();
    for address in [format!("{save}/publish"), save] {
        let mut form = form.clone().with("document", written);
        form.action = form.action.join(&address).unwrap();
        let page = browser.submits_once(&form).await;
        page.is_refused(401, "sent-too-late");
        let field = page.body.split("<textarea").nth(1).unwrap();
        let field = field.split("</textarea>").next().unwrap();
        let text = field.split_once(">\n").unwrap().1;
        assert_eq!(
            text,
            "\n# &#60;/textarea&#62;&#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;more&#34;\nrules = []\n",
            "{address}"
        );
        assert!(!page.body.contains("<script>alert"), "{address}");
    }
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);

    // to a form of another site nothing is said of what it sent
    let form = form.with("document", written);
    let headers = [("origin", "https://elsewhere.example")];
    let fields = Some(&form.fields[..]);
    let page = browser
        .once(Method::POST, &form.action, fields, &headers)
        .await;
    page.is_refused(403, "form-refused");
    assert!(!page.body.contains("alert(1)"));
    world.stop().await;
}
