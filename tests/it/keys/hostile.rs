//! Forms that are not from the page, requests that are not a person's, links that mean something else, and an AWS that
//! says strange things.

use std::process::Command;

use reqwest::Method;
use url::Url;
use vestibule_sandbox::aws::faults::{Fault, HostKind};

use super::{Shown, asks, form, nothing_was_made, texts};
use crate::world::World;

const ADMIN: &str = "/keys/payments-prod/Admin";

#[tokio::test]
async fn a_form_that_is_not_from_the_page_makes_nothing() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let other = world.signed_in("erin").await;
    let good = asks(&world, &browser, ADMIN).await;
    let of_another = asks(&world, &other, ADMIN).await;
    let foreign = of_another.value("form_token").unwrap();
    world.aws_forgets();
    for (bad, problem) in [
        (good.clone().without("form_token"), "form-refused"),
        (good.clone().with("form_token", ""), "form-refused"),
        (good.clone().with("form_token", "x"), "form-refused"),
        (good.clone().with("form_token", foreign), "other-session"),
    ] {
        browser.submits_once(&bad).await.is_refused(403, problem);
    }
    let us = world.url.as_str();
    for headers in [
        &[][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", us), ("sec-fetch-site", "cross-site")],
        &[("referer", us)],
    ] {
        let page = browser
            .once(Method::POST, &good.action, Some(&good.fields), headers)
            .await;
        page.is_refused(403, "form-refused");
    }
    nothing_was_made(&world).await;
    assert_eq!(texts(&browser.submits_once(&good).await).len(), 4);
    world.stop().await;
}

#[tokio::test]
async fn a_script_a_frame_and_whoever_looks_ahead_get_nothing() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let good = asks(&world, &browser, ADMIN).await;
    world.aws_forgets();
    let origin = ("origin", world.url.as_str());
    for said in [
        ("sec-fetch-dest", "empty"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-mode", "cors"),
        ("sec-purpose", "prefetch"),
    ] {
        // `once` says that it is a navigation: here only what is named is sent
        let mut request = reqwest::Client::builder().no_proxy().build().unwrap();
        let cookies = browser.cookies_for(&good.action);
        let line: Vec<_> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let post = request
            .post(good.action.clone())
            .header("cookie", line.join("; "))
            .header(origin.0, origin.1)
            .header(said.0, said.1)
            .form(&good.fields);
        assert_eq!(post.send().await.unwrap().status(), 403, "{said:?}");
        request = reqwest::Client::builder().no_proxy().build().unwrap();
        let get = request
            .get(good.action.clone())
            .header("cookie", line.join("; "))
            .header(said.0, said.1);
        assert_eq!(get.send().await.unwrap().status(), 403, "{said:?}");
    }
    for method in [Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let page = browser.once(method.clone(), &good.action, None, &[]).await;
        assert_eq!(page.status, 405, "{method}");
        assert_eq!(page.header("allow"), "GET, POST");
    }
    // a GET that looks like the form is the page, and no more
    let mut url = good.action.clone();
    url.query_pairs_mut().extend_pairs(&good.fields);
    form(&browser.opens_once(url.as_str()).await);
    nothing_was_made(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn what_a_form_says_is_read_as_strictly_as_a_link() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let good = asks(&world, &browser, "/keys/payments-dev/Developer").await;
    world.aws_forgets();
    for (name, value) in [
        ("hours", "0"),
        ("hours", "37"),
        ("hours", "1e3"),
        ("hours", "-1"),
        ("scope", "Read Only"),
        ("scope", "x\ny"),
        ("region", "eu-west-1'; rm -rf ~; '"),
        ("region", "$(id)"),
        ("region", "eu-west-1\nexport X=y"),
    ] {
        let bad = good.clone().with(name, value);
        browser
            .submits_once(&bad)
            .await
            .is_refused(400, "link-unreadable");
        let mut url = good.action.clone();
        url.query_pairs_mut().append_pair(name, value);
        let page = browser.opens_once(url.as_str()).await;
        page.is_refused(400, "link-unreadable");
    }
    let mut twice = good.clone();
    for hours in ["1", "2"] {
        twice.fields.push(("hours".to_owned(), hours.to_owned()));
    }
    browser
        .submits_once(&twice)
        .await
        .is_refused(400, "link-unreadable");
    let unknown = good.clone().with("scope", "nothing-like-it");
    browser
        .submits_once(&unknown)
        .await
        .is_refused(400, "scope-unknown");
    for path in [
        "/keys/payments-dev/Dev%0aeloper",
        "/keys/payments-dev/%27%3Becho",
        "/keys/payments-dev/..%2fDeveloper",
        "/keys/payments%20dev/Developer",
        &format!("/keys/payments-dev/{}", "a".repeat(65)),
    ] {
        let page = browser.opens_once(&world.at(path)).await;
        page.is_refused(400, "link-unreadable");
        let mut bad = good.clone();
        bad.action = Url::parse(&world.at(path)).unwrap();
        browser
            .submits_once(&bad)
            .await
            .is_refused(400, "link-unreadable");
    }
    nothing_was_made(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn a_session_that_ended_while_the_page_stood_open_shows_the_page_again_after_signing_in() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let link = "/keys/payments-dev/Developer?hours=2";
    let good = asks(&world, &browser, link).await;
    let portal = browser.opens(&world.at("/")).await;
    browser
        .submits(&portal.form_with("form_token").unwrap())
        .await;
    world.aws_forgets();
    let page = browser.submits(&good).await;
    // the provider remembers them, and the answer leads to the page, not to keys
    let page = world.goes_on(&browser, page, "erin").await;
    assert_eq!(page.url.as_str(), world.at(link), "{}", page.body);
    form(&page);
    nothing_was_made(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn strange_characters_from_aws_are_quoted_and_those_no_credentials_have_are_refused() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let good = asks(&world, &browser, ADMIN).await;
    let faults = &world.sandbox.simulation().faults;
    let plan = |element: &str, text: &str| {
        let fault = Fault::replace_element(element, text);
        faults.plan(HostKind::Sts, Some("AssumeRole"), fault);
    };
    // as it stands in XML, and what it means
    let (written, meant) = (
        "&apos;;touch$IFS/tmp/x;&quot;$(id)`id`&lt;/pre&gt;&lt;script&gt;\\",
        "';touch$IFS/tmp/x;\"$(id)`id`</pre><script>\\",
    );
    plan("SecretAccessKey", written);
    let page = browser.submits_once(&good).await;
    assert!(!page.body.contains("<script>"), "{}", page.body);
    let shown = Shown::on(&page);
    assert_eq!(shown.says("SecretAccessKey"), meant);
    let script = format!("{}\nprintf %s \"$AWS_SECRET_ACCESS_KEY\"", shown.sh);
    let output = Command::new("sh").arg("-c").arg(script).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), meant);
    assert!(
        shown.powershell.contains(" = ''';touch$IFS"),
        "{}",
        shown.powershell
    );
    for element in ["SecretAccessKey", "SessionToken"] {
        for text in [
            "a&#10;[default]&#10;b",
            "a b",
            "a&#9;b",
            "a\u{a0}b",
            "caf\u{e9}",
        ] {
            plan(element, text);
            let page = browser.submits_once(&good).await;
            page.is_refused(502, "aws-unexpected");
        }
    }
    world.stop().await;
}
