//! Links that mean something, and those that must not.

use super::parse::{about, by_account, by_path, by_query, by_text, keys};
use super::{Link, href};
use crate::domain::account::{AccountId, Alias, Region};
use crate::domain::identity::IdpId;
use crate::domain::intent::{AccountRef, ConsoleIntent, Intent, KeysIntent, Open, Search};
use crate::domain::preferences::Consoles;
use crate::domain::reason::{GivenReason, Reason};
use crate::domain::role::{RoleKey, RoleName};
use crate::domain::scope::ScopeName;

fn plain(account: &str, role: Option<&str>) -> ConsoleIntent {
    let account = match AccountId::parse(account) {
        Ok(id) => AccountRef::Id(id),
        Err(_) => AccountRef::Alias(Alias::parse(account).unwrap()),
    };
    ConsoleIntent::of(account, role.map(|role| RoleName::parse(role).unwrap()))
}

fn console(asked: ConsoleIntent) -> Link {
    Link {
        intent: Intent::Console(asked),
        idp: None,
    }
}

#[test]
fn a_link_names_an_account_and_a_role() {
    let expected = console(plain("payments-prod", Some("ReadOnly")));
    assert_eq!(by_path("/go/payments-prod/ReadOnly", ""), Ok(expected));
    let expected = console(plain("111122223333", Some("a+b=c,d@e")));
    for path in [
        "/go/111122223333/a+b=c,d@e",
        "/go/111122223333/a%2Bb%3Dc%2cd%40e",
    ] {
        assert_eq!(by_path(path, "").as_ref(), Ok(&expected), "{path}");
    }
}

#[test]
fn a_link_says_where_and_how() {
    let query = "destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3&region=eu-west-1&scope=read-only&hours=36\
                 &consoles=replace&idp=corp&reason=INC-1&utm_source=chat&role_name=Admin";
    let expected = Link {
        intent: Intent::Console(ConsoleIntent {
            destination: Some("https://console.aws.amazon.com/s3".to_owned()),
            region: Some(Region::parse("eu-west-1").unwrap()),
            scope: Some(ScopeName::parse("read-only").unwrap()),
            hours: Some(36),
            consoles: Some(Consoles::Replace),
            suggested_reason: Reason::parse("INC-1").ok(),
            ..plain("tools", Some("Ops"))
        }),
        idp: Some(IdpId::parse("corp").unwrap()),
    };
    assert_eq!(by_path("/go/tools/Ops", query), Ok(expected));
}

#[test]
fn the_names_of_identity_center_are_understood() {
    let query = "account_id=111122223333&role_name=ReadOnly&destination=https%3A%2F%2Fconsole.aws.amazon.com%2F";
    let expected = console(ConsoleIntent {
        destination: Some("https://console.aws.amazon.com/".to_owned()),
        ..plain("111122223333", Some("ReadOnly"))
    });
    assert_eq!(by_query(query), Ok(expected));
    let open = console(plain("111122223333", None));
    assert_eq!(
        by_query("account_id=111122223333&role_name=&destination=").as_ref(),
        Ok(&open)
    );
    assert!(by_query("role_name=ReadOnly").is_err());
}

#[test]
fn the_links_of_consoleme_are_understood() {
    let link = by_text("/role/prod%20admin", "r=us-east-1&redirect=https%3A%2F%2Fx").unwrap();
    assert_eq!(
        link.intent,
        Intent::Search(Search {
            text: "prod admin".to_owned(),
            region: Some(Region::parse("us-east-1").unwrap()),
            destination: Some("https://x".to_owned()),
        })
    );
    let arn = by_text("/role/arn:aws:iam::111122223333:role/team/Ops", "").unwrap();
    let Intent::Search(Search { text, .. }) = arn.intent else {
        panic!("no search");
    };
    assert_eq!(text, "arn:aws:iam::111122223333:role/team/Ops");
    for path in [
        "/role/%20",
        "/role/%00",
        "/role/a%0ab",
        "/role/%ff",
        &format!("/role/{}", "a".repeat(257)),
    ] {
        assert!(by_text(path, "").is_err(), "{path}");
    }
}

