//! A whole sign-in as the server sees it, `POST /saml/{idp}/acs`, beside the verification that is a part of it.
//!
//! Each answer needs a login of its own, so all logins are begun before anything is counted. Counted is the CPU time of
//! the server's process alone, while the answers come in one after the other.

use std::time::Duration;

use reqwest::Method;
use url::Url;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::config::Config;
use vestibule::idp::Challenge;
use vestibule::idp::saml::ServiceProvider;
use vestibule_sandbox::idp::saml::{AuthnRequest, Signed};
use vestibule_sandbox::people::Person;

use crate::measure::{Side, microseconds, side_by_side};
use crate::report::{Line, Trouble};
use crate::scratch::runtime;
use crate::served::{Served, Server};
use crate::world::browser::{Browser, Form};
use crate::world::{SAML, World};
use crate::{cpu, models};

const RULES: usize = 10_000;

/// Answers in a turn, after those that warm the server up.
const ANSWERS: u32 = 100;

/// Somebody about to hand in an answer.
struct Arriving {
    browser: Browser,
    form: Form,
    challenge: Challenge,
}

pub(crate) fn run() -> Result<(), Trouble> {
    for (groups, shape, signed) in [
        (50, "assertion", Signed::Assertion),
        (50, "both", Signed::Both),
        (500, "assertion", Signed::Assertion),
    ] {
        runtime().block_on(measure(groups, shape, signed))?;
    }
    Ok(())
}

async fn measure(groups: usize, shape: &str, signed: Signed) -> Result<(), Trouble> {
    let world = World::builder().model(&models::model(RULES, 0));
    let served = Served::prepare(world).await;
    served
        .world
        .sandbox
        .saml_idp
        .configure(|options| options.signed = signed);
    let names: Vec<String> = (0..groups).map(models::group).collect();
    let person = Person::new("gina", "Gina Groups").in_groups(names.iter().map(String::as_str));
    served.world.sandbox.people().put(person);
    let server = served.start()?;
    let provider = provider(&served);
    let mut all = Vec::new();
    let seed = Browser::new();
    for _ in 0..=crate::measure::ROUNDS {
        all.push(arriving(&served, &seed, ANSWERS).await);
    }
    // the first come to a server that has not done this before
    hand_in(&server, all.pop().unwrap_or_default()).await;
    let kept = arriving(&served, &seed, ANSWERS).await;
    let runtime = tokio::runtime::Handle::current();
    let [request, verification] = tokio::task::block_in_place(|| {
        let request: Side<'_> = Box::new(|| {
            let turn = all.pop().unwrap_or_default();
            runtime.block_on(hand_in(&server, turn))
        });
        let verification: Side<'_> = Box::new(|| verify(&provider, &kept));
        side_by_side([request, verification])
    });
    Line::about("whole sign-in at the assertion consumer service")
        .with("rules", RULES)
        .with("groups", groups)
        .with("signed", shape)
        .number("request_us", request)
        .number("verification_us", verification)
        .at_most("ratio", request / verification, 2.0)
        .print();
    drop(server);
    served.stop().await;
    Ok(())
}

/// The provider as the server has it.
fn provider(served: &Served) -> ServiceProvider {
    let file = served.world.folder.join("vestibule.toml");
    let text = std::fs::read_to_string(file).unwrap();
    let config = Config::parse(&text, &served.world.folder).unwrap();
    let entry = config
        .identity_providers
        .iter()
        .find(|provider| provider.id.as_str() == SAML);
    ServiceProvider::new(entry.unwrap(), &config.aws.partitions, SystemClock.now()).unwrap()
}

/// Begins so many logins, and writes an answer to each.
async fn arriving(served: &Served, seed: &Browser, count: u32) -> Vec<Arriving> {
    let entity_id = served.at(&format!("/saml/{SAML}/metadata"));
    let acs: Url = served.at(&format!("/saml/{SAML}/acs")).parse().unwrap();
    let mut all = Vec::new();
    for _ in 0..count {
        let browser = seed.beside();
        let away = browser
            .opens_once(&served.at(&format!("/?idp={SAML}")))
            .await;
        let away = away.location().expect("it sends to the provider");
        let parameter = |name: &str| {
            let found = away.query_pairs().find(|(key, _)| key == name);
            found.expect("a parameter").1.into_owned()
        };
        let request = AuthnRequest::from_redirect(&parameter("SAMLRequest")).unwrap();
        let idp = &served.world.sandbox.saml_idp;
        let minted = idp.mint(&entity_id, "gina", Some(&request.id)).unwrap();
        all.push(Arriving {
            browser,
            form: Form {
                action: acs.clone(),
                post: true,
                fields: vec![
                    ("SAMLResponse".to_owned(), minted.base64()),
                    ("RelayState".to_owned(), parameter("RelayState")),
                ],
            },
            challenge: Challenge::Saml {
                request_id: request.id,
            },
        });
    }
    all
}

/// Hands the answers in; gives the server's CPU for one, in microseconds.
async fn hand_in(server: &Server, all: Vec<Arriving>) -> f64 {
    let count = u32::try_from(all.len()).expect("not so many");
    let before = server.cpu();
    for Arriving { browser, form, .. } in all {
        let fields = Some(form.fields.as_slice());
        let page = browser.once(Method::POST, &form.action, fields, &[]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let cookies = browser.cookies_for(&form.action);
        assert!(
            cookies
                .keys()
                .any(|name| name.starts_with("vestibule-session")),
            "no session"
        );
    }
    microseconds(server.cpu().saturating_sub(before), count)
}

/// Verifies all of them in this thread.
fn verify(provider: &ServiceProvider, all: &[Arriving]) -> f64 {
    let now = SystemClock.now();
    let before = cpu::of_thread();
    for arriving in all {
        let response = arriving.form.value("SAMLResponse").expect("a response");
        let verified = provider.verify(response, &arriving.challenge, now);
        assert!(verified.is_ok(), "not accepted");
    }
    let took: Duration = cpu::of_thread().saturating_sub(before);
    microseconds(took, u32::try_from(all.len()).expect("not so many"))
}
