//! Which calls are made, and what the answers say together; against a simulated AWS that knows which parts it takes.

mod manners;

use super::testing::{Kind, role};
use super::*;

const KINDS: [Kind; 5] = [
    Kind::Saml,
    Kind::Web,
    Kind::Assume,
    Kind::Hub,
    Kind::Federated,
];

fn words() -> IssuerWords {
    IssuerWords {
        recipient: "https://signin.example.com/issuer/saml".to_owned(),
        entity_id: "https://signin.example.com/issuer/saml/metadata".to_owned(),
        url: "https://signin.example.com".to_owned(),
        audience: "sts.amazonaws.com".to_owned(),
    }
}

fn denied(at: Stage) -> Answer {
    Answer::Refused {
        at,
        code: "AccessDenied".to_owned(),
    }
}

/// All the calls that are made when AWS answers like this.
fn made(role: &Role, answers: impl Fn(Trial) -> Answer) -> Vec<(Trial, Answer)> {
    let mut made = Vec::new();
    while let Some(trial) = next(role, &made) {
        made.push((trial, answers(trial)));
        assert!(made.len() <= MOST_TRIALS, "{made:?}");
    }
    made
}

fn finding(kind: Kind, answers: impl Fn(Trial) -> Answer) -> (usize, Finding) {
    let role = role(kind, true);
    let made = made(&role, answers);
    (made.len(), judge(&role, &words(), &made))
}

fn given_if(holds: bool) -> Answer {
    if holds {
        Answer::Given
    } else {
        denied(Stage::Role)
    }
}

