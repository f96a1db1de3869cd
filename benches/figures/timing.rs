//! Whether the time of an answer tells how near a guess came to a secret (B20): the session's cookie, the token of forms, a
//! program's token.
//!
//! As dudect does: two kinds of wrong guesses in random order, Welch's t over their times. One kind is the secret but for its
//! last letter, the other is random. Times are those of whole answers, which is what somebody who guesses sees. The slowest
//! times, which the machine makes, are cut off for both kinds alike.

use std::time::Instant;

use reqwest::{Client, RequestBuilder};
use url::Url;
use vestibule::random::{Random as _, SystemRandom, token};

use crate::report::{Line, Trouble};
use crate::scratch::runtime;
use crate::world::World;
use crate::world::browser::Browser;

/// How many guesses, of both kinds together.
const GUESSES: usize = 100_000;

/// Above this, dudect says that there is a leak.
const LEAK: f64 = 4.5;

/// Of how many in a hundred the times count.
const KEPT: usize = 95;

pub(crate) fn run() -> Result<(), Trouble> {
    runtime().block_on(async {
        let world = World::builder().unlimited().start().await;
        let browser = world.signed_in("erin").await;
        let client = Client::builder().no_proxy().build().unwrap();
        let portal: Url = world.at("/").parse().unwrap();
        let cookies = browser.cookies_for(&portal);
        let (name, id) = cookies
            .iter()
            .find(|(name, _)| name.starts_with("vestibule-session"))
            .expect("a session");
        let me = world.at("/api/v1/me");
        let by_cookie = |guess: &str| client.get(&me).header("cookie", format!("{name}={guess}"));
        measure("session's cookie", id, 401, by_cookie).await;
        let cookie = format!("{name}={id}");
        let form_token = form_token(&browser, &world.at("/settings")).await;
        let (settings, origin) = (world.at("/settings"), world.url.clone());
        let by_form = |guess: &str| {
            let form = client.post(&settings).header("cookie", &cookie);
            let form = form.header("origin", &origin);
            form.header("content-type", "application/x-www-form-urlencoded")
                .body(format!("form_token={guess}"))
        };
        measure("token of forms", &form_token, 403, by_form).await;
        let made = makes_token(&browser, &world.at("/tokens")).await;
        let (prefix, secret) = made.split_at(made.len() - 43);
        let by_token = |guess: &str| client.get(&me).bearer_auth(format!("{prefix}{guess}"));
        measure("program's token", secret, 401, by_token).await;
        world.stop().await;
        Ok(())
    })
}

/// The token of forms, from a page that is small enough to be sent as it is: there it stands unmasked.
async fn form_token(browser: &Browser, page: &str) -> String {
    let page = browser.opens(page).await;
    let form = page.form_with("form_token").expect("a form");
    form.value("form_token").expect("a token").to_owned()
}

async fn makes_token(browser: &Browser, page: &str) -> String {
    let page = browser.opens(page).await;
    let form = page.form_with("name").expect("a form");
    let form = form.with("name", "guessed").with("me:read", "yes");
    let page = browser.submits(&form).await;
    let secret = regex::Regex::new("vst_[A-Za-z0-9_-]{43,}").unwrap();
    let found = secret.find(&page.body).expect("a token on the page");
    found.as_str().to_owned()
}

/// A guess: near, or random.
fn guess(secret: &str, near: bool) -> String {
    loop {
        let random = token::<32>(&SystemRandom);
        let guess = if near {
            format!("{}{}", &secret[..secret.len() - 1], &random[..1])
        } else {
            random
        };
        if guess != secret {
            return guess;
        }
    }
}

async fn measure(what: &str, secret: &str, status: u16, ask: impl Fn(&str) -> RequestBuilder) {
    assert_eq!(secret.len(), 43, "{what}");
    let right = ask(secret).send().await.expect("an answer");
    assert_ne!(
        right.status().as_u16(),
        status,
        "{what}: the secret itself is taken"
    );
    let mut times: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let mut coins = vec![0; GUESSES];
    SystemRandom.fill(&mut coins);
    for coin in coins {
        let near = coin & 1 == 1;
        let request = ask(&guess(secret, near));
        let asked = Instant::now();
        let answer = request.send().await.expect("an answer");
        let took = asked.elapsed().as_secs_f64() * 1e6;
        assert_eq!(answer.status().as_u16(), status, "{what}");
        answer.bytes().await.expect("a body");
        times[usize::from(near)].push(took);
    }
    let mut all = times.concat();
    all.sort_by(f64::total_cmp);
    let limit = all[all.len() * KEPT / 100];
    let [random, near] = times.map(|mut times| {
        times.retain(|took| *took < limit);
        Moments::of(&times)
    });
    Line::about("time of an answer to a wrong guess")
        .with("of", what)
        .with("guesses", GUESSES)
        .number("random_us", random.mean)
        .number("near_us", near.mean)
        .at_most("welch_t", near.welch_t(&random).abs(), LEAK)
        .print();
}

/// What Welch's t asks of a sample.
struct Moments {
    mean: f64,
    /// The variance of the mean.
    spread: f64,
}

impl Moments {
    #[expect(clippy::cast_precision_loss, reason = "a hundred thousand at most")]
    fn of(sample: &[f64]) -> Self {
        let count = sample.len() as f64;
        let mean = sample.iter().sum::<f64>() / count;
        let squares: f64 = sample.iter().map(|one| (one - mean).powi(2)).sum();
        Self {
            mean,
            spread: squares / (count - 1.0) / count,
        }
    }

    fn welch_t(&self, other: &Self) -> f64 {
        (self.mean - other.mean) / (self.spread + other.spread).sqrt()
    }
}
