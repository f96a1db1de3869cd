//! An OpenID Connect provider made of a fixture: discovery, keys, token endpoint and userinfo over a loopback socket.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom as SigningRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use url::Url;
use vestibule::clock::{Clock as _, SystemClock};
use vestibule::config::IdpKind;
use vestibule::domain::requires::Requires;
use vestibule::idp::Verified;
use vestibule::idp::oidc::{Callback, RelyingParty};
use vestibule::random::SystemRandom;

use super::page::{block, provider};

const ACCESS_TOKEN: &str = "an-access-token";
const KID: &str = "key-1";

/// Signs in at a provider that issues what the fixture says; the page's issuer is replaced by the provider's own.
pub(super) async fn sign_in_by_oidc(walkthrough: &str, shape: &str) -> Verified {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let page = block(walkthrough, "configuration");
    let issuer = issuer_at(&page, &format!("http://{address}"));
    let entry: String = page
        .lines()
        .map(|line| {
            if line.trim().starts_with("issuer = ") {
                format!("issuer = \"{issuer}\"\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    let idp = provider(&format!("{walkthrough}-{shape}"), &entry, "");
    let IdpKind::Oidc(config) = &idp.kind else {
        panic!("{shape}: not OpenID Connect");
    };
    let us =
        RelyingParty::new(&idp, Arc::new(SystemClock)).expect("a configuration that can be used");
    let challenge = us.challenge(&SystemRandom);
    let (tell, told) = oneshot::channel();
    let issued = Issued {
        fixture: fixture(shape),
        key: KeyPair::generate(KeySize::Rsa2048).expect("a key"),
        issuer,
        client: config.client_id.clone(),
    };
    let serving = tokio::spawn(issued.serve_all(listener, told));
    let departure = us
        .depart(&challenge, "the-state", &Requires::default())
        .await
        .expect("a departure");
    let nonce = parameter(&departure, "nonce");
    assert_eq!(
        parameter(&departure, "redirect_uri"),
        config.redirect_uri.as_str()
    );
    for scope in &config.scopes {
        assert!(
            parameter(&departure, "scope")
                .split(' ')
                .any(|asked| asked == scope),
            "{scope}"
        );
    }
    tell.send(nonce).expect("the provider listens");
    let (_, callback) = Callback::parse("code=a-code&state=the-state").expect("a callback");
    let verified = us.verify(callback, &challenge).await;
    serving.abort();
    verified
        .unwrap_or_else(|error| panic!("{shape}: {error}: {:?}", std::error::Error::source(&error)))
}

/// What the provider issues, and to whom.
struct Issued {
    fixture: Value,
    key: KeyPair,
    issuer: String,
    client: String,
}

impl Issued {
    /// Answers what is asked; the nonce of the authorization request comes by `told`, before the token request.
    async fn serve_all(self, listener: TcpListener, told: oneshot::Receiver<String>) {
        let mut pages = discovery(&self.issuer, &self.key);
        let mut told = Some(told);
        while let Ok((mut stream, _)) = listener.accept().await {
            let Some(path) = requested(&mut stream).await else {
                continue;
            };
            if path.ends_with("/token")
                && let Some(told) = told.take()
            {
                let nonce = told.await.expect("a nonce");
                pages.extend(answers(&self, &nonce));
            }
            answer(&mut stream, pages.get(&path)).await;
        }
    }
}

/// The page's issuer with its host replaced; its path stays.
fn issuer_at(page: &str, origin: &str) -> String {
    let line = page
        .lines()
        .find_map(|line| line.trim().strip_prefix("issuer = "));
    let written = line.expect("an issuer").trim_matches('"');
    let path = Url::parse(written).expect("a URL").path().to_owned();
    format!("{origin}{}", path.trim_end_matches('/'))
}

fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.unwrap_or_else(|| panic!("no {name}")).1.into_owned()
}

type Pages = HashMap<String, Value>;

fn path_of(url: &str) -> String {
    Url::parse(url).expect("a URL").path().to_owned()
}

fn discovery(issuer: &str, key: &KeyPair) -> Pages {
    let of = |page: &str| format!("{issuer}/{page}");
    let public = key.public_key();
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": of("authorize"),
        "token_endpoint": of("token"),
        "userinfo_endpoint": of("userinfo"),
        "jwks_uri": of("keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    });
    let keys = json!({"keys": [{
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KID,
        "n": base64(public.modulus().big_endian_without_leading_zero()),
        "e": base64(public.exponent().big_endian_without_leading_zero()),
    }]});
    HashMap::from([
        (path_of(&of(".well-known/openid-configuration")), document),
        (path_of(&of("keys")), keys),
    ])
}

/// The token endpoint's answer, and userinfo's.
fn answers(issued: &Issued, nonce: &str) -> Pages {
    let Issued {
        fixture,
        key,
        issuer,
        client,
    } = issued;
    let now = SystemClock.now().timestamp();
    let half = digest::digest(&digest::SHA256, ACCESS_TOKEN.as_bytes());
    let fill = |part: &Value| {
        let text = part
            .to_string()
            .replace("\"__NOW__\"", &now.to_string())
            .replace("\"__EXP__\"", &(now + 3600).to_string())
            .replace("__ISSUER__", issuer)
            .replace("__CLIENT__", client)
            .replace("__KID__", KID)
            .replace("__AT_HASH__", &base64(&half.as_ref()[..16]));
        let slots = text.matches("__").count() - 2 * text.matches("__NONCE__").count();
        assert_eq!(slots, 0, "not all is filled in: {text}");
        // last: a random text may look like a slot
        text.replace("__NONCE__", nonce)
    };
    let message = format!(
        "{}.{}",
        base64(fill(&fixture["header"]).as_bytes()),
        base64(fill(&fixture["id_token"]).as_bytes())
    );
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SigningRandom::new(),
        message.as_bytes(),
        &mut signature,
    )
    .expect("a signature");
    let tokens = json!({
        "id_token": format!("{message}.{}", base64(&signature)),
        "access_token": ACCESS_TOKEN,
        "token_type": "Bearer",
        "expires_in": 3600,
    });
    HashMap::from([
        (path_of(&format!("{issuer}/token")), tokens),
        (
            path_of(&format!("{issuer}/userinfo")),
            fixture["userinfo"].clone(),
        ),
    ])
}

/// The path of a request, once all of it is there.
async fn requested(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream
            .read(&mut chunk)
            .await
            .ok()
            .filter(|read| *read > 0)?;
        request.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&request);
        if let Some(head) = text.find("\r\n\r\n")
            && text.len() >= head + 4 + length(&text[..head])
        {
            return text.split(' ').nth(1).map(str::to_owned);
        }
    }
}

async fn answer(stream: &mut TcpStream, page: Option<&Value>) {
    let (status, body) = match page {
        Some(page) => ("200 OK", page.to_string()),
        None => ("404 Not Found", String::new()),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // whoever has gone away needs no answer
    let _ = stream.write_all(answer.as_bytes()).await;
}

fn length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .unwrap_or(0)
}

fn fixture(shape: &str) -> Value {
    let path = format!(
        "{}/tests/fixtures/shapes/{shape}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
