//! B29: the table of routes × the headers that each answer carries, and every answer that comes of no route.
//!
//! What is expected stands a second time in `table`, route by route; a route that this table does not know fails the walk.

mod table;

use reqwest::Method;
use url::Url;
use vestibule::web::{OPERATIONS, ROUTES};

use crate::world::browser::{Browser, Page};
use crate::world::{SAML, World};

use super::kinds::{Is, carries};
use Is::{Data, File};
use table::TABLE;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    Person,
    Administrator,
}
use Who::{Administrator, Nobody, Person};

/// A route as the table has it, an address of it, who asks, and what comes.
type Row = (&'static str, &'static str, Who, u16, Is);

/// The world and its browsers, one for each of those who ask.
struct Visit {
    world: World,
    nobody: Browser,
    person: Browser,
    administrator: Browser,
    secure: bool,
}

impl Visit {
    async fn to(world: World) -> Self {
        let secure = world.url.starts_with("https:");
        let nobody = if secure {
            let pem = std::fs::read(world.folder.join("authority.pem")).unwrap();
            Browser::trusting(vec![reqwest::Certificate::from_pem(&pem).unwrap()])
        } else {
            world.browser()
        };
        let (person, administrator) = (nobody.beside(), nobody.beside());
        for (browser, username) in [(&person, "erin"), (&administrator, "ada")] {
            let page = world
                .signs_in(browser, &format!("/?idp={SAML}"), username)
                .await;
            assert_eq!(page.status, 200, "{}", page.body);
        }
        Self {
            world,
            nobody,
            person,
            administrator,
            secure,
        }
    }

    /// Asks as somebody who keeps nothing of what comes back.
    async fn asks(&self, who: Who, method: &str, path: &str, headers: &[(&str, &str)]) -> Page {
        let browser = self.nobody.beside();
        let url = Url::parse(&self.world.at(path)).unwrap();
        let own = match who {
            Nobody => None,
            Person => Some(&self.person),
            Administrator => Some(&self.administrator),
        };
        for (name, value) in own.map(|own| own.cookies_for(&url)).unwrap_or_default() {
            if name.contains("session") {
                browser.set_cookie(&url, &name, &value);
            }
        }
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let body = [("x".to_owned(), "y".to_owned())];
        let body = (method == Method::POST).then_some(&body[..]);
        browser.once(method, &url, body, headers).await
    }

    async fn walks(self) {
        self.walks_the_table().await;
        self.walks_beside_it().await;
        self.walks_the_files().await;
        self.walks_the_operations().await;
        self.meets_a_fault().await;
        self.world.stop().await;
    }

    async fn walks_the_table(&self) {
        for (route, path, who, status, is) in TABLE {
            let method = route.split(' ').next().unwrap();
            let what = format!("{method} {path} as {who:?}");
            let page = self.asks(*who, method, path, &[]).await;
            assert_eq!(page.status, *status, "{what}: {}", page.body);
            carries(&page, *is, self.secure, &what);
        }
        for row in ROUTES {
            let route = format!("{} {}", row.method, row.path);
            assert!(
                TABLE.iter().any(|known| known.0 == route),
                "{route} is not in the table"
            );
        }
    }

