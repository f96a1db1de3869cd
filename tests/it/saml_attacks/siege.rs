//! A world whose identity providers sign with the corpus's keys, and the posting of its cases.
//!
//! Each login is begun over HTTP in a browser of its own; then the generator writes the batch; then every message is
//! posted as a browser would. What the answers have to be is for `verdict`.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SubsecRound as _;
use futures_util::{StreamExt as _, future, stream};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;
use vestibule::clock::Clock as _;
use vestibule::domain::Timestamp;

use super::elsewhere::Elsewhere;
use super::setting::{self, idp, side};
use super::verdict::{self, Faults};
use crate::corpus::{self, At, Case, Key, Post, Who};
use crate::world::browser::{Browser, Page};
use crate::world::canary::Canary;
use crate::world::serving::Serving;
use crate::world::{World, WorldBuilder};

/// How many cases are under way at a time.
const AT_ONCE: usize = 3;
/// How often a case that took too long is tried: a slow message is slow each time, a busy machine is not.
const TRIES: usize = 3;
/// A post begun with a clock that stands still lies so far after the others: its login is alive to the end of leeways.
const BEGUN_LATER: chrono::Duration = chrono::Duration::seconds(120);

/// The world, its providers and what has come of the cases so far.
pub struct Siege {
    pub world: World,
    pub canary: Canary,
    /// Held by whoever looks at what AWS was asked.
    pub at_aws: Mutex<()>,
    elsewhere: Elsewhere,
    template: Browser,
    pub faults: Faults,
}

/// A login that waits for its response.
struct Login {
    pub browser: Browser,
    pub relay_state: String,
    pub request_id: String,
}

/// What came of one post.
pub struct Answer {
    pub page: Page,
    pub took: Duration,
    /// The session's cookie, if one was set.
    pub session: Option<String>,
    /// How many sessions began when it was tried again for its slowness.
    pub further_sessions: usize,
}

impl Siege {
    /// On a fresh SQLite file.
    pub async fn start() -> Self {
        Self::in_a(World::builder()).await
    }

    /// On a database of its own.
    pub async fn on(database: &str) -> Self {
        Self::in_a(World::builder().database(database)).await
    }

    /// With a provider whose assertions are accepted as long as they say, and not for the usual five minutes only.
    pub async fn patient() -> Self {
        let file = "metadata_file = \"corp-metadata.xml\"";
        let longer = format!("{file}\nmax_age_seconds = 600");
        Self::in_a(World::builder().with(file, &longer)).await
    }

    async fn in_a(builder: WorldBuilder) -> Self {
        let world = setting::world(builder.unlimited()).await;
        Self {
            template: world.browser(),
            canary: Canary::new(),
            at_aws: Mutex::default(),
            elsewhere: Elsewhere::default(),
            faults: Faults::default(),
            world,
        }
    }

    /// With a second replica: every login begins at the first, and the answers go to both in turn.
    pub async fn with_replica(mut self) -> Self {
        self.elsewhere = Elsewhere::replica(self.world.replica().await);
        self
    }

    /// With a process of its own: every login begins here and ends there.
    pub fn with_process(mut self) -> Self {
        self.elsewhere = Elsewhere::Process(Serving::start(&self.world, &[], &[]));
        self
    }

    /// The process.
    pub fn process(&self) -> &Serving {
        self.elsewhere.process()
    }

