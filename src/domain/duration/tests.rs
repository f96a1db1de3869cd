//! The table row by row, and AWS's limits over every combination.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::domain::iam_role::IamRoleArn;
use crate::domain::identity::IdpId;
use crate::domain::role::{CredentialsName, Proof, Via};

fn methods() -> [Method; 5] {
    let credentials = CredentialsName::parse("hub").unwrap();
    let idp = IdpId::parse("corp").unwrap();
    [
        Method::AssumeRoleWithSaml {
            proof: Proof::Forwarded(idp),
            provider: "corp".to_owned(),
        },
        Method::AssumeRoleWithWebIdentity {
            proof: Proof::Issued,
        },
        Method::AssumeRole {
            credentials: credentials.clone(),
            external_id: None,
            via: None,
            mfa_serial: None,
        },
        Method::GetFederationToken {
            credentials: credentials.clone(),
            resource_policies_only: true,
        },
        Method::GetSessionToken { credentials },
    ]
}

fn now() -> Timestamp {
    DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap()
}

fn request(method: &Method, own: Option<CredentialsKind>, hours: u32) -> DurationRequest<'_> {
    DurationRequest {
        method,
        own,
        role_seconds: hours * 3_600,
        hours: None,
        session_ends: None,
        proof_seconds: None,
        length_refused: false,
        now: now(),
    }
}

fn row(plan: Plan) -> (u32, Option<u32>, u32, Cause) {
    (
        plan.sts_duration_seconds,
        plan.signin_session_duration,
        plan.console_seconds,
        plan.cause,
    )
}

#[test] // B5
fn each_method_asks_for_what_aws_takes() {
    use CredentialsKind::{LongTerm, Role, Unknown};
    let [saml, oidc, assume, federated, user] = &methods();
    let rows = [
        (saml, None, 12, (900, Some(43_200), 43_200, Cause::Role)),
        (saml, None, 1, (900, Some(3_600), 3_600, Cause::Role)),
        (oidc, None, 12, (900, Some(43_200), 43_200, Cause::Role)),
        (
            assume,
            Some(LongTerm),
            12,
            (900, Some(43_200), 43_200, Cause::Role),
        ),
        (assume, Some(Role), 12, (3_600, None, 3_600, Cause::Chained)),
        (assume, Some(Role), 1, (3_600, None, 3_600, Cause::Role)),
        (
            assume,
            Some(Unknown),
            12,
            (3_600, None, 3_600, Cause::Unknown),
        ),
        (assume, None, 12, (3_600, None, 3_600, Cause::Unknown)),
        (
            federated,
            Some(LongTerm),
            36,
            (129_600, None, 129_600, Cause::Role),
        ),
        (
            user,
            Some(LongTerm),
            36,
            (129_600, None, 129_600, Cause::Role),
        ),
        (
            user,
            Some(LongTerm),
            12,
            (43_200, None, 43_200, Cause::Role),
        ),
        (
            federated,
            Some(LongTerm),
            12,
            (43_200, None, 43_200, Cause::Role),
        ),
    ];
    for (method, own, hours, expected) in rows {
        let plan = Plan::new(&request(method, own, hours)).unwrap();
        assert_eq!(row(plan), expected, "{method:?} {own:?}");
    }
}