#[test]
fn no_spelling_of_something_else_becomes_an_account_or_a_role() {
    for path in [
        "/go/payments-prod/a%2F..%2FAdmin",
        "/go/payments-prod/%252e",
        "/go/payments-prod/Admin%2541",
        "/go/payments-prod/Admin%00",
        "/go/payments-prod/Admin%20",
        "/go/payments-prod/%20Admin",
        "/go/payments-prod/Admin;x=1",
        "/go/payments-prod/Adm%C3%ADn",
        "/go/payments-prod/Admin%E2%80%90x",
        "/go/payments-prod/Admin%0d%0a",
        "/go/payments-prod/Admin%ff",
        "/go/payments-prod/Admin%",
        "/go/payments-prod/Admin%2",
        "/go/payments-prod/",
        "/go//Admin",
        "/go/Payments-Prod/Admin",
        "/go/payments_prod/Admin",
        "/go/-payments/Admin",
        "/go/payments-prod%20/Admin",
        "/go/11112222333/Admin%23",
        "/go/arn:aws:iam::111122223333:role/Admin",
        "/go/%2e%2e/Admin",
        &format!("/go/payments-prod/{}", "A".repeat(65)),
        &format!("/go/{}/Admin", "a".repeat(64)),
        &format!("/go/payments-prod/{}", "%41".repeat(2000)),
    ] {
        assert!(by_path(path, "").is_err(), "{path}");
    }
}

#[test]
fn a_parameter_that_is_known_is_read_strictly() {
    let too_long = format!("destination=https://{}", "a".repeat(2048));
    for query in [
        "hours=0",
        "hours=37",
        "hours=-1",
        "hours=%2B1",
        "hours=1h",
        "hours=1.5",
        "hours=001",
        "hours=1e1",
        "hours=99999999999999999999",
        "region=eu-west-1.evil.com",
        "region=../x",
        "region=EU-WEST-1",
        "scope=Read%20Only",
        "scope=..%2f",
        "idp=../corp",
        "idp=CORP",
        "consoles=Add",
        "reason=ab",
        "reason=a%0Ab+c",
        "reason=abc%E2%80%AEdef",
        "reason=INC-1&reason=INC-2",
        "consoles=all",
        "consoles=add&consoles=replace",
        "hours=1&hours=1",
        "hours=1&%68ours=2",
        "destination=a&destination=b",
        "destination=%0d%0aSet-Cookie:x",
        "destination=%ff",
        "destination=%",
        "region=us-east-1%00",
        &too_long,
    ] {
        assert!(by_path("/go/tools/Ops", query).is_err(), "{query}");
    }
    for query in ["hours=", "x=1&x=2", "", "&&", "=x"] {
        assert!(by_path("/go/tools/Ops", query).is_ok(), "{query}");
    }
}

#[test]
fn a_canonical_link_reads_back_as_what_it_was_made_of() {
    let full = ConsoleIntent {
        destination: Some("https://console.aws.amazon.com/?a=b c&d=é\"<>#x%2F+".to_owned()),
        region: Some(Region::parse("us-gov-west-1").unwrap()),
        scope: Some(ScopeName::parse("read-only").unwrap()),
        hours: Some(1),
        consoles: Some(Consoles::Add),
        suggested_reason: Reason::parse("disk full: db-3 & co").ok(),
        ..plain("payments-prod", Some("a+b=c,d@e.f"))
    };
    let idp = IdpId::parse("corp").unwrap();
    for asked in [
        full.clone(),
        ConsoleIntent {
            role: None,
            ..full.clone()
        },
        plain("111122223333", None),
    ] {
        let intent = Intent::Console(asked);
        let link = href(&intent, Some(&idp));
        let (path, query) = link.split_once('?').unwrap();
        let read = if path.matches('/').count() == 2 {
            by_account(path, query)
        } else {
            by_path(path, query)
        };
        assert_eq!(
            read,
            Ok(Link {
                intent,
                idp: Some(idp.clone())
            }),
            "{link}"
        );
    }
    let intent = Intent::Search(Search {
        text: "prod/Admin é?#".to_owned(),
        region: Region::parse("eu-west-1").ok(),
        destination: full.destination,
    });
    let link = href(&intent, None);
    let (path, query) = link.split_once('?').unwrap();
    assert_eq!(by_text(path, query), Ok(Link { intent, idp: None }));
}

#[test]
fn a_reason_that_was_given_is_but_a_suggestion_in_a_link() {
    let reason = Reason::parse("INC-4711").unwrap();
    let who = crate::domain::identity::Identity {
        idp: IdpId::parse("corp").unwrap(),
        subject: crate::domain::identity::Subject {
            format: String::new(),
            value: "ada".to_owned(),
        },
        display_name: "ada".to_owned(),
        verified_email: None,
        attributes: crate::domain::identity::Attributes::new(),
        authentication: crate::domain::identity::Authentication::default(),
        notice: None,
    };
    let given = ConsoleIntent {
        given_reason: Some(GivenReason::new(reason.clone(), &who)),
        suggested_reason: Reason::parse("another").ok(),
        ..plain("tools", Some("Ops"))
    };
    let link = href(&Intent::Console(given), None);
    let (path, query) = link.split_once('?').unwrap();
    let read = by_path(path, query).unwrap();
    let expected = console(ConsoleIntent {
        suggested_reason: Some(reason),
        ..plain("tools", Some("Ops"))
    });
    assert_eq!(read, expected);
}

