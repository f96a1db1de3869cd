//! Signature Version 4 as a client makes it, written for these tests.

use aws_lc_rs::{digest, hmac};
use chrono::{DateTime, Utc};

/// Credentials as a client holds them.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

impl Keys {
    pub(crate) fn long_term(id: &str, secret: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
            token: None,
        }
    }
}

/// What is signed; tests change parts of it to make wrong signatures.
#[derive(Clone, Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a str,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) body: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) time: DateTime<Utc>,
}

impl Signed<'_> {
    /// The headers that carry the signature.
    pub(crate) fn headers(&self, keys: &Keys) -> Vec<(&'static str, String)> {
        let stamp = self.time.format("%Y%m%dT%H%M%SZ").to_string();
        let day = self.time.format("%Y%m%d").to_string();
        let mut signed = vec![
            ("host", self.host.to_owned()),
            ("x-amz-date", stamp.clone()),
        ];
        if let Some(token) = &keys.token {
            signed.push(("x-amz-security-token", token.clone()));
        }
        let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let mut lines = String::new();
        for (name, value) in &signed {
            lines.extend([name, ":", value, "\n"]);
        }
        let canonical = format!(
            "{}\n{}\n{}\n{lines}\n{names}\n{}",
            self.method,
            self.path,
            self.query,
            hex(digest::digest(&digest::SHA256, self.body.as_bytes()).as_ref()),
        );
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let hashed = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
        let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}");
        let mut key = format!("AWS4{}", keys.secret).into_bytes();
        for part in [day.as_str(), self.region, self.service, "aws4_request"] {
            key = mac(&key, part);
        }
        let signature = hex(&mac(&key, &to_sign));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            keys.id
        );
        signed.push(("authorization", authorization));
        signed.retain(|(name, _)| *name != "host");
        signed
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}
