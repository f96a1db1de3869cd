//! Keys as texts to paste: for a POSIX shell, for `PowerShell`, for AWS's credentials file, and as what a
//! `credential_process` says.
//!
//! Each is quoted for its own syntax. The credentials file has no quoting at all, so it relies on what `aws` checked: no
//! part of any credentials has blanks or control characters in it.

use chrono::SecondsFormat;
use secrecy::ExposeSecret as _;
use serde::Serialize;

use crate::domain::account::Region;
use crate::domain::credentials::Credentials;
use crate::domain::role::RoleKey;

/// The same keys, four ways. They are secrets: this is for a page's body and for nothing else.
pub(super) struct KeyTexts {
    pub(super) sh: String,
    pub(super) powershell: String,
    pub(super) file: String,
    pub(super) json: String,
}

impl KeyTexts {
    /// `region` is set where it is known.
    pub(super) fn new(key: &RoleKey, credentials: &Credentials, region: Option<&Region>) -> Self {
        let expires = credentials
            .expires
            .to_rfc3339_opts(SecondsFormat::Secs, true);
        let secret = credentials.secret_access_key.expose_secret();
        let token = credentials.session_token.expose_secret();
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id.as_str()),
            ("AWS_SECRET_ACCESS_KEY", secret),
            ("AWS_SESSION_TOKEN", token),
            ("AWS_CREDENTIAL_EXPIRATION", &expires),
        ];
        if let Some(region) = region {
            // older tools read the one, newer ones the other
            variables.push(("AWS_REGION", region.as_str()));
            variables.push(("AWS_DEFAULT_REGION", region.as_str()));
        }
        let lines = |line: fn(&str, &str) -> String| {
            let lines: Vec<_> = variables.iter().map(|(k, v)| line(k, v)).collect();
            lines.join("\n")
        };
        Self {
            sh: lines(|name, value| format!("export {name}={}", sh(value))),
            powershell: lines(|name, value| format!("$Env:{name} = {}", powershell(value))),
            file: file(key, credentials, region),
            json: json(&Process {
                version: 1,
                access_key_id: &credentials.access_key_id,
                secret_access_key: secret,
                session_token: token,
                expiration: &expires,
            }),
        }
    }
}

/// A word of a POSIX shell: as it is where nothing in it means anything there, else in single quotes, in which only the
/// quote itself does.
fn sh(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b));
    if plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A verbatim string of `PowerShell`. Typographic single quotes end one, too, and are doubled likewise.
fn powershell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}

/// A section of AWS's credentials file.
fn file(key: &RoleKey, credentials: &Credentials, region: Option<&Region>) -> String {
    let mut text = format!(
        "[{}]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}",
        profile(key),
        credentials.access_key_id,
        credentials.secret_access_key.expose_secret(),
        credentials.session_token.expose_secret(),
    );
    if let Some(region) = region {
        text.push_str("\nregion = ");
        text.push_str(region.as_str());
    }
    text
}

/// A profile's name: `alias-role`. Two characters that a role's name may have do not stand in a profile's.
pub(super) fn profile(key: &RoleKey) -> String {
    format!("{}-{}", key.account, key.name).replace(['=', ','], "-")
}

/// What a `credential_process` prints (AWS SDKs and Tools Reference Guide, process credential provider).
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Process<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: &'a str,
}

fn json(process: &Process<'_>) -> String {
    serde_json::to_string_pretty(process).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use secrecy::SecretString;

    use super::*;

    fn credentials(secret: &str) -> Credentials {
        Credentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret_access_key: SecretString::from(secret),
            session_token: SecretString::from("Token/+=="),
            expires: DateTime::from_timestamp(1_800_000_000, 987).unwrap(),
            principal_arn: String::new(),
        }
    }

    fn texts(secret: &str, region: Option<&str>) -> KeyTexts {
        let key = RoleKey::parse("payments-prod/Admin+Every=1,2@x.y").unwrap();
        let region = region.map(|region| Region::parse(region).unwrap());
        KeyTexts::new(&key, &credentials(secret), region.as_ref())
    }

    /// Everything that has a meaning somewhere.
    const HOSTILE: &str = r#"a'b"c$(id)`id`\n\d;e&f|g#h%i!j*k?l[m]{n}~o<p>q=r\"#;

    #[test]
    fn plain_keys_stand_as_they_are() {
        let texts = texts("Secret/+1", None);
        assert_eq!(
            texts.sh,
            "export AWS_ACCESS_KEY_ID=ASIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=Secret/+1\n\
             export AWS_SESSION_TOKEN=Token/+==\nexport AWS_CREDENTIAL_EXPIRATION=2027-01-15T08:00:00Z"
        );
        assert_eq!(
            texts.file,
            "[payments-prod-Admin+Every-1-2@x.y]\naws_access_key_id = ASIAEXAMPLE\n\
             aws_secret_access_key = Secret/+1\naws_session_token = Token/+=="
        );
    }

    #[test]
    fn a_region_is_said_where_it_is_known() {
        let without = texts("s", None);
        for text in [&without.sh, &without.powershell, &without.file] {
            assert!(!text.to_lowercase().contains("region"), "{text}");
        }
        let with = texts("s", Some("eu-west-1"));
        assert!(
            with.sh
                .contains("\nexport AWS_REGION=eu-west-1\nexport AWS_DEFAULT_REGION=eu-west-1")
        );
        assert!(with.powershell.contains("\n$Env:AWS_REGION = 'eu-west-1'"));
        assert!(with.file.ends_with("\nregion = eu-west-1"));
    }

    #[test]
    fn a_shell_reads_what_was_written_and_runs_none_of_it() {
        for secret in [HOSTILE, "''", "'; echo x; '", "-n", "$'x'", "a\\"] {
            let script = format!(
                "{}\nprintf %s \"$AWS_SECRET_ACCESS_KEY\"",
                texts(secret, None).sh
            );
            let output = std::process::Command::new("sh")
                .arg("-c")
                .arg(script)
                .env_clear()
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), secret);
            assert!(output.stderr.is_empty(), "{secret}");
        }
    }

    #[test]
    fn powershell_s_quotes_are_doubled_whatever_their_shape() {
        assert_eq!(powershell("a'b"), "'a''b'");
        assert_eq!(powershell("a\u{2019}b$x`"), "'a\u{2019}\u{2019}b$x`'");
        let line = r#"$Env:AWS_SECRET_ACCESS_KEY = 'a''b"c$(id)`id`"#;
        assert!(texts(HOSTILE, None).powershell.contains(line));
    }

    #[test]
    fn json_is_what_a_credential_process_says() {
        let read: serde_json::Value = serde_json::from_str(&texts(HOSTILE, None).json).unwrap();
        let expected = serde_json::json!({
            "Version": 1,
            "AccessKeyId": "ASIAEXAMPLE",
            "SecretAccessKey": HOSTILE,
            "SessionToken": "Token/+==",
            "Expiration": "2027-01-15T08:00:00Z",
        });
        assert_eq!(read, expected);
    }
}