#[test]
fn a_link_without_a_role_says_whether_the_reader_chooses() {
    let there = plain("payments-prod", None);
    assert_eq!(
        by_account("/go/payments-prod", ""),
        Ok(console(there.clone()))
    );
    for query in ["choose=yes", "choose=yes&hours="] {
        let link = by_account("/go/payments-prod", query).unwrap();
        assert_eq!(link.intent, Intent::Choose(there.clone()), "{query}");
        let link = by_query(&format!("account_id=payments-prod&{query}")).unwrap();
        assert_eq!(link.intent, Intent::Choose(there.clone()), "{query}");
    }
    assert_eq!(
        href(&Intent::Choose(there), None),
        "/go/payments-prod?choose=yes"
    );
    for (path, query) in [
        ("/go/payments-prod", "choose=no"),
        ("/go/payments-prod", "choose=yes&choose=yes"),
        ("/go/", ""),
        ("/go/Payments", ""),
        ("/go/%2e%2e", ""),
        ("/go/payments-prod%2FAdmin", ""),
    ] {
        assert!(by_account(path, query).is_err(), "{path}?{query}");
    }
}

#[test]
fn a_link_to_the_page_about_a_role_says_how_its_form_stands() {
    use crate::web::parameters::Parameters;
    let asked = ConsoleIntent {
        destination: Some("https://console.aws.amazon.com/?a=b c&d".to_owned()),
        region: Region::parse("eu-west-1").ok(),
        scope: ScopeName::parse("read-only").ok(),
        hours: Some(4),
        ..plain("tools", Some("a+b=c,d@e"))
    };
    let link = href(&Intent::About(asked.clone()), None);
    let (path, query) = link.split_once('?').unwrap();
    assert_eq!(path, "/roles/tools/a+b=c,d@e");
    let said = Parameters::read(query).unwrap();
    assert_eq!(about(path, &said), Ok(asked));
}

#[test]
fn what_was_pasted_stands_escaped_in_its_link() {
    let text = "https://console.aws.amazon.com/s3?a=b&c=+#d/\u{e9}".to_owned();
    let link = href(&Intent::Open(Open { text: text.clone() }), None);
    let query = link.strip_prefix("/open?").unwrap();
    let said = crate::web::parameters::Parameters::read(query).unwrap();
    assert_eq!(said.one("url"), Ok(Some(text.as_str())));
}

#[test]
fn a_link_to_keys_is_read_back_as_what_it_was_and_never_says_yes() {
    use crate::web::parameters::Parameters;
    for asked in [
        KeysIntent {
            account: AccountRef::Alias(Alias::parse("tools").unwrap()),
            role: RoleName::parse("a+b=c,d@e").unwrap(),
            scope: Some(ScopeName::parse("read-only").unwrap()),
            hours: Some(36),
            region: Region::parse("eu-west-1").ok(),
            suggested_reason: Reason::parse("INC-1: disk & db").ok(),
        },
        KeysIntent {
            account: AccountRef::Id(AccountId::parse("111122223333").unwrap()),
            role: RoleName::parse("...").unwrap(),
            scope: None,
            hours: None,
            region: None,
            suggested_reason: None,
        },
    ] {
        let link = href(
            &Intent::Keys(asked.clone()),
            IdpId::parse("corp").ok().as_ref(),
        );
        let (path, query) = link.split_once('?').unwrap();
        let query = Parameters::read(query).unwrap();
        assert_eq!(query.one("idp"), Ok(Some("corp")));
        assert_eq!(keys(path, &query), Ok(asked), "{link}");
    }
}

#[test]
fn every_link_stays_on_our_origin() {
    let here = url::Url::parse("https://console.example.com/some/page").unwrap();
    let hostile = [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "\\\\x",
        "%2f%2fx",
    ];
    for text in hostile {
        let intent = Intent::Search(Search {
            text: text.to_owned(),
            region: None,
            destination: Some(text.to_owned()),
        });
        let link = here.join(&href(&intent, None)).unwrap();
        assert_eq!(link.origin(), here.origin(), "{link}");
    }
    for role in ["...", "@x", "=,+"] {
        let key = RoleKey::parse(&format!("tools/{role}")).unwrap();
        let link = here.join(&super::role_href(&key, "?hours=1")).unwrap();
        assert_eq!(link.origin(), here.origin());
        let read = by_path(link.path(), link.query().unwrap());
        let expected = ConsoleIntent {
            hours: Some(1),
            ..plain("tools", Some(role))
        };
        assert_eq!(read, Ok(console(expected)), "{link}");
    }
}
