//! B1, B2, B7: links to what one does not hold, links written to be read in two ways, and links opened by no person.

use super::wire::{cookie_line, sends};
use crate::world::{SAML, World};

/// Ways to write a role other than its own name, and names of nothing.
const ROLES: &[&str] = &[
    "admin",
    "ADMIN",
    "Admin%20",
    "%20Admin",
    "Admin%00",
    "Admin%0a",
    "Admin.",
    "Admin/",
    "Admin//",
    "./Admin",
    "../Admin",
    "%2e%2e/Admin",
    "a%2F..%2FAdmin",
    "a%252F..%252FAdmin",
    "Admin;x=1",
    "Admin%3Bx",
    "Admin%23",
    "Admin%3Frole_name=Narrow",
    "Adm%C4%B1n",
    "Admin%E2%80%8B",
    "%EF%BC%A1dmin",
    "Ad%E2%80%90min",
    "Admin%ff",
    "Admin%",
    "Admin%4",
    "team/Admin",
    "%2Fteam%2FAdmin",
    "arn:aws:iam::111122223333:role%2Fteam%2FAdmin",
    "0",
    "1",
    "-1",
    "*",
    "Admin*",
    "[Admin]",
    "Admin,Narrow",
    "Nothing",
    "Root",
    "%2A",
    "%5CAdmin",
    "'Admin'",
    "\"Admin\"",
    "Admin%27--",
    "${jndi:x}",
    "{{7*7}}",
    "<script>",
    "Chained+Admin",
    "Admin=Narrow",
];

/// Likewise for accounts.
const ACCOUNTS: &[&str] = &[
    "payments-prod",
    "Payments-Prod",
    "payments-prod%20",
    "payments%2Dprod",
    "payments_prod",
    "payments-prod.",
    "111122223333",
    "0111122223333",
    "11112222333",
    "111122223333%00",
    "999900001111",
    "000000000000",
    "payments-dev",
    "gov-prod",
    "aws",
    "arn:aws:iam::111122223333:root",
    "..",
    ".",
    "%2e%2e",
    "",
];

/// Addresses of roles that nobody has by that name.
pub(crate) fn made_up() -> Vec<String> {
    let mut paths = Vec::new();
    for account in ACCOUNTS {
        paths.extend(ROLES.iter().map(|role| format!("/go/{account}/{role}")));
    }
    let long = "A".repeat(7000);
    paths.extend([
        format!("/go/payments-prod/{long}"),
        format!("/go/{long}/Admin"),
        format!("/go/payments-prod/{}", "A".repeat(9000)),
        "/go/payments-prod/Admin/extra".to_owned(),
        "//go/payments-prod/Admin".to_owned(),
        "/go/payments-prod//Admin".to_owned(),
        "/go".to_owned(),
        "/go?role_name=Admin".to_owned(),
        "/go?account_id=payments-prod&account_id=gov-prod&role_name=Admin".to_owned(),
        "/go?account_id=payments-prod&role_name=Narrow&role_name=Admin".to_owned(),
        "/go?account_id[]=payments-prod&role_name[]=Admin".to_owned(),
    ]);
    paths
}

#[tokio::test]
async fn nothing_but_the_name_of_a_role_one_holds_reaches_aws() {
    // B1, B2; Carl holds the roles of development and is kept out of production
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "carl")
        .await;
    let cookies = cookie_line(&world, &browser);
    world.aws_forgets();
    let mut seen = 0;
    for path in made_up() {
        let answer = sends(&world, &format!("GET {path}"), &[&cookies], b"").await;
        assert!(
            (400..500).contains(&answer.status),
            "{path}: {}",
            answer.head
        );
        assert_eq!(answer.header("location"), "", "{path}");
        seen += 1;
    }
    assert!(seen > 300);
    assert!(world.aws_saw().is_empty(), "{:?}", world.aws_saw());
    world.stop().await;
}

#[tokio::test]
async fn a_role_of_others_and_no_role_at_all_get_one_page() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "carl")
        .await;
    let cookies = cookie_line(&world, &browser);
    let mut pages = Vec::new();
    for path in [
        "/go/payments-prod/Admin",
        "/go/payments-prod/Nothing",
        "/go/nowhere/Admin",
        "/go/123456789012/Admin",
        "/go/111122223333/Admin",
        "/go/gov-prod/GovAdmin",
        "/go?account_id=111122223333&role_name=Admin",
        "/go?account_id=nowhere",
        "/go?account_id=gov-prod",
    ] {
        let answer = sends(&world, &format!("GET {path}"), &[&cookies], b"").await;
        assert_eq!(
            (answer.status, answer.problem()),
            (403, "not-entitled"),
            "{path}"
        );
        pages.push((path, answer.without_reference()));
    }
    for (path, page) in &pages {
        assert_eq!(*page, pages[0].1, "{path}");
    }
    world.stop().await;
}

