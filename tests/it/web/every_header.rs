//! B29: the table of routes × the headers that each answer carries, and every answer that comes of no route.
//!
//! What is expected stands here a second time, route by route; a route that this table does not know fails the walk.

use reqwest::Method;
use url::Url;
use vestibule::web::{OPERATIONS, ROUTES};

use crate::world::browser::{Browser, Page};
use crate::world::{SAML, World};

use super::kinds::{Is, carries};
use Is::{Data, File, Lists, Portal, Public, Redirect};

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

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("GET /", "/", Nobody, 200, Is::Page),
    ("GET /", "/", Person, 200, Portal),
    ("GET /", "/?idp=corp", Nobody, 303, Redirect),
    ("GET /", "/?q=a&q=b", Person, 400, Is::Page),
    ("GET /go/{account}/{role}", "/go/payments-prod/Admin", Nobody, 200, Is::Page),
    ("GET /go/{account}/{role}", "/go/payments-prod/Admin?idp=okta", Nobody, 303, Redirect),
    ("GET /go/{account}/{role}", "/go/payments-prod/Admin", Person, 303, Redirect),
    ("GET /go/{account}/{role}", "/go/payments-prod/Nothing", Person, 403, Is::Page),
    ("GET /go/{account}/{role}", "/go/payments-prod/Admin?destination=https://evil.example", Person, 400, Is::Page),
    ("POST /go/{account}/{role}", "/go/payments-prod/Admin", Person, 403, Is::Page),
    ("GET /go", "/go?account_id=payments-prod&choose=yes", Person, 200, Is::Page),
    ("GET /go", "/go?account_id=nowhere", Person, 403, Is::Page),
    ("GET /go/{account}", "/go/payments-prod?choose=yes", Person, 200, Is::Page),
    ("GET /go/{account}", "/go/payments-prod", Person, 303, Redirect),
    ("GET /go/{account}", "/go/payments-dev", Person, 303, Redirect),
    ("GET /go/{account}", "/go/nowhere", Person, 403, Is::Page),
    ("GET /open", "/open?url=111122223333", Nobody, 200, Is::Page),
    ("GET /open", "/open?url=111122223333", Person, 200, Lists),
    ("GET /open", "/open?url=444455556666", Person, 303, Redirect),
    ("GET /open", "/open?url=https://evil.example/", Person, 400, Is::Page),
    ("GET /", "/?q=111122223333", Person, 303, Redirect),
    ("GET /roles/{account}/{role}", "/roles/payments-prod/Admin", Nobody, 200, Is::Page),
    ("GET /roles/{account}/{role}", "/roles/payments-prod/Admin", Person, 200, Lists),
    ("GET /roles/{account}/{role}", "/roles/payments-prod/Nothing", Person, 403, Is::Page),
    ("POST /roles/{account}/{role}", "/roles/payments-prod/Admin", Person, 403, Is::Page),
    ("GET /role/{text:.+}", "/role/prod%20Admin", Person, 200, Portal),
    ("GET /role/{text:.+}", "/role/Developer", Person, 303, Redirect),
    ("GET /keys/{account}/{role}", "/keys/payments-prod/Admin", Nobody, 200, Is::Page),
    ("GET /keys/{account}/{role}", "/keys/payments-prod/Admin?idp=okta", Nobody, 303, Redirect),
    ("GET /keys/{account}/{role}", "/keys/payments-prod/Admin", Person, 200, Lists),
    ("GET /keys/{account}/{role}", "/keys/payments-prod/Nothing", Person, 403, Is::Page),
    ("GET /keys/{account}/{role}", "/keys/payments-prod/Admin?hours=99", Person, 400, Is::Page),
    ("POST /keys/{account}/{role}", "/keys/payments-prod/Admin", Person, 403, Is::Page),
    ("GET /roles/{account}/{role}/why", "/roles/payments-prod/Admin/why", Nobody, 200, Is::Page),
    ("GET /roles/{account}/{role}/why", "/roles/payments-prod/Admin/why?idp=okta", Nobody, 303, Redirect),
    ("GET /roles/{account}/{role}/why", "/roles/payments-prod/Admin/why", Person, 200, Is::Page),
    ("GET /roles/{account}/{role}/why", "/roles/payments-prod/Nothing/why", Person, 403, Is::Page),
    ("GET /roles/{account}/{role}/why", "/roles/payments-prod/a%20b/why", Person, 400, Is::Page),
    ("GET /sign-in", "/sign-in", Nobody, 200, Is::Page),
    ("GET /sign-in/{idp}", "/sign-in/corp", Nobody, 303, Redirect),
    ("GET /sign-in/{idp}", "/sign-in/okta", Nobody, 303, Redirect),
    ("GET /sign-in/{idp}", "/sign-in/nobody", Nobody, 404, Is::Page),
    ("POST /sign-out", "/sign-out", Person, 403, Is::Page),
    ("POST /saml/{idp}/acs", "/saml/corp/acs", Nobody, 400, Is::Page),
    ("GET /saml/{idp}/metadata", "/saml/corp/metadata", Nobody, 200, Data),
    ("GET /saml/{idp}/metadata", "/saml/nobody/metadata", Nobody, 404, Is::Page),
    ("GET /oidc/{idp}/callback", "/oidc/okta/callback?code=x&state=y", Nobody, 400, Is::Page),
    ("GET /issuer/saml/metadata", "/issuer/saml/metadata", Nobody, 200, Public),
    ("GET /.well-known/openid-configuration", "/.well-known/openid-configuration", Nobody, 200, Public),
    ("POST /favourites", "/favourites", Person, 403, Is::Page),
    ("GET /settings", "/settings", Person, 200, Is::Page),
    ("GET /settings", "/settings?idp=corp&idp=okta", Person, 400, Is::Page),
    ("POST /settings", "/settings", Person, 403, Is::Page),
    ("GET /sessions", "/sessions", Nobody, 200, Is::Page),
    ("GET /sessions", "/sessions", Person, 200, Lists),
    ("POST /sessions", "/sessions", Person, 403, Is::Page),
    ("GET /issuer/oidc/jwks", "/issuer/oidc/jwks", Nobody, 200, Public),
    ("GET /admin/issuer", "/admin/issuer", Administrator, 200, Is::Page),
    ("GET /admin/issuer", "/admin/issuer", Person, 403, Is::Page),
    ("GET /admin/trust", "/admin/trust", Administrator, 200, Lists),
    ("GET /admin/trust", "/admin/trust", Person, 403, Is::Page),
    ("GET /admin/trust", "/admin/trust?account=a&account=b", Administrator, 400, Is::Page),
    ("GET /admin/why", "/admin/why?role=payments-prod/Admin", Administrator, 303, Redirect),
    ("GET /admin/simulate", "/admin/simulate?role=payments-prod/Admin", Administrator, 200, Is::Page),
    ("GET /admin/simulate", "/admin/simulate", Person, 403, Is::Page),
    ("GET /admin/simulate", "/admin/simulate?model=a&model=b", Administrator, 400, Is::Page),
    ("GET /admin/why", "/admin/why", Person, 403, Is::Page),
    ("GET /admin/why", "/admin/why?role=a&role=b", Administrator, 400, Is::Page),
    ("GET /admin/revoke", "/admin/revoke?role=payments-prod/Admin", Administrator, 200, Is::Page),
    ("GET /admin/revoke", "/admin/revoke", Person, 403, Is::Page),
    ("GET /admin/revoke", "/admin/revoke?role=a&role=b", Administrator, 400, Is::Page),
    ("POST /admin/revoke", "/admin/revoke", Administrator, 403, Is::Page),
    ("POST /admin/revoke", "/admin/revoke", Person, 403, Is::Page),
    ("POST /admin/simulate", "/admin/simulate", Administrator, 403, Is::Page),
    ("POST /admin/simulate", "/admin/simulate", Person, 403, Is::Page),
    ("GET /admin/record", "/admin/record?person=ada", Administrator, 200, Is::Page),
    ("GET /admin/record", "/admin/record?kind=nothing", Administrator, 400, Is::Page),
    ("GET /admin/record", "/admin/record", Person, 403, Is::Page),
    ("GET /admin/record", "/admin/record?before=x", Administrator, 404, Is::Page),
    ("GET /admin/record/export", "/admin/record/export?format=csv", Administrator, 200, Data),
    ("GET /admin/record/export", "/admin/record/export?format=csv", Person, 403, Is::Page),
    ("GET /admin/record/export", "/admin/record/export?format=xml", Administrator, 404, Is::Page),
    ("GET /admin/record/person", "/admin/record/person?idp=corp&subject=ada", Administrator, 200, Is::Page),
    ("GET /admin/record/person", "/admin/record/person?idp=corp&subject=ada", Person, 403, Is::Page),
    ("GET /admin/record/role", "/admin/record/role?role=payments-prod/Admin", Administrator, 200, Is::Page),
    ("GET /admin/record/role", "/admin/record/role?role=payments-prod/Admin", Person, 403, Is::Page),
    ("GET /admin/access", "/admin/access", Administrator, 200, Lists),
    ("GET /admin/access", "/admin/access", Person, 403, Is::Page),
    ("GET /admin/access/document", "/admin/access/document", Administrator, 303, Redirect),
    ("GET /admin/access/document", "/admin/access/document", Person, 403, Is::Page),
    ("GET /admin/access/compare", "/admin/access/compare?from=1&to=1", Administrator, 200, Is::Page),
    ("GET /admin/access/compare", "/admin/access/compare?from=1&to=1", Person, 403, Is::Page),
    ("GET /admin/access/compare", "/admin/access/compare", Administrator, 404, Is::Page),
    ("GET /admin/drafts", "/admin/drafts", Administrator, 200, Is::Page),
    ("GET /admin/drafts", "/admin/drafts", Person, 403, Is::Page),
    ("POST /admin/drafts", "/admin/drafts", Administrator, 403, Is::Page),
    ("GET /admin/drafts/{id}", "/admin/drafts/0102030405060708", Administrator, 404, Is::Page),
    ("POST /admin/drafts/{id}", "/admin/drafts/0102030405060708", Administrator, 403, Is::Page),
    ("GET /admin/drafts/{id}/entries/{section}", "/admin/drafts/0102030405060708/entries/rules", Administrator, 404, Is::Page),
    ("GET /admin/drafts/{id}/entries/{section}/edit", "/admin/drafts/0102030405060708/entries/rules/edit", Administrator, 404, Is::Page),
    ("POST /admin/drafts/{id}/entries/{section}/edit", "/admin/drafts/0102030405060708/entries/rules/edit", Administrator, 403, Is::Page),
    ("POST /admin/drafts/{id}/discard", "/admin/drafts/0102030405060708/discard", Administrator, 403, Is::Page),
    ("GET /admin/drafts/{id}/review", "/admin/drafts/0102030405060708/review", Administrator, 404, Is::Page),
    ("POST /admin/drafts/{id}/rebase", "/admin/drafts/0102030405060708/rebase", Administrator, 403, Is::Page),
    ("POST /admin/drafts/{id}/publish", "/admin/drafts/0102030405060708/publish", Administrator, 403, Is::Page),
    ("POST /admin/access/probe", "/admin/access/probe", Administrator, 403, Is::Page),
    ("POST /admin/access/probe", "/admin/access/probe", Person, 403, Is::Page),
    ("GET /admin/access/revisions", "/admin/access/revisions", Administrator, 200, Is::Page),
    ("GET /admin/access/revisions/{number}", "/admin/access/revisions/1", Administrator, 200, Is::Page),
    ("GET /admin/access/revisions/{number}", "/admin/access/revisions/9", Administrator, 404, Is::Page),
    ("POST /admin/access/revisions/{number}/restore", "/admin/access/revisions/1/restore", Administrator, 403, Is::Page),
    ("GET /admin/people", "/admin/people?q=e", Administrator, 200, Is::Page),
    ("GET /admin/people", "/admin/people?q=a&q=b", Administrator, 400, Is::Page),
    ("GET /admin/people", "/admin/people", Person, 403, Is::Page),
    ("POST /admin/people", "/admin/people", Administrator, 403, Is::Page),
    ("POST /admin/people", "/admin/people", Person, 403, Is::Page),
    ("GET /admin/people/{person}", "/admin/people/nobody", Administrator, 404, Is::Page),
    ("GET /admin/people/{person}", "/admin/people/nobody", Person, 403, Is::Page),
    ("POST /admin/people/{person}", "/admin/people/nobody", Administrator, 403, Is::Page),
    ("POST /admin/people/{person}", "/admin/people/nobody", Person, 403, Is::Page),
    ("GET /admin/stops", "/admin/stops", Administrator, 200, Is::Page),
    ("GET /admin/stops", "/admin/stops", Person, 403, Is::Page),
    ("POST /admin/stops", "/admin/stops", Administrator, 403, Is::Page),
    ("POST /admin/stops", "/admin/stops", Person, 403, Is::Page),
    ("GET /api/v1/me", "/api/v1/me", Nobody, 401, Data),
    ("GET /api/v1/me", "/api/v1/me", Person, 200, Data),
    ("GET /tokens", "/tokens", Person, 200, Is::Page),
    ("GET /tokens", "/tokens?idp=okta", Nobody, 303, Redirect),
    ("POST /tokens", "/tokens", Person, 403, Is::Page),
    ("POST /tokens/revoke", "/tokens/revoke", Person, 403, Is::Page),
    ("GET /admin/tokens", "/admin/tokens", Administrator, 200, Is::Page),
    ("GET /admin/tokens", "/admin/tokens?after=x", Administrator, 404, Is::Page),
    ("GET /admin/tokens", "/admin/tokens", Person, 403, Is::Page),
    ("POST /admin/tokens/revoke", "/admin/tokens/revoke", Administrator, 403, Is::Page),
    ("GET /api/v1/openapi.json", "/api/v1/openapi.json", Nobody, 200, Public),
    ("GET /api/v1/roles", "/api/v1/roles", Nobody, 401, Data),
    ("GET /api/v1/roles", "/api/v1/roles", Person, 200, Data),
    ("GET /api/v1/roles/{account}/{role}/why", "/api/v1/roles/payments-prod/Admin/why", Person, 200, Data),
    ("POST /api/v1/keys", "/api/v1/keys", Person, 401, Data),
    ("GET /api/v1/tokens", "/api/v1/tokens", Person, 200, Data),
    ("POST /api/v1/tokens", "/api/v1/tokens", Person, 401, Data),
    ("DELETE /api/v1/tokens", "/api/v1/tokens", Person, 401, Data),
    ("DELETE /api/v1/tokens/{id}", "/api/v1/tokens/0123456789abcdef", Person, 401, Data),
    ("GET /api/v1/admin/tokens", "/api/v1/admin/tokens", Administrator, 200, Data),
    ("GET /api/v1/admin/tokens", "/api/v1/admin/tokens", Person, 403, Data),
    ("DELETE /api/v1/admin/tokens/{id}", "/api/v1/admin/tokens/0123456789abcdef", Administrator, 401, Data),
    ("GET /api/v1/access/rules", "/api/v1/access/rules", Administrator, 200, Data),
    ("GET /api/v1/access/roles", "/api/v1/access/roles", Administrator, 200, Data),
    ("GET /api/v1/access/accounts", "/api/v1/access/accounts", Administrator, 200, Data),
    ("GET /api/v1/access/document", "/api/v1/access/document", Administrator, 200, Data),
    ("POST /api/v1/access/check", "/api/v1/access/check", Administrator, 401, Data),
    ("POST /api/v1/access/publish", "/api/v1/access/publish", Administrator, 401, Data),
    ("GET /api/v1/access/compare", "/api/v1/access/compare?from=0&to=1", Administrator, 200, Data),
    ("GET /api/v1/access/revisions", "/api/v1/access/revisions", Administrator, 200, Data),
    ("GET /api/v1/access/revisions/{number}", "/api/v1/access/revisions/1", Administrator, 200, Data),
    ("GET /api/v1/access/revisions/{number}", "/api/v1/access/revisions/9", Administrator, 404, Data),
    ("POST /api/v1/access/revisions/{number}/restore", "/api/v1/access/revisions/1/restore", Administrator, 401, Data),
    ("POST /api/v1/access/why", "/api/v1/access/why", Administrator, 401, Data),
    ("POST /api/v1/access/probe", "/api/v1/access/probe", Administrator, 401, Data),
    ("GET /api/v1/issuer", "/api/v1/issuer", Administrator, 200, Data),
    ("GET /api/v1/record", "/api/v1/record", Administrator, 200, Data),
    ("GET /api/v1/record", "/api/v1/record", Person, 403, Data),
    ("GET /api/v1/record", "/api/v1/record?before=x", Administrator, 400, Data),
    ("GET /api/v1/record/export", "/api/v1/record/export?format=csv", Administrator, 200, Data),
    ("GET /api/v1/record/export", "/api/v1/record/export?format=csv", Person, 403, Data),
    ("GET /api/v1/record/person", "/api/v1/record/person?idp=corp&subject=ada", Administrator, 200, Data),
    ("GET /api/v1/record/role", "/api/v1/record/role?role=payments-prod/Admin", Administrator, 200, Data),
    ("GET /api/v1/record/who", "/api/v1/record/who?trace=ada", Administrator, 200, Data),
    ("GET /api/v1/sessions", "/api/v1/sessions", Person, 200, Data),
    ("DELETE /api/v1/sessions", "/api/v1/sessions", Person, 401, Data),
    ("DELETE /api/v1/sessions/{handle}", "/api/v1/sessions/x", Person, 401, Data),
    ("GET /api/v1/people", "/api/v1/people?q=e", Administrator, 200, Data),
    ("GET /api/v1/people/{person}", "/api/v1/people/nobody", Administrator, 404, Data),
    ("DELETE /api/v1/people/{person}/sessions", "/api/v1/people/nobody/sessions", Administrator, 401, Data),
    ("DELETE /api/v1/people/{person}/sessions/{handle}", "/api/v1/people/nobody/sessions/x", Administrator, 401, Data),
    ("POST /api/v1/people/block", "/api/v1/people/block", Administrator, 401, Data),
    ("PUT /api/v1/people/{person}/block", "/api/v1/people/nobody/block", Administrator, 401, Data),
    ("DELETE /api/v1/people/{person}/block", "/api/v1/people/nobody/block", Administrator, 401, Data),
    ("GET /api/v1/stops", "/api/v1/stops", Administrator, 200, Data),
    ("PUT /api/v1/accounts/{account}/suspension", "/api/v1/accounts/payments-prod/suspension", Administrator, 401, Data),
    ("DELETE /api/v1/accounts/{account}/suspension", "/api/v1/accounts/payments-prod/suspension", Administrator, 401, Data),
    ("PUT /api/v1/roles/{account}/{role}/suspension", "/api/v1/roles/payments-prod/Admin/suspension", Administrator, 401, Data),
    ("DELETE /api/v1/roles/{account}/{role}/suspension", "/api/v1/roles/payments-prod/Admin/suspension", Administrator, 401, Data),
    ("GET /api/v1/drafts", "/api/v1/drafts", Administrator, 200, Data),
    ("POST /api/v1/drafts", "/api/v1/drafts", Administrator, 401, Data),
    ("GET /api/v1/drafts/{id}", "/api/v1/drafts/0123456789abcdef", Administrator, 404, Data),
    ("PUT /api/v1/drafts/{id}", "/api/v1/drafts/0123456789abcdef", Administrator, 401, Data),
    ("DELETE /api/v1/drafts/{id}", "/api/v1/drafts/0123456789abcdef", Administrator, 401, Data),
    ("GET /api/v1/drafts/{id}/review", "/api/v1/drafts/0123456789abcdef/review", Administrator, 404, Data),
    ("POST /api/v1/drafts/{id}/rebase", "/api/v1/drafts/0123456789abcdef/rebase", Administrator, 401, Data),
    ("POST /api/v1/drafts/{id}/publish", "/api/v1/drafts/0123456789abcdef/publish", Administrator, 401, Data),
    ("GET /api/v1/drafts/{id}/entries/{section}", "/api/v1/drafts/0123456789abcdef/entries/rules", Administrator, 404, Data),
    ("POST /api/v1/drafts/{id}/entries/{section}", "/api/v1/drafts/0123456789abcdef/entries/rules", Administrator, 401, Data),
    ("GET /api/v1/drafts/{id}/entries/{section}/entry", "/api/v1/drafts/0123456789abcdef/entries/rules/entry?name=a", Administrator, 404, Data),
    ("PUT /api/v1/drafts/{id}/entries/{section}/entry", "/api/v1/drafts/0123456789abcdef/entries/rules/entry?name=a", Administrator, 401, Data),
    ("DELETE /api/v1/drafts/{id}/entries/{section}/entry", "/api/v1/drafts/0123456789abcdef/entries/rules/entry?name=a", Administrator, 401, Data),
    ("POST /api/v1/simulate", "/api/v1/simulate", Administrator, 401, Data),
    ("GET /api/v1/revocations", "/api/v1/revocations", Administrator, 200, Data),
    ("GET /api/v1/revocations", "/api/v1/revocations", Person, 403, Data),
    ("POST /api/v1/revocations", "/api/v1/revocations", Administrator, 401, Data),
    ("POST /api/v1/revocations/plan", "/api/v1/revocations/plan", Administrator, 401, Data),
    ("POST /api/v1/revocations/people", "/api/v1/revocations/people", Administrator, 401, Data),
    ("GET /static/{file}", "/static/nothing.css", Nobody, 404, Is::Page),
];

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