    /// Tries all cases below the prefixes.
    pub async fn meets(mut self, key: Key, only: &[&str]) -> Self {
        let listed = corpus::list(key, only);
        assert!(!listed.is_empty(), "no cases for {only:?}");
        let now = self.now();
        let sides: Vec<At> = listed.iter().flat_map(|case| case.logins.clone()).collect();
        let logins: Vec<Login> = stream::iter(sides)
            .map(|at| self.begins(side(key, at)))
            .buffered(AT_ONCE)
            .collect()
            .await;
        let ids: Vec<&str> = logins.iter().map(|login| &*login.request_id).collect();
        let cases = corpus::cases(key, self.input(key, only, &ids, now));
        let written = cases.iter().map(|case| &case.id);
        assert!(written.eq(listed.iter().map(|case| &case.id)));
        let mut by_request: BTreeMap<String, Login> = logins
            .into_iter()
            .map(|login| (login.request_id.clone(), login))
            .collect();
        let (mut plain, mut alone) = (Vec::new(), Vec::new());
        for case in cases {
            let own: Vec<Login> = case
                .request_ids
                .iter()
                .map(|id| {
                    by_request
                        .remove(id)
                        .expect("each request id is taken once")
                })
                .collect();
            if case.fixed_clock || restarts(&case) {
                // the clock of another process cannot be moved
                let is_ours = !matches!(self.elsewhere, Elsewhere::Process(_));
                alone.extend(is_ours.then_some(case.id));
            } else {
                plain.push((case, own));
            }
        }
        let siege = &self;
        let judged: Vec<_> = stream::iter(plain)
            .map(|(case, logins)| async move {
                let answers = siege.tries(key, &case, logins).await;
                verdict::of(siege, &case, answers).await
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        for verdict in judged {
            self.faults.add(verdict);
        }
        for id in alone {
            self = self.meets_alone(key, &id).await;
        }
        self
    }

    /// Tries one case whose clock stands still, or that restarts Vestibule: alone, and from the very beginning.
    async fn meets_alone(self, key: Key, id: &str) -> Self {
        let listed = corpus::list(key, &[id]);
        let [listed] = &listed[..] else {
            panic!("{id} is not one case");
        };
        let now = self.now();
        let mut logins = Vec::new();
        for (number, at) in listed.logins.iter().enumerate() {
            self.world.clock.hold_at(now);
            if number > 0 {
                self.world.clock.advance(BEGUN_LATER);
            }
            logins.push(self.begins(side(key, *at)).await);
        }
        self.world.clock.hold_at(now);
        let ids: Vec<&str> = logins.iter().map(|login| &*login.request_id).collect();
        let cases = corpus::cases(key, self.input(key, &[id], &ids, now));
        let case = cases[0].clone();
        let (mut siege, answers) = self.plays_alone(key, &case, &logins).await;
        let verdict = verdict::of(&siege, &case, answers).await;
        siege.faults.add(verdict);
        siege
    }

    async fn plays_alone(mut self, key: Key, case: &Case, logins: &[Login]) -> (Self, Vec<Answer>) {
        let mut answers = Vec::new();
        for post in posts(case) {
            if post.before.is_some() {
                self.world = self.world.restarted().await;
            }
            if let Some(seconds) = post.advance_seconds {
                self.world.clock.advance(chrono::Duration::seconds(seconds));
            }
            answers.push(self.plays(key, case, logins, &post).await);
        }
        (self, answers)
    }

    /// The time, in whole seconds.
    fn now(&self) -> Timestamp {
        self.world.clock.now().trunc_subsecs(0)
    }

    /// Begins a login, as somebody does who presses "sign in".
    async fn begins(&self, idp: &str) -> Login {
        let browser = self.template.beside();
        let page = browser
            .opens_once(&self.world.at(&format!("/sign-in/{idp}")))
            .await;
        let location = page
            .location()
            .unwrap_or_else(|| panic!("{}: {}", page.status, page.body));
        let value = |name: &str| {
            let mut pairs = location.query_pairs();
            let found = pairs.find(|(key, _)| key == name);
            found.unwrap_or_else(|| panic!("no {name}")).1.into_owned()
        };
        let deflated = STANDARD.decode(value("SAMLRequest")).unwrap();
        let mut request = String::new();
        flate2::read::DeflateDecoder::new(&deflated[..])
            .read_to_string(&mut request)
            .unwrap();
        let (_, rest) = request.split_once(" ID=\"").unwrap();
        Login {
            browser,
            relay_state: value("RelayState"),
            request_id: rest.split_once('"').unwrap().0.to_owned(),
        }
    }

    /// Posts a response at a provider's consumer service.
    async fn posts(
        &self,
        browser: &Browser,
        idp: &str,
        response: &str,
        relay_state: &str,
    ) -> Answer {
        let base = self.elsewhere.next(&self.world.url);
        let url = Url::parse(&format!("{base}/saml/{idp}/acs")).unwrap();
        let fields = [
            ("SAMLResponse".to_owned(), response.to_owned()),
            ("RelayState".to_owned(), relay_state.to_owned()),
        ];
        let began = Instant::now();
        let headers = [
            ("origin", "https://idp.example.org"),
            ("sec-fetch-site", "cross-site"),
        ];
        let page = browser
            .once(Method::POST, &url, Some(&fields), &headers)
            .await;
        Answer {
            took: began.elapsed(),
            session: self.session(&page),
            further_sessions: 0,
            page,
        }
    }

    /// Where everybody stays.
    pub fn origin(&self) -> Option<url::Origin> {
        Url::parse(&self.world.url).ok().map(|url| url.origin())
    }

    /// The cookie of a session that an answer begins.
    fn session(&self, page: &Page) -> Option<String> {
        let name = self.session_cookie();
        let lines = page.headers.get_all("set-cookie");
        let set = lines.iter().find_map(|line| {
            let (cookie, _) = line.to_str().unwrap().split_once(';')?;
            cookie.strip_prefix(&*name)?.strip_prefix('=')
        });
        set.filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// The name of the session's cookie.
    pub fn session_cookie(&self) -> String {
        let port = Url::parse(&self.world.url).unwrap().port().unwrap();
        format!("vestibule-session-{port}")
    }

    /// A browser that has a session's cookie and nothing else.
    pub fn browser_with(&self, session: &str) -> Browser {
        let browser = self.template.beside();
        let url = Url::parse(&self.world.url).unwrap();
        browser.set_cookie(&url, &self.session_cookie(), session);
        browser
    }

    /// All posts of a case. One that takes too long is tried again with a login of its own.
    async fn tries(&self, key: Key, case: &Case, logins: Vec<Login>) -> Vec<Answer> {
        let mut answers = self.plays_all(key, case, &logins).await;
        if case.posts.is_some() {
            return answers;
        }
        for _ in 1..TRIES {
            if answers[0].took <= verdict::limit(case) {
                break;
            }
            let again = [self.begins(idp(key)).await];
            let again = self.plays_all(key, case, &again).await.remove(0);
            answers[0].took = again.took;
            answers[0].further_sessions += usize::from(again.session.is_some());
        }
        answers
    }

    async fn plays_all(&self, key: Key, case: &Case, logins: &[Login]) -> Vec<Answer> {
        let posts = posts(case);
        let mut answers = Vec::new();
        let mut beside = Vec::new();
        for post in &posts {
            for _ in 0..post.times.unwrap_or(1) {
                beside.push(self.plays(key, case, logins, post));
            }
            if !post.at_once {
                answers.extend(future::join_all(std::mem::take(&mut beside)).await);
            }
        }
        answers.extend(future::join_all(beside).await);
        answers
    }

    async fn plays(&self, key: Key, case: &Case, logins: &[Login], post: &Post) -> Answer {
        let nobody;
        let login = match post.browser {
            Who::Own => logins.first(),
            Who::Second => logins.get(1),
            Who::Other => None,
        };
        let browser = if let Some(login) = login {
            &login.browser
        } else {
            nobody = self.template.beside();
            &nobody
        };
        // a stranger posts the login's own handle; an unsolicited response has none
        let handle = login.or(logins.first()).map(|login| &login.relay_state);
        let relay_state = case.relay.as_ref().or(handle);
        let relay_state = relay_state.map_or("", String::as_str);
        let at = side(key, post.idp);
        self.posts(browser, at, &case.responses[post.response], relay_state)
            .await
    }

    /// What the generator is told, without its keys.
    fn input(&self, key: Key, only: &[&str], ids: &[&str], now: Timestamp) -> Value {
        let mut input = setting::input(key, &self.world.url);
        input["now"] = json!(now.to_rfc3339());
        input["request_ids"] = json!(ids);
        input["only"] = json!(only);
        input["canary"] = json!(self.canary.url());
        input
    }

    /// Stops everything, after a look at what nobody may have done and at the record.
    pub async fn ends(mut self) {
        if self.canary.was_contacted() {
            self.faults
                .say("somebody contacted an address from a message");
        }
        verdict::look_at_the_record(&mut self).await;
        let faults = std::mem::take(&mut self.faults);
        self.elsewhere.stop().await;
        self.world.stop().await;
        faults.none();
    }
}

/// One post of the first response, where a case says nothing else.
fn posts(case: &Case) -> Vec<Post> {
    case.posts.clone().unwrap_or_else(|| vec![Post::default()])
}

fn restarts(case: &Case) -> bool {
    let posts = case.posts.iter().flatten();
    posts.into_iter().any(|post| post.before.is_some())
}