#[tokio::test]
async fn only_a_top_level_navigation_mints() {
    // B7
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, &format!("/sign-in/{SAML}"), "erin")
        .await;
    let cookies = cookie_line(&world, &browser);
    world.aws_forgets();
    let get = "GET /go/payments-prod/Admin";
    for header in [
        "Sec-Purpose: prefetch",
        "Sec-Purpose: prefetch;prerender",
        "Purpose: prefetch",
        "X-Moz: prefetch",
        "X-Purpose: preview",
        "Sec-Fetch-Dest: empty",
        "Sec-Fetch-Dest: iframe",
        "Sec-Fetch-Dest: image",
        "Sec-Fetch-Dest: object",
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Mode: no-cors",
    ] {
        for line in [
            get,
            "GET /go?account_id=payments-prod&role_name=Admin",
            "GET /role/Admin",
        ] {
            let answer = sends(&world, line, &[&cookies, header], b"").await;
            assert_eq!(
                (answer.status, answer.problem()),
                (403, "not-opened-by-a-person"),
                "{header}"
            );
            assert_eq!(answer.header("set-cookie"), "", "{header}");
        }
    }
    for (method, status) in [("HEAD", 405), ("OPTIONS", 405), ("POST", 403), ("PUT", 405)] {
        let line = format!("{method} /go/payments-prod/Admin");
        let answer = sends(&world, &line, &[&cookies], b"").await;
        assert_eq!(answer.status, status, "{method}");
    }
    assert!(world.aws_saw().is_empty());
    // from another site, and by a program that says nothing of itself
    for headers in [
        &[
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: navigate",
            "Sec-Fetch-Dest: document",
        ][..],
        &[],
    ] {
        let headers: Vec<&str> = headers.iter().copied().chain([cookies.as_str()]).collect();
        assert_eq!(sends(&world, get, &headers, b"").await.status, 303);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_link_of_consoleme_opens_one_exact_match_and_never_guesses() {
    let world = World::start().await;
    let browser = world.browser();
    let link = "/role/prod%20Admin?r=eu-west-1&redirect=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fs3%2Fhome";
    // through the sign-in and back: nothing of the link is lost on the way
    let several = world
        .signs_in(&browser, &format!("{link}&idp={SAML}"), "erin")
        .await;
    assert_eq!(several.status, 200);
    assert_eq!(several.url.as_str(), world.at(link));
    assert!(several.body.contains("Which one?"));
    assert!(world.aws_saw().is_empty());
    let link = several
        .links()
        .into_iter()
        .find(|link| link.starts_with("/go/payments-prod/Admin"));
    let link = link.unwrap();
    assert!(link.ends_with(
        "?destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fs3%2Fhome&region=eu-west-1"
    ), "{link}");
    let one = browser.opens(&world.at("/role/Developer")).await;
    let console = world.console(&browser, &one).await;
    assert!(
        console["principal"]
            .as_str()
            .unwrap()
            .contains("/Developer/")
    );
    world.stop().await;
}

#[tokio::test]
async fn a_link_without_a_role_lets_one_choose_and_keeps_where_it_leads() {
    let world = World::start().await;
    let browser = world.browser();
    let query = "account_id=111122223333&destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fs3%2Fhome";
    let page = world
        .signs_in(&browser, &format!("/go?{query}&idp={SAML}"), "erin")
        .await;
    assert_eq!(page.status, 200);
    assert!(
        page.url
            .as_str()
            .starts_with(&world.at("/go/111122223333?destination=")),
        "{}",
        page.url
    );
    let link = page
        .links()
        .into_iter()
        .find(|link| link.contains("/Admin?"))
        .unwrap();
    let page = browser.opens(&world.at(&link)).await;
    let console = world.console(&browser, &page).await;
    assert_eq!(
        console["destination"], "https://eu-west-1.console.aws.amazon.com/s3/home",
        "{console}"
    );
    world.stop().await;
}

#[tokio::test]
async fn a_region_in_the_link_moves_the_page_that_the_link_names() {
    let world = World::start().await;
    let browser = world.browser();
    let page = world
        .signs_in(
            &browser,
            &format!("/go/payments-prod/Admin?destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fec2%2Fhome%3Fregion%3Deu-west-1%23Volumes%3A&region=us-east-2&idp={SAML}"),
            "erin",
        )
        .await;
    let console = world.console(&browser, &page).await;
    assert_eq!(
        console["destination"],
        "https://us-east-2.console.aws.amazon.com/ec2/home?region=us-east-2#Volumes:",
    );
    world.stop().await;
}