fn all(finding: &Finding) -> String {
    let lines = finding.lines.iter();
    let lines = lines.map(|l| {
        format!(
            "{} {} | {} | {}",
            l.place,
            l.name,
            l.change,
            l.code.as_deref().unwrap_or("")
        )
    });
    let known = finding.known.iter().map(|text| format!("known: {text}"));
    let supposed = finding
        .supposed
        .iter()
        .map(|text| format!("supposed: {text}"));
    known
        .chain(supposed)
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_role_that_is_given_at_once_is_asked_for_once() {
    for kind in KINDS {
        let (calls, finding) = finding(kind, |_| Answer::Given);
        assert_eq!((calls, finding.verdict), (1, Verdict::Works), "{kind:?}");
        assert_eq!(finding.cause, "given");
        assert!(finding.supposed.is_empty() && finding.lines.is_empty());
        assert!(finding.untried.iter().any(|text| text.contains(NAME)));
        assert!(
            finding.untried.iter().any(|text| text.contains("team")),
            "{:?}",
            finding.untried
        );
    }
}

#[test]
fn what_is_left_out_when_it_is_given_is_what_is_missing() {
    for kind in KINDS {
        let (calls, tags) = finding(kind, |trial| given_if(!trial.tags));
        assert_eq!(
            (calls, tags.verdict, &*tags.cause),
            (2, Verdict::Fails, "tags"),
            "{kind:?}"
        );
        let text = all(&tags);
        assert!(
            tags.known[0].contains("without session tags, and not with them"),
            "{text}"
        );
        assert!(
            text.contains("sts:TagSession") && !text.contains("is refused without"),
            "{text}"
        );
        if kind == Kind::Federated {
            continue;
        }
        let (calls, source) = finding(kind, |trial| given_if(!trial.source_identity));
        assert_eq!((calls, &*source.cause), (3, "source_identity"), "{kind:?}");
        assert!(all(&source).contains("sts:SetSourceIdentity"));
        let (calls, both) = finding(kind, |trial| {
            given_if(!trial.source_identity && !trial.tags)
        });
        assert_eq!(
            (calls, &*both.cause),
            (4, "tags_and_source_identity"),
            "{kind:?}"
        );
        let text = all(&both);
        assert!(
            text.contains("sts:TagSession") && text.contains("sts:SetSourceIdentity"),
            "{text}"
        );
    }
}

#[test]
fn the_line_to_change_is_the_statement_s_with_all_that_it_needs() {
    let (_, saml) = finding(Kind::Saml, |trial| given_if(!trial.tags));
    let line = &saml.lines[0];
    assert_eq!(
        (line.place, &*line.name),
        (
            "The trust policy of",
            "arn:aws:iam::111122223333:role/team/Reader"
        )
    );
    assert_eq!(
        line.code.as_deref(),
        Some(r#""Action": ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"]"#)
    );
    let (_, saml) = finding(Kind::Saml, |_| denied(Stage::Role));
    let statement: serde_json::Value =
        serde_json::from_str(saml.lines[0].code.as_deref().unwrap()).unwrap();
    assert_eq!(
        statement["Principal"]["Federated"],
        "arn:aws:iam::111122223333:saml-provider/vestibule"
    );
    assert_eq!(
        statement["Condition"]["StringEquals"]["SAML:aud"],
        words().recipient.as_str()
    );
    let (_, web) = finding(Kind::Web, |_| denied(Stage::Role));
    let statement: serde_json::Value =
        serde_json::from_str(web.lines[0].code.as_deref().unwrap()).unwrap();
    assert_eq!(
        statement["Principal"]["Federated"],
        "arn:aws:iam::111122223333:oidc-provider/signin.example.com"
    );
    assert_eq!(
        statement["Condition"]["StringEquals"]["signin.example.com:aud"],
        "sts.amazonaws.com"
    );
    let (_, assume) = finding(Kind::Assume, |_| denied(Stage::Role));
    let statement: serde_json::Value =
        serde_json::from_str(assume.lines[0].code.as_deref().unwrap()).unwrap();
    assert_eq!(
        statement["Condition"]["StringEquals"]["sts:ExternalId"],
        "for-us"
    );
    assert!(all(&assume).contains("others are never guessed"));
    let (_, hub) = finding(Kind::Hub, |_| denied(Stage::Role));
    let statement: serde_json::Value =
        serde_json::from_str(hub.lines[0].code.as_deref().unwrap()).unwrap();
    assert_eq!(
        statement["Principal"]["AWS"],
        "arn:aws:iam::999900001111:role/Hub"
    );
}

#[test]
fn where_nothing_helps_tags_and_source_identity_are_no_causes_any_more() {
    for (kind, expected) in [
        (Kind::Saml, 4),
        (Kind::Web, 4),
        (Kind::Assume, 4),
        (Kind::Hub, 4),
        (Kind::Federated, 2),
    ] {
        let (calls, finding) = finding(kind, |_| denied(Stage::Role));
        assert_eq!(
            (calls, finding.verdict, &*finding.cause),
            (expected, Verdict::Fails, "aws.AccessDenied"),
            "{kind:?}"
        );
        let supposed = finding.supposed.join("\n");
        assert!(!supposed.contains("sts:TagSession"), "{kind:?}: {supposed}");
        assert!(
            supposed.contains("vestibule-probe is none of them"),
            "{kind:?}: {supposed}"
        );
        assert!(
            finding
                .known
                .iter()
                .any(|text| text.contains("something else is missing")),
            "{:?}",
            finding.known
        );
    }
}

#[test]
fn a_hub_that_refuses_is_asked_without_a_source_identity_and_never_for_tags() {
    let (calls, refuses) = finding(Kind::Hub, |_| denied(Stage::Hub));
    assert_eq!((calls, &*refuses.cause), (2, "hub.AccessDenied"));
    let text = all(&refuses);
    assert!(text.contains("The role itself was not asked for"), "{text}");
    assert!(
        text.contains("The trust policy of arn:aws:iam::999900001111:role/Hub"),
        "{text}"
    );
    assert!(text.contains("for-hub"), "{text}");
    let (calls, narrowed) = finding(Kind::Hub, |trial| {
        if trial.source_identity {
            denied(Stage::Hub)
        } else {
            Answer::Given
        }
    });
    assert_eq!((calls, &*narrowed.cause), (2, "source_identity"));
    assert_eq!(
        (narrowed.lines[0].place, &*narrowed.lines[0].name),
        ("The trust policy of", "arn:aws:iam::999900001111:role/Hub")
    );
    let (calls, both) = finding(Kind::Hub, |trial| {
        denied(if trial.source_identity {
            Stage::Hub
        } else {
            Stage::Role
        })
    });
    assert_eq!(calls, 2);
    assert!(
        all(&both).contains("and then the role itself is refused"),
        "{}",
        all(&both)
    );
}

#[test]
fn a_duration_is_left_out_only_where_it_can_be_the_cause() {
    let invalid = || Answer::Refused {
        at: Stage::Role,
        code: "ValidationError".to_owned(),
    };
    let (calls, duration) = finding(Kind::Assume, |trial| {
        if trial.duration {
            invalid()
        } else {
            Answer::Given
        }
    });
    assert_eq!((calls, &*duration.cause), (2, "duration"));
    let (calls, invalid) = finding(Kind::Assume, |_| invalid());
    assert_eq!(
        (calls, &*invalid.cause),
        (MOST_TRIALS, "aws.ValidationError")
    );
    let role = role(Kind::Assume, true);
    let denied = made(&role, |_| denied(Stage::Role));
    assert!(denied.iter().all(|(trial, _)| trial.duration));
    let large = || Answer::Refused {
        at: Stage::Role,
        code: "PackedPolicyTooLarge".to_owned(),
    };
    let (calls, tags) = finding(
        Kind::Saml,
        |trial| if trial.tags { large() } else { Answer::Given },
    );
    assert_eq!((calls, &*tags.cause), (2, "tags"));
}

#[test]
fn what_is_no_question_of_parts_is_asked_once() {
    for (answer, verdict, cause) in [
        (Answer::Away, Verdict::Unknown, "aws.busy"),
        (Answer::Unexpected, Verdict::Unknown, "aws.unexpected"),
        (
            Answer::Untrusted("its issuer is not known"),
            Verdict::Unknown,
            "aws.untrusted",
        ),
        (Answer::NoCredentials, Verdict::Fails, "own_credentials"),
        (Answer::NotConfigured, Verdict::Fails, "not_configured"),
        (
            Answer::NotVouched(Unable::Expired),
            Verdict::Fails,
            "issuer.expired",
        ),
        (
            Answer::NotVouched(Unable::NoKey),
            Verdict::Fails,
            "issuer.no_key",
        ),
        (
            Answer::NotVouched(Unable::Broken),
            Verdict::Fails,
            "issuer.broken",
        ),
        (
            Answer::RegionDisabled { at: Stage::Role },
            Verdict::Fails,
            "aws.region_disabled",
        ),
        (
            Answer::Refused {
                at: Stage::Role,
                code: "InvalidIdentityToken".to_owned(),
            },
            Verdict::Fails,
            "aws.InvalidIdentityToken",
        ),
        (
            Answer::Refused {
                at: Stage::Role,
                code: "ExpiredToken".to_owned(),
            },
            Verdict::Fails,
            "aws.ExpiredToken",
        ),
    ] {
        for kind in KINDS {
            let (calls, finding) = finding(kind, |_| answer.clone());
            assert_eq!(
                (calls, finding.verdict, &*finding.cause),
                (1, verdict, cause),
                "{kind:?}"
            );
            assert!(!finding.known.is_empty());
        }
    }
}

#[test]
fn aws_that_goes_away_half_way_leaves_what_was_known() {
    let (calls, finding) = finding(Kind::Saml, |trial| {
        if trial.tags {
            denied(Stage::Role)
        } else {
            Answer::Away
        }
    });
    assert_eq!((calls, finding.verdict), (2, Verdict::Fails));
    let text = all(&finding);
    assert!(text.contains("could not be narrowed down"), "{text}");
    assert!(
        finding.supposed.join(" ").contains("sts:TagSession"),
        "{text}"
    );
}

#[test]
fn what_needs_a_person_or_cannot_be_made_harmless_is_told_as_such_and_nothing_else_is() {
    let finding = nothing_asked(&role(Kind::Forwarded, false)).unwrap();
    assert_eq!(finding.verdict, Verdict::NotProbed);
    assert!(finding.known[0].contains("comes with a person's login"));
    let user = nothing_asked(&role(Kind::User, false)).unwrap();
    assert_eq!(user.verdict, Verdict::NotProbed);
    assert!(user.known[0].contains("no policy narrows GetSessionToken"));
    let mfa = nothing_asked(&role(Kind::Mfa, false)).unwrap();
    assert_eq!(mfa.verdict, Verdict::NotProbed);
    assert!(mfa.known[0].contains("the code of an MFA device"));
    for kind in KINDS {
        assert_eq!(nothing_asked(&role(kind, true)), None, "{kind:?}");
    }
}
