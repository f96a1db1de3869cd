//! No sequence of calls lengthens a life, and no call widens what a kind of credentials may do.

use chrono::{DateTime, TimeDelta, Utc};
use vestibule_sandbox::aws::random::Random;

use crate::support::{ACCOUNT, Aws, Keys, noon};

/// Credentials somebody holds, and what is known of them.
#[derive(Clone)]
struct Held {
    keys: Keys,
    kind: Kind,
    expires: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    User,
    Role,
    Federated,
    UserSession,
}

struct Dice(Random);

impl Dice {
    fn roll(&self, below: usize) -> usize {
        let mut bytes = [0_u8; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_be_bytes(bytes) % u64::try_from(below).unwrap()).unwrap()
    }
}

async fn step(aws: &Aws, dice: &Dice, caller: &Held) -> Option<Held> {
    let role = format!(
        "arn:aws:iam::{ACCOUNT}:role/{}",
        ["Long", "Reader"][dice.roll(2)]
    );
    let duration = ["900", "3600", "3601", "43200", "129600"][dice.roll(5)];
    let (action, kind, rest) = match dice.roll(3) {
        0 => {
            let rest = vec![("RoleArn", role.as_str()), ("RoleSessionName", "ada")];
            ("AssumeRole", Kind::Role, rest)
        }
        1 => ("GetFederationToken", Kind::Federated, vec![("Name", "ada")]),
        _ => ("GetSessionToken", Kind::UserSession, vec![]),
    };
    let mut rest = rest;
    if dice.roll(2) == 0 {
        rest.push(("DurationSeconds", duration));
    }
    let reply = aws.call(&caller.keys, action, &rest).await;
    if reply.status != 200 {
        return None;
    }
    let expires: DateTime<Utc> = reply.expect("Expiration").parse().unwrap();
    let made = Held {
        keys: reply.keys(),
        kind,
        expires: Some(expires),
    };
    check(aws.simulation().clock.now(), caller, &made);
    Some(made)
}

fn check(now: DateTime<Utc>, caller: &Held, made: &Held) {
    let life = made.expires.unwrap() - now;
    match (caller.kind, made.kind) {
        (Kind::User, Kind::Role) => assert!(life <= TimeDelta::hours(12)),
        (Kind::User, _) => assert!(life <= TimeDelta::hours(36)),
        (Kind::Role | Kind::UserSession, Kind::Role) => {
            assert!(life <= TimeDelta::hours(1), "{life}");
            assert!(made.expires <= caller.expires, "it outlives its caller");
        }
        (caller, made) => panic!("{caller:?} credentials made {made:?} credentials"),
    }
}

#[actix_web::test]
async fn random_walks_through_sts_never_lengthen_a_life() {
    for seed in 0..6 {
        let aws = Aws::start();
        let dice = Dice(Random::seeded(seed));
        let user = Held {
            keys: Aws::broker(),
            kind: Kind::User,
            expires: None,
        };
        let mut held = vec![user];
        let mut made = 0;
        for _ in 0..80 {
            if dice.roll(5) == 0 {
                let minutes = i64::try_from(dice.roll(50)).unwrap();
                aws.hand.advance(TimeDelta::minutes(minutes));
            }
            let caller = if dice.roll(3) == 0 {
                0
            } else {
                dice.roll(held.len())
            };
            let caller = held[caller].clone();
            if let Some(new) = step(&aws, &dice, &caller).await {
                held.push(new);
                made += 1;
            }
        }
        assert!(made > 10, "the walk of seed {seed} went nowhere");
    }
}

#[actix_web::test]
async fn credentials_of_an_instance_chain_unless_the_switch_says_otherwise() {
    let aws = Aws::start();
    let made = aws
        .simulation()
        .instance_credentials(ACCOUNT, "Long", "i-0123456789")
        .unwrap();
    let keys = Keys {
        id: made.access_key,
        secret: made.secret,
        token: Some(made.session_token),
    };
    let role = format!("arn:aws:iam::{ACCOUNT}:role/Long");
    let rest = [
        ("RoleArn", role.as_str()),
        ("RoleSessionName", "ada"),
        ("DurationSeconds", "7200"),
    ];
    assert_eq!(aws.call(&keys, "AssumeRole", &rest).await.status, 400);
    aws.simulation()
        .change_switches(|switches| switches.instance_role_chains = false);
    let reply = aws.call(&keys, "AssumeRole", &rest).await;
    assert_eq!(reply.seconds_from(noon()), 7200);
    assert!(
        aws.simulation()
            .instance_credentials(ACCOUNT, "None", "i-0")
            .is_err()
    );
}
