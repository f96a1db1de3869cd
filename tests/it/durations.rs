//! How long consoles last: what the portal promises is what AWS gives, and AWS refuses no length that is asked for.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use vestibule_sandbox::aws::request_log::Entry;

use crate::world::accounts::{DEV, GOV, MODEL, PROD};
use crate::world::browser::unescape;
use crate::world::{OIDC, SAML, World, counts, issuer};

/// Account, alias, role, and by which provider one gets there.
const ROLES: [(&str, &str, &str, &str); 13] = [
    (PROD, "payments-prod", "SamlReader", SAML),
    (PROD, "payments-prod", "WebReader", OIDC),
    (PROD, "payments-prod", "IssuedSaml", SAML),
    (PROD, "payments-prod", "IssuedWeb", SAML),
    (PROD, "payments-prod", "Admin", SAML),
    (PROD, "payments-prod", "Chained", SAML),
    (PROD, "payments-prod", "Federated", SAML),
    (PROD, "payments-prod", "Dropbox", SAML),
    (DEV, "payments-dev", "Developer", SAML),
    (GOV, "gov-prod", "GovSaml", SAML),
    (GOV, "gov-prod", "GovAdmin", SAML),
    (GOV, "gov-prod", "GovIssuedSaml", SAML),
    (GOV, "gov-prod", "GovIssuedWeb", SAML),
];

/// Knuth's linear congruential generator: the same cases every time.
struct Dice(u64);

impl Dice {
    fn throws(&mut self, sides: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % sides
    }

    fn picks<T: Copy>(&mut self, from: &[T]) -> T {
        let sides = u32::try_from(from.len()).unwrap();
        from[self.throws(sides) as usize]
    }
}

/// The model, in which every role lasts as long as `hours` says for its method.
fn lasting(mut hours: impl FnMut(bool) -> u32) -> String {
    let whole = format!("{MODEL}{}", issuer::ROLES);
    let mut entries = whole.split("[[").map(|entry| {
        if !entry.starts_with("roles]]") {
            return entry.to_owned();
        }
        let federated = entry.contains("GetFederationToken");
        let kept: Vec<&str> = entry
            .lines()
            .filter(|line| !line.starts_with("console_hours"))
            .collect();
        let (head, rest) = kept.split_first().unwrap();
        let hours = hours(federated);
        format!("{head}\nconsole_hours = {hours}\n{}\n", rest.join("\n"))
    });
    let first = entries.next().unwrap();
    entries.fold(first, |all, entry| format!("{all}[[{entry}"))
}

fn seconds(console: &Value, from: &str, to: &str) -> i64 {
    let time = |name: &str| -> DateTime<Utc> { console[name].as_str().unwrap().parse().unwrap() };
    (time(to) - time(from)).num_seconds()
}

/// "12 hours", "1 hour 15 minutes", "less than a minute", in whole minutes.
fn minutes(words: &str) -> i64 {
    let words: Vec<&str> = words.split_whitespace().collect();
    words
        .chunks(2)
        .map(|pair| match (pair[0].parse::<i64>(), pair.get(1)) {
            (Ok(count), Some(unit)) if unit.starts_with("hour") => count * 60,
            (Ok(count), Some(unit)) if unit.starts_with("minute") => count,
            _ => 0,
        })
        .sum()
}

/// What the portal says how long a role lasts.
fn promised(portal: &str, alias: &str, role: &str) -> i64 {
    let link = format!("href=\"/go/{alias}/{role}\"");
    let (_, line) = portal.split_once(&link).expect("the role is on the portal");
    let (_, rest) = line.split_once("class=\"lasts\"").unwrap();
    let (_, rest) = rest.split_once('>').unwrap();
    minutes(rest.split('<').next().unwrap())
}

/// One kind of login, and the lengths that go with it.
struct Case {
    role: (&'static str, &'static str, &'static str, &'static str),
    /// When the provider ends the login, in seconds from now.
    login: Option<u32>,
    /// What the link asks for.
    hours: Option<u32>,
}