    /// What comes of no route, or of a route asked for as one cannot.
    async fn walks_beside_it(&self) {
        let long = format!("/{}", "a".repeat(9_000));
        let many = "b".repeat(17_000);
        let large = (self.world.at("/saml/corp/acs"), "x".repeat(1_600_000));
        for (method, path, headers, status, is) in [
            ("GET", "/nowhere", &[][..], 404, Is::Page),
            ("GET", "/api/nowhere", &[], 404, Data),
            ("GET", "/go/payments-prod/Admin/further", &[], 404, Is::Page),
            ("PUT", "/", &[], 405, Is::Page),
            ("DELETE", "/sign-out", &[], 405, Is::Page),
            ("HEAD", "/", &[], 405, Is::Page),
            ("OPTIONS", "/go/payments-prod/Admin", &[], 405, Is::Page),
            ("POST", "/api/v1/me", &[], 405, Data),
            ("GET", &*long, &[], 414, Is::Page),
            ("GET", "/", &[("x-many", &*many)], 431, Is::Page),
            (
                "GET",
                "/go/payments-prod/Admin",
                &[("sec-purpose", "prefetch")],
                403,
                Is::Page,
            ),
            (
                "GET",
                "/go/payments-prod/Admin?hours=99",
                &[],
                400,
                Is::Page,
            ),
        ] {
            let what = format!("{method} {}", path.chars().take(40).collect::<String>());
            let page = self.asks(Person, method, path, headers).await;
            assert_eq!(page.status, status, "{what}");
            carries(&page, is, self.secure, &what);
        }
        let url = Url::parse(&large.0).unwrap();
        let body = [("SAMLResponse".to_owned(), large.1)];
        let page = self.nobody.once(Method::POST, &url, Some(&body), &[]).await;
        assert_eq!(page.status, 413);
        carries(&page, Is::Page, self.secure, "too large");
    }

    async fn walks_the_files(&self) {
        let portal = self.asks(Person, "GET", "/", &[]).await;
        let file = regex::Regex::new(r#""(/static/[^"]+)""#).unwrap();
        let mut found = 0;
        for path in file.captures_iter(&portal.body) {
            let page = self.asks(Nobody, "GET", &path[1], &[]).await;
            assert_eq!(page.status, 200, "{}", &path[1]);
            carries(&page, File, self.secure, &path[1]);
            found += 1;
        }
        assert!(
            found >= 3,
            "the style, the script and the mark: {}",
            portal.body
        );
    }

    /// The operations listener speaks plain http to operators; what browsers are told is the public address's.
    async fn walks_the_operations(&self) {
        let known = ["GET /healthz", "GET /readyz", "GET /metrics"];
        for row in OPERATIONS {
            let route = format!("{} {}", row.method, row.path);
            assert!(known.contains(&&*route), "{route} is not in the table");
        }
        for (method, path, status) in [
            ("GET", "/healthz", 200),
            ("GET", "/readyz", 200),
            ("GET", "/metrics", 200),
            ("GET", "/", 404),
            ("POST", "/metrics", 405),
        ] {
            let url = format!("{}{path}", self.world.app.operations_url());
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let page = self
                .nobody
                .once(method, &Url::parse(&url).unwrap(), None, &[])
                .await;
            assert_eq!(page.status, status, "{path}");
            carries(&page, Data, self.secure, path);
        }
    }

    /// A session whose row says nothing: a fault of ours.
    async fn meets_a_fault(&self) {
        sqlx::any::install_default_drivers();
        let database = format!(
            "sqlite:{}",
            self.world.folder.join("vestibule.db").display()
        );
        let pool = sqlx::AnyPool::connect(&database).await.unwrap();
        let spoilt = sqlx::query("UPDATE sessions SET identity = 'x'")
            .execute(&pool)
            .await;
        assert!(spoilt.unwrap().rows_affected() > 0);
        pool.close().await;
        for (path, is) in [("/", Is::Page), ("/api/v1/me", Data)] {
            let page = self.asks(Person, "GET", path, &[]).await;
            assert_eq!(page.status, 500, "{path}: {}", page.body);
            carries(&page, is, self.secure, "a fault");
        }
    }
}

#[tokio::test]
async fn b29_every_answer_on_plain_http_carries_its_headers_and_no_promise_of_https() {
    let world = World::builder().issuing_keys().start().await;
    Visit::to(world).await.walks().await;
}

#[tokio::test]
async fn b29_every_answer_on_https_carries_its_headers_and_the_promise_of_https() {
    Visit::to(World::builder().issuing_keys().https().start().await)
        .await
        .walks()
        .await;
}