#[test] // B5
fn the_link_and_the_provider_can_only_shorten() {
    let [saml, _, assume, ..] = &methods();
    let key = Some(CredentialsKind::LongTerm);
    let base = request(assume, key, 8);
    let plan = |request: DurationRequest<'_>| row(Plan::new(&request).unwrap());
    assert_eq!(
        plan(DurationRequest {
            hours: Some(2),
            ..base
        }),
        (900, Some(7_200), 7_200, Cause::Asked)
    );
    assert_eq!(
        plan(DurationRequest {
            hours: Some(36),
            ..base
        }),
        (900, Some(28_800), 28_800, Cause::Role)
    );
    assert_eq!(
        plan(DurationRequest {
            hours: Some(0),
            ..base
        }),
        (900, Some(900), 900, Cause::Minimum)
    );
    let ends = |seconds| Some(now() + TimeDelta::seconds(seconds));
    assert_eq!(
        plan(DurationRequest {
            session_ends: ends(7_273),
            ..base
        }),
        (900, Some(7_200), 7_200, Cause::IdentityProvider)
    );
    let none = DurationRequest {
        hours: Some(0),
        ..request(saml, None, 12)
    };
    assert_eq!(plan(none), (900, Some(900), 900, Cause::Minimum));
    let base = request(saml, None, 12);
    assert_eq!(
        plan(DurationRequest {
            proof_seconds: Some(3_600),
            ..base
        }),
        (900, Some(3_600), 3_600, Cause::Proof)
    );
    assert_eq!(
        plan(DurationRequest {
            session_ends: ends(300),
            ..base
        }),
        (900, None, 300, Cause::IdentityProvider)
    );
    assert_eq!(
        Plan::new(&DurationRequest {
            session_ends: ends(0),
            ..base
        }),
        Err(LoginEnded)
    );
}

#[test]
fn keys_last_as_long_as_every_role_gives_until_somebody_asks_for_more() {
    use CredentialsKind::{LongTerm, Role};
    let [saml, oidc, assume, federated, user] = &methods();
    let keys = |method, own, role_hours, hours| {
        let request = DurationRequest {
            hours,
            ..request(method, own, role_hours)
        };
        let plan = Plan::of_keys(&request).unwrap();
        assert_eq!(plan.signin_session_duration, None);
        assert_eq!(plan.console_seconds, plan.sts_duration_seconds);
        (plan.sts_duration_seconds, plan.cause)
    };
    for method in [saml, oidc, assume] {
        let own = Some(LongTerm);
        assert_eq!(keys(method, own, 12, None), (3_600, Cause::EveryRole));
        assert_eq!(keys(method, own, 1, None), (3_600, Cause::Role));
        assert_eq!(keys(method, own, 12, Some(1)), (3_600, Cause::Asked));
        assert_eq!(keys(method, own, 12, Some(8)), (28_800, Cause::Asked));
        assert_eq!(keys(method, own, 8, Some(36)), (28_800, Cause::Role));
        assert_eq!(keys(method, own, 12, Some(0)), (900, Cause::Minimum));
    }
    assert_eq!(
        keys(assume, Some(Role), 12, Some(8)),
        (3_600, Cause::Chained)
    );
    assert_eq!(keys(assume, None, 12, None), (3_600, Cause::Unknown));
    assert_eq!(
        keys(federated, Some(LongTerm), 36, None),
        (129_600, Cause::Role)
    );
    assert_eq!(
        keys(user, Some(LongTerm), 36, Some(24)),
        (86_400, Cause::Asked)
    );
    // AWS ends what was made by a response when the provider ends the login
    let soon = DurationRequest {
        session_ends: Some(now() + TimeDelta::seconds(300)),
        ..request(saml, None, 12)
    };
    let plan = Plan::of_keys(&soon).unwrap();
    assert_eq!(row(plan), (900, None, 300, Cause::IdentityProvider));
    let over = DurationRequest {
        session_ends: Some(now()),
        ..soon
    };
    assert_eq!(Plan::of_keys(&over), Err(LoginEnded));
}

#[test]
fn where_no_length_is_taken_the_console_lasts_as_long_as_credentials_of_every_role() {
    let [saml, _, assume, ..] = &methods();
    let refused = |hours, own| DurationRequest {
        length_refused: true,
        ..request(
            if own { assume } else { saml },
            own.then_some(CredentialsKind::LongTerm),
            hours,
        )
    };
    for own in [false, true] {
        let plan = Plan::new(&refused(12, own)).unwrap();
        assert_eq!(row(plan), (3_600, None, 3_600, Cause::SigninRefused));
    }
    let plan = Plan::new(&refused(1, false)).unwrap();
    assert_eq!(row(plan), (3_600, None, 3_600, Cause::Role));
    let chained = DurationRequest {
        length_refused: true,
        ..request(assume, Some(CredentialsKind::Role), 12)
    };
    let plan = Plan::new(&chained).unwrap();
    assert_eq!(row(plan), (3_600, None, 3_600, Cause::Chained));
    assert_eq!(
        plan.to_string(),
        "1 hour, because Vestibule's own AWS credentials come from a role, and AWS ends such chained sessions after one hour"
    );
}