async fn goes(world: &World, case: &Case) {
    let (_, alias, role, idp) = case.role;
    world.sandbox.saml_idp.configure(|options| {
        options.session_lifetime = case.login.map(|seconds| TimeDelta::seconds(seconds.into()));
    });
    let browser = world.browser();
    let portal = world
        .signs_in(&browser, &format!("/?idp={idp}"), "erin")
        .await;
    let promised = promised(&portal.body, alias, role);
    world.aws_forgets();
    let link = match case.hours {
        None => format!("/go/{alias}/{role}?idp={idp}"),
        Some(hours) => format!("/go/{alias}/{role}?idp={idp}&hours={hours}"),
    };
    // a new browser: forwarded proofs come with a login of their own
    let browser = world.browser();
    let page = world.signs_in(&browser, &link, "erin").await;
    let console = world.console(&browser, &page).await;
    // asked once each: nothing was refused, and nothing tried again
    let saw: Vec<Entry> = world.aws_saw();
    let asked = |action: &str| {
        let is = |entry: &&Entry| entry.action.as_deref() == Some(action);
        saw.iter().filter(is).count()
    };
    let operations = saw.iter().filter(|entry| entry.host.starts_with("sts."));
    assert_eq!(
        (operations.count(), asked("getSigninToken")),
        (1, 1),
        "{role}"
    );
    let lasts = seconds(&console, "began", "expires");
    let about = format!(
        "{role}, login {:?}, hours {:?}: promised {promised} minutes, lasts {lasts} s",
        case.login, case.hours
    );
    // the login was a moment ago, and the portal counts whole minutes or quarters of an hour
    let limit = match case.hours {
        None => promised,
        Some(hours) => promised.min((i64::from(hours) * 60).max(15)),
    };
    assert!((limit * 60 - lasts).abs() <= 90, "{about}");
    if let Some(login) = case.login.filter(|_| role != "WebReader") {
        let ends = i64::from(login);
        assert!(lasts <= ends.max(900), "outlives the login: {about}");
    }
}

#[tokio::test] // B5
async fn no_combination_is_refused_and_the_portal_tells_the_truth() {
    let world = World::builder().issuing().start().await;
    world.trusts_the_issuer().await;
    // the own credentials of a role grow old while this goes on; whether that counts, nobody knows
    let simulation = world.sandbox.simulation();
    simulation.change_switches(|switches| switches.chain_may_outlive_caller = true);
    let mut dice = Dice(20_261_129);
    let (models, cases) = if counts::are_full() {
        (40, 50)
    } else {
        (4, 13)
    };
    for _ in 0..models {
        let longest = dice.picks(&[3_600, 7_200, 14_400, 43_200]);
        for (account, _, role, _) in ROLES {
            let mut iam = world.sandbox.simulation().iam.write();
            let account = iam.account_mut(account).unwrap();
            if let Some(role) = account.role_mut(role) {
                role.max_session_duration = longest;
            }
        }
        let model = lasting(|federated| 1 + dice.throws(if federated { 36 } else { 12 }));
        world.publishes(&model).await;
        // the last check of a click follows at once
        let erin = world.signed_in("erin").await;
        let followed = erin
            .opens_once(&world.at("/go/payments-dev/Developer"))
            .await;
        assert_eq!(followed.status, 303, "{}", followed.body);
        for number in 0..cases {
            let case = Case {
                role: ROLES[number % ROLES.len()],
                login: dice
                    .picks(&[None, Some(0), Some(1), Some(2)])
                    .map(|kind| match kind {
                        0 => 120 + dice.throws(780),
                        1 => 900 + dice.throws(43_200),
                        _ => 43_200 + dice.throws(100_000),
                    }),
                hours: dice.picks(&[None, None, Some(1), Some(2), Some(7), Some(12), Some(36)]),
            };
            goes(&world, &case).await;
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn where_the_sign_in_takes_no_length_one_gets_in_all_the_same_and_the_portal_says_how_long() {
    let world = World::start().await;
    let simulation = world.sandbox.simulation();
    simulation.change_switches(|switches| switches.signin.roles_take_duration = false);
    let erin = world.signed_in("erin").await;
    let link = world.at("/go/payments-prod/Admin");
    let mut lengths = Vec::new();
    for exchanges in [2, 1] {
        world.aws_forgets();
        // another browser: in one, the simulated AWS would ask to sign out first
        let page = erin.opens_once(&link).await;
        let browser = world.browser();
        let page = browser.follows(page).await;
        let console = world.console(&browser, &page).await;
        lengths.push(seconds(&console, "began", "expires"));
        let saw = world.aws_saw();
        let asked = saw
            .iter()
            .filter(|entry| entry.action.as_deref() == Some("getSigninToken"));
        assert_eq!(asked.count(), exchanges);
    }
    // the first time it was learnt, and the second time reckoned with; what the way there took is gone
    for (length, whole) in lengths.into_iter().zip([900, 3_600]) {
        assert!(
            (whole - 30..=whole).contains(&length),
            "{length} of {whole}"
        );
    }
    let portal = erin.opens(&world.at("/")).await;
    assert_eq!(promised(&portal.body, "payments-prod", "Admin"), 60);
    let why = "because AWS's sign-in took no length";
    assert!(unescape(&portal.body).contains(why), "{}", portal.body);
    // keys have no length at the sign-in
    let keys = erin
        .opens(&world.at("/keys/payments-prod/Admin?hours=2"))
        .await;
    assert!(keys.body.contains("2 hours"), "{}", keys.body);

    // after an hour it is tried again
    world.clock.advance(TimeDelta::minutes(61));
    simulation.change_switches(|switches| switches.signin.roles_take_duration = true);
    let erin = world.signed_in("erin").await;
    let portal = erin.opens(&world.at("/")).await;
    assert_eq!(promised(&portal.body, "payments-prod", "Admin"), 8 * 60);
    world.stop().await;
}
