//! An OpenID Connect provider that does whatever a test wants, over a plain socket.
//!
//! It answers every path with the page a test put there and keeps every request it saw.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What a path answers with.
#[derive(Clone)]
pub(super) enum Page {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// A body that never ends.
    Endless,
    /// Not a byte.
    Silent,
    /// The head of an answer, and then nothing.
    Stalled,
    /// The connection closes without an answer.
    Broken,
}

impl Page {
    pub(super) fn json(value: &Value) -> Self {
        Self::typed(200, "application/json", value.to_string())
    }

    pub(super) fn typed(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body: body.into(),
        }
    }

    pub(super) fn redirect(to: &str) -> Self {
        Self::Answer {
            status: 302,
            headers: vec![("location", to.to_owned())],
            body: Vec::new(),
        }
    }
}

/// What a provider shows over https.
pub(super) struct Tls {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: Vec<u8>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) head: String,
    pub(super) body: String,
}

#[derive(Default)]
struct Shared {
    pages: Mutex<HashMap<String, Page>>,
    seen: Mutex<Vec<Seen>>,
}

pub(super) struct FakeProvider {
    pub(super) url: String,
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

impl FakeProvider {
    /// Listens on plain http, and publishes a discovery document.
    pub(super) async fn start() -> Self {
        Self::listen(None).await
    }

    /// Listens on https.
    pub(super) async fn start_tls(tls: &Tls) -> Self {
        let key = PrivateKeyDer::try_from(tls.key.clone()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(tls.chain.clone(), key)
            .unwrap();
        Self::listen(Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn listen(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, tls) = (Arc::clone(&serving), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, shared).await,
                        // a client that does not believe us hangs up here
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, shared).await;
                            }
                        }
                    }
                });
            }
        });
        let provider = Self {
            url,
            shared,
            listening,
        };
        provider.put(
            "/.well-known/openid-configuration",
            Page::json(&provider.discovery()),
        );
        provider
    }

    /// An honest discovery document, to be changed.
    pub(super) fn discovery(&self) -> Value {
        json!({
            "issuer": self.url,
            "authorization_endpoint": format!("{}/auth", self.url),
            "token_endpoint": format!("{}/token", self.url),
            "userinfo_endpoint": format!("{}/userinfo", self.url),
            "jwks_uri": format!("{}/jwks", self.url),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "none"],
        })
    }

    pub(super) fn put(&self, path: &str, page: Page) {
        self.shared
            .pages
            .lock()
            .unwrap()
            .insert(path.to_owned(), page);
    }

    /// The discovery document with one member changed (or, with null, removed).
    pub(super) fn discover_with(&self, member: &str, value: Value) {
        let mut document = self.discovery();
        if value.is_null() {
            document.as_object_mut().unwrap().remove(member);
        } else {
            document[member] = value;
        }
        self.put("/.well-known/openid-configuration", Page::json(&document));
    }

    pub(super) fn publish(&self, keys: &[Value]) {
        self.put("/jwks", Page::json(&json!({ "keys": keys })));
    }

    pub(super) fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.shared.seen.lock().unwrap();
        seen.iter()
            .filter(|seen| seen.path == path)
            .cloned()
            .collect()
    }

    /// Requests to whatever path.
    pub(super) fn all_seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    pub(super) fn total(&self) -> usize {
        self.shared.seen.lock().unwrap().len()
    }

    pub(super) fn count(&self, path: &str) -> usize {
        self.seen(path).len()
    }
}

impl Drop for FakeProvider {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let Some(seen) = read(&mut stream).await else {
        return;
    };
    let page = shared.pages.lock().unwrap().get(&seen.path).cloned();
    shared.seen.lock().unwrap().push(seen);
    match page.unwrap_or(Page::typed(404, "text/plain", "no such page")) {
        Page::Answer {
            status,
            headers,
            body,
        } => {
            let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                let _ = write!(head, "{name}: {value}\r\n");
            }
            head.push_str("connection: close\r\n\r\n");
            // a client that has seen enough hangs up
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
        }
        Page::Endless => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"keys\":[";
            let mut sent = stream.write_all(head.as_bytes()).await;
            while sent.is_ok() {
                sent = stream.write_all(&[b' '; 4096]).await;
            }
        }
        Page::Silent => wait_for_end(&mut stream).await,
        Page::Stalled => {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{";
            let _ = stream.write_all(head.as_bytes()).await;
            wait_for_end(&mut stream).await;
        }
        Page::Broken => {}
    }
}

async fn wait_for_end(stream: &mut (impl AsyncRead + Unpin)) {
    let _ = stream.read(&mut [0; 1]).await;
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse::<usize>().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let target = head.split_whitespace().nth(1)?;
    Some(Seen {
        path: target.split('?').next()?.to_owned(),
        body: String::from_utf8(bytes[end..].to_vec()).ok()?,
        head,
    })
}