#[test]
fn lengths_are_told_in_words() {
    for (seconds, words) in [
        (59, "less than a minute"),
        (60, "1 minute"),
        (900, "15 minutes"),
        (3_600, "1 hour"),
        (43_200, "12 hours"),
        (4_500, "1 hour 15 minutes"),
        (7_261, "2 hours 1 minute"),
    ] {
        assert_eq!(in_words(seconds), words);
    }
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(2_000, 1_000_000))]

    #[test]
    fn no_combination_breaks_aws_s_limits(
        method in 0_usize..5,
        own in prop::option::of(prop_oneof![
            Just(CredentialsKind::LongTerm), Just(CredentialsKind::Role), Just(CredentialsKind::Unknown),
        ]),
        role_seconds in prop_oneof![Just(0_u32), Just(u32::MAX), 1_u32..200_000],
        hours in prop::option::of(any::<u8>()),
        left in prop::option::of(prop_oneof![-10_i64..200_000, Just(i64::from(u32::MAX) * 4)]),
        proof_seconds in prop::option::of(prop_oneof![any::<u32>(), 0_u32..50_000]),
        length_refused in any::<bool>(),
    ) {
        let methods = methods();
        let session_ends = left.map(|left| now() + TimeDelta::seconds(left));
        let request = DurationRequest { method: &methods[method], own, role_seconds, hours, session_ends, proof_seconds, length_refused, now: now() };
        let Ok(plan) = Plan::new(&request) else {
            prop_assert!(left.is_some_and(|left| left <= 0));
            return Ok(());
        };
        let keys = Plan::of_keys(&request).unwrap();
        prop_assert_eq!(keys.signin_session_duration, None);
        prop_assert!(keys.console_seconds <= plan.console_seconds, "{keys:?}");
        let federated = method >= 3;
        let chained = method == 2 && own != Some(CredentialsKind::LongTerm);
        let longest = if federated { 129_600 } else if chained { 3_600 } else { 43_200 };
        prop_assert!((900..=longest).contains(&plan.sts_duration_seconds), "{plan:?}");
        prop_assert!((900..=longest).contains(&keys.sts_duration_seconds), "{keys:?}");
        prop_assert!(!(federated || chained) || plan.signin_session_duration.is_none(), "{plan:?}");
        prop_assert!(plan.signin_session_duration.is_none_or(|s| (900..=43_200).contains(&s) && s == plan.console_seconds), "{plan:?}");
        // Nobody gets more than the role allows, save AWS's own minimum; and nothing is promised beyond the credentials
        // where they end the console.
        prop_assert!(plan.console_seconds <= role_seconds.max(900), "{plan:?}");
        prop_assert!(plan.signin_session_duration.is_some() || plan.console_seconds <= plan.sts_duration_seconds, "{plan:?}");
        if let Some(left) = left && plan.cause != Cause::Minimum {
            prop_assert!(i64::from(plan.console_seconds) <= left, "{plan:?}");
        }
    }
}

#[test] // B5
fn the_way_through_a_hub_role_is_an_hour_whatever_the_own_credentials_are() {
    use CredentialsKind::{LongTerm, Role, Unknown};
    let method = Method::AssumeRole {
        credentials: CredentialsName::parse("hub").unwrap(),
        external_id: None,
        via: Some(Via {
            role: IamRoleArn::parse("arn:aws:iam::999900001111:role/Hub").unwrap(),
            external_id: None,
        }),
        mfa_serial: None,
    };
    for own in [LongTerm, Role, Unknown] {
        let plan = Plan::new(&request(&method, Some(own), 12)).unwrap();
        assert_eq!(row(plan), (3_600, None, 3_600, Cause::Hub));
        let plan = Plan::new(&request(&method, Some(own), 1)).unwrap();
        assert_eq!(row(plan), (3_600, None, 3_600, Cause::Role));
    }
}
