//! With a certificate that Vestibule was not told to believe, nothing at all is said to AWS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use vestibule_sandbox::tls::{Authority, Identity};

use crate::world::World;
use crate::world::browser::Page;

const ADMIN: &str = "/go/payments-prod/Admin?idp=corp";

/// Every way to AWS: a signed call, both unsigned ones, and the call that needs a long-term key.
const ROLES: [(&str, &str); 4] = [
    ("Admin", "corp"),
    ("SamlReader", "corp"),
    ("WebReader", "okta"),
    ("Federated", "corp"),
];

/// Shows the right certificate so many times, then a stranger's for the same name; after so many of those, the right
/// one again.
#[derive(Debug)]
struct TurnsAway {
    right: Arc<CertifiedKey>,
    strangers: Arc<CertifiedKey>,
    left: AtomicUsize,
    most: AtomicUsize,
    shown: AtomicUsize,
}

impl TurnsAway {
    fn new(right: &Identity, strangers: &Identity) -> Arc<Self> {
        Arc::new(Self {
            right: certified(right),
            strangers: certified(strangers),
            left: AtomicUsize::new(usize::MAX),
            most: AtomicUsize::new(usize::MAX),
            shown: AtomicUsize::new(0),
        })
    }

    /// From now on the right one is shown `times` times more.
    fn after(&self, times: usize) {
        self.left.store(times, Ordering::SeqCst);
        self.shown.store(0, Ordering::SeqCst);
    }

    /// The stranger's is shown `times` times at most.
    fn at_most(&self, times: usize) {
        self.most.store(times, Ordering::SeqCst);
    }

    /// How often the stranger's was shown since.
    fn shown(&self) -> usize {
        self.shown.load(Ordering::SeqCst)
    }

    fn server(self: &Arc<Self>) -> ServerConfig {
        ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Self>::clone(self))
    }
}

impl ResolvesServerCert for TurnsAway {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let left = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        let enough = || self.shown() >= self.most.load(Ordering::SeqCst);
        Some(if left.is_ok() || enough() {
            Arc::clone(&self.right)
        } else {
            self.shown.fetch_add(1, Ordering::SeqCst);
            Arc::clone(&self.strangers)
        })
    }
}

fn certified(identity: &Identity) -> Arc<CertifiedKey> {
    let chain = CertificateDer::pem_slice_iter(identity.certificate_pem.as_bytes())
        .map(Result::unwrap)
        .collect();
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).unwrap();
    Arc::new(CertifiedKey::new(chain, any_supported_type(&key).unwrap()))
}

fn identities() -> (Authority, Arc<TurnsAway>) {
    let authority = Authority::new().unwrap();
    let stranger = Authority::new().unwrap();
    let name = ["127.0.0.1"];
    let certificates = TurnsAway::new(
        &authority.identity(&name).unwrap(),
        &stranger.identity(&name).unwrap(),
    );
    (authority, certificates)
}

/// The page does not say that nothing is wrong: somebody has to look.
fn is_distrusted(page: &Page) {
    assert_eq!(page.status, 502, "{}", page.body);
    let title = "AWS’s certificate is not trusted";
    assert!(page.body.contains(title), "{}", page.body);
    assert!(page.body.contains("aws.ca_file"), "{}", page.body);
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_was_named_is_believed() {
    let (authority, certificates) = identities();
    let world = World::builder()
        .aws_https(certificates.server(), &authority)
        .trusting_aws()
        .start()
        .await;
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    let answer = browser.opens_once(&world.at(ADMIN)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(world.aws_saw().len(), 2);
    world.stop().await;
}

#[tokio::test]
async fn with_a_wrong_certificate_not_one_byte_of_a_request_reaches_sts() {
    let (authority, certificates) = identities();
    let world = World::builder()
        .aws_https(certificates.server(), &authority)
        .trusting_aws()
        .start()
        .await;
    certificates.after(0);
    for (role, idp) in ROLES {
        let before = certificates.shown();
        world.aws_forgets();
        let browser = world.browser();
        let link = format!("/go/payments-prod/{role}?idp={idp}");
        let page = world.signs_in(&browser, &link, "erin").await;
        is_distrusted(&page);
        assert!(world.aws_saw().is_empty(), "{role}: {:?}", world.aws_saw());
        assert!(certificates.shown() > before, "{role}: nobody came");
    }
    world.stop().await;
}

#[tokio::test]
async fn with_a_wrong_certificate_not_one_byte_of_a_request_reaches_the_federation_endpoint() {
    let (authority, certificates) = identities();
    let world = World::builder()
        .aws_https(certificates.server(), &authority)
        .trusting_aws()
        .start()
        .await;
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    world.aws_forgets();
    // the first connection is for STS; the exchange has a client, and so a connection, of its own
    certificates.after(1);
    let page = browser.opens(&world.at(ADMIN)).await;
    is_distrusted(&page);
    let saw: Vec<_> = world
        .aws_saw()
        .iter()
        .map(|entry| entry.action.clone())
        .collect();
    assert_eq!(saw, [Some("AssumeRole".to_owned())]);
    assert_eq!(certificates.shown(), 2, "tried once more, and no more");
    world.stop().await;
}

#[tokio::test]
async fn an_authority_that_nobody_named_is_not_believed() {
    let (authority, certificates) = identities();
    let world = World::builder()
        .aws_https(certificates.server(), &authority)
        .start()
        .await;
    world.aws_forgets();
    let page = world.signs_in(&world.browser(), ADMIN, "erin").await;
    is_distrusted(&page);
    assert!(world.aws_saw().is_empty(), "{:?}", world.aws_saw());
    world.stop().await;
}

#[tokio::test]
async fn a_connection_to_the_federation_endpoint_that_fails_is_tried_once_more() {
    let (authority, certificates) = identities();
    let world = World::builder()
        .aws_https(certificates.server(), &authority)
        .trusting_aws()
        .start()
        .await;
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    world.aws_forgets();
    certificates.at_most(1);
    certificates.after(1);
    let page = browser.opens_once(&world.at(ADMIN)).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(certificates.shown(), 1);
    assert_eq!(world.aws_actions(), ["AssumeRole", "getSigninToken"]);
    world.stop().await;
}
