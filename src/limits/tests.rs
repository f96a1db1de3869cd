//! Limits by a clock that stands still until it is moved.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::TimeDelta;

use super::seen::Seen;
use super::{KEYS, Limits, TooOften, What, Whose};
use crate::clock::{Clock as _, SharedClock, ShiftedClock, SystemClock};
use crate::config::{Limit, LimitsConfig};
use crate::domain::identity::{Authentication, Identity, IdpId, Subject};
use crate::telemetry::Metrics;

struct Scene {
    limits: Limits,
    clock: Arc<ShiftedClock>,
    metrics: Metrics,
}

impl Scene {
    fn with(config: LimitsConfig) -> Self {
        let clock = Arc::new(ShiftedClock::default());
        clock.hold_at(SystemClock.now());
        let shared: SharedClock = Arc::<ShiftedClock>::clone(&clock);
        let metrics = Metrics::default();
        Self {
            limits: Limits::new(&config, &shared, metrics.clone()),
            clock,
            metrics,
        }
    }

    fn goes_by(&self, milliseconds: i64) {
        self.clock.advance(TimeDelta::milliseconds(milliseconds));
    }

    fn signs_in(&self, from: &str) -> Result<(), TooOften> {
        self.limits.take(What::SignIn, Some(address(from)), None)
    }
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn limit(per_minute: u32, burst: u32) -> Limit {
    Limit {
        per_minute,
        burst: Some(burst),
    }
}

fn somebody(subject: &str) -> Identity {
    Identity {
        idp: IdpId::parse("corp").unwrap(),
        subject: Subject {
            format: "sub".to_owned(),
            value: subject.to_owned(),
        },
        display_name: subject.to_owned(),
        verified_email: None,
        attributes: std::collections::BTreeMap::default(),
        authentication: Authentication::default(),
        notice: None,
    }
}

#[test]
fn so_many_come_at_once_and_then_one_whenever_there_is_room() {
    let scene = Scene::with(LimitsConfig {
        sign_ins_per_address: limit(20, 3),
        ..LimitsConfig::default()
    });
    for _ in 0..3 {
        assert_eq!(scene.signs_in("192.0.2.1"), Ok(()));
    }
    let refused = scene.signs_in("192.0.2.1").unwrap_err();
    assert_eq!((refused.whose, refused.seconds), (Whose::Address, 3));
    // asking again makes it no longer
    assert_eq!(scene.signs_in("192.0.2.1"), Err(refused));
    scene.goes_by(2_999);
    assert_eq!(scene.signs_in("192.0.2.1").unwrap_err().seconds, 1);
    scene.goes_by(1);
    assert_eq!(scene.signs_in("192.0.2.1"), Ok(()));
    assert_eq!(scene.signs_in("192.0.2.1"), Err(refused));
    assert_eq!(scene.signs_in("192.0.2.2"), Ok(()));
    let counted = "vestibule_too_often_total{what=\"sign_ins\",whose=\"address\"} 4";
    assert!(
        scene.metrics.render().contains(counted),
        "{}",
        scene.metrics.render()
    );
}

#[test]
fn nought_is_no_limit() {
    let none = limit(0, 1);
    let scene = Scene::with(LimitsConfig {
        sign_ins_per_address: none,
        failed_logins_per_address: none,
        ..LimitsConfig::default()
    });
    for _ in 0..10_000 {
        assert_eq!(scene.signs_in("192.0.2.1"), Ok(()));
        scene.limits.failed(Some(address("192.0.2.1")), None);
    }
    let may = scene.limits.may_arrive(Some(address("192.0.2.1")), None);
    assert_eq!(may, Ok(()));
}

#[test]
fn an_ipv6_customer_has_one_limit_and_an_ipv4_address_in_its_clothes_its_own() {
    let scene = Scene::with(LimitsConfig {
        sign_ins_per_address: limit(1, 1),
        ..LimitsConfig::default()
    });
    assert!(scene.signs_in("2001:db8:1:2::1").is_ok());
    assert!(scene.signs_in("2001:db8:1:2:ffff:ffff:ffff:ffff").is_err());
    assert!(scene.signs_in("2001:db8:1:3::1").is_ok());
    assert!(scene.signs_in("192.0.2.1").is_ok());
    assert!(scene.signs_in("::ffff:192.0.2.1").is_err());
    assert!(scene.signs_in("::ffff:192.0.2.2").is_ok());
}

#[test]
fn what_one_person_is_refused_is_taken_from_nobody_else() {
    let scene = Scene::with(LimitsConfig {
        keys_per_person: limit(60, 2),
        keys_per_address: limit(60, 3),
        ..LimitsConfig::default()
    });
    let from = Some(address("192.0.2.1"));
    let take = |who: &str| scene.limits.take(What::Keys, from, Some(&somebody(who)));
    for _ in 0..2 {
        assert_eq!(take("ada"), Ok(()));
    }
    for _ in 0..100 {
        assert_eq!(take("ada").unwrap_err().whose, Whose::Person);
    }
    // the third of the address is still there
    assert_eq!(take("erin"), Ok(()));
    assert_eq!(take("erin").unwrap_err().whose, Whose::Address);
    // consoles are counted for themselves
    let console = scene
        .limits
        .take(What::Console, from, Some(&somebody("ada")));
    assert_eq!(console, Ok(()));
}

#[test]
fn a_clock_that_is_put_back_shuts_nobody_out() {
    let scene = Scene::with(LimitsConfig {
        sign_ins_per_address: limit(60, 2),
        ..LimitsConfig::default()
    });
    assert!(scene.signs_in("192.0.2.1").is_ok());
    scene.goes_by(-86_400_000);
    assert!(scene.signs_in("192.0.2.1").is_ok());
    assert_eq!(scene.signs_in("192.0.2.1").unwrap_err().seconds, 1);
    scene.goes_by(1_000);
    assert!(scene.signs_in("192.0.2.1").is_ok());
}

#[test]
fn failures_shut_out_the_address_that_made_them_and_no_browser_that_made_none() {
    let scene = Scene::with(LimitsConfig {
        failed_logins_per_address: limit(60, 5),
        failed_logins_per_browser: limit(60, 2),
        ..LimitsConfig::default()
    });
    let (here, elsewhere) = (Some(address("192.0.2.1")), Some(address("192.0.2.2")));
    let (limits, may) = (&scene.limits, |from, browser| {
        scene.limits.may_arrive(from, browser)
    });
    for _ in 0..6 {
        assert_eq!(may(here, None), Ok(()));
        limits.failed(here, None);
    }
    let refused = may(here, None).unwrap_err();
    assert_eq!((refused.whose, refused.seconds), (Whose::Address, 1));
    assert_eq!(may(elsewhere, None), Ok(()));
    // behind the same address, from a browser where a login was begun
    assert_eq!(may(here, Some("victim")), Ok(()));
    for _ in 0..3 {
        assert_eq!(may(here, Some("other")), Ok(()));
        limits.failed(here, Some("other"));
    }
    assert_eq!(may(here, Some("other")).unwrap_err().whose, Whose::Browser);
    assert_eq!(may(here, Some("victim")), Ok(()));
    scene.goes_by(3_000);
    assert_eq!(may(here, None), Ok(()));
}

#[test]
fn a_million_addresses_take_no_more_memory_than_two_tables_and_wash_nobody_away_who_keeps_coming() {
    let scene = Scene::with(LimitsConfig {
        sign_ins_per_address: limit(1, 25),
        ..LimitsConfig::default()
    });
    let passed = (0..1_000_000_u32)
        .filter(|n| {
            let from = IpAddr::V4((0x0a00_0000 + n).into());
            assert!(scene.limits.take(What::SignIn, Some(from), None).is_ok());
            // somebody who comes now and then among them
            n % 20_000 == 0 && scene.signs_in("192.0.2.1").is_ok()
        })
        .count();
    assert_eq!(passed, 25, "of fifty");

    let seen = Seen::new(KEYS);
    for key in 0..1_000_000 {
        seen.set(key, 1);
        assert!(seen.len() <= 2 * KEYS);
    }
    assert_eq!(seen.get(999_999), Some(1));
    assert_eq!(seen.get(1), None);
}
