//! What own credentials are, as far as it stands written: in files, profiles and the environment.
//!
//! Nothing is called and no program is run, so that a document can be checked against it at any time. What shows only
//! when credentials are fetched stays unknown here.

use std::collections::HashMap;

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::section::EnvConfigSections;
use aws_runtime::env_config::source;
use aws_types::os_shim_internal::{Env, Fs};

use crate::config::{CredentialsConfig, CredentialsSource};
use crate::domain::credentials::CredentialsKind;
use crate::domain::role::CredentialsName;

/// Keys of a profile by which AWS's own clients get a role's credentials (AWS SDKs and Tools Reference Guide).
const OF_A_ROLE: [&str; 6] = [
    "role_arn",
    "aws_session_token",
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "login_session",
];

/// What every entry's credentials are.
pub async fn kinds_written(
    entries: &[CredentialsConfig],
) -> HashMap<CredentialsName, CredentialsKind> {
    let (mut kinds, disk) = (HashMap::new(), Fs::real());
    for entry in entries {
        let kind = match &entry.source {
            CredentialsSource::Chain => of_environment(&Env::real()),
            CredentialsSource::Profile(name) => {
                of_profile(&disk, &EnvConfigFiles::default(), name).await
            }
            CredentialsSource::File { path, profile } => {
                let files = EnvConfigFiles::builder()
                    .with_file(EnvConfigFileKind::Credentials, path)
                    .build();
                of_profile(&disk, &files, profile).await
            }
        };
        kinds.insert(entry.name.clone(), kind);
    }
    kinds
}

/// The chain looks into the environment first.
fn of_environment(environment: &Env) -> CredentialsKind {
    let holds = |name| {
        environment
            .get(name)
            .is_ok_and(|value| !value.trim().is_empty())
    };
    if !holds("AWS_ACCESS_KEY_ID") || !holds("AWS_SECRET_ACCESS_KEY") {
        CredentialsKind::Unknown
    } else if holds("AWS_SESSION_TOKEN") {
        CredentialsKind::Role
    } else {
        CredentialsKind::LongTerm
    }
}

async fn of_profile(disk: &Fs, files: &EnvConfigFiles, name: &str) -> CredentialsKind {
    let Ok(source) = source::load(&Env::real(), disk, files).await else {
        return CredentialsKind::Unknown;
    };
    let Ok(sections) = EnvConfigSections::parse(source) else {
        return CredentialsKind::Unknown;
    };
    let Some(profile) = sections.get_profile(name) else {
        return CredentialsKind::Unknown;
    };
    if OF_A_ROLE.iter().any(|key| profile.get(key).is_some()) {
        CredentialsKind::Role
    } else if profile.get("credential_process").is_none()
        && profile.get("aws_access_key_id").is_some()
    {
        CredentialsKind::LongTerm
    } else {
        CredentialsKind::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> CredentialsKind {
        of_environment(&Env::from_slice(pairs))
    }

    async fn file(text: &str, profile: &str) -> CredentialsKind {
        let files = EnvConfigFiles::builder()
            .with_file(EnvConfigFileKind::Credentials, "/keys")
            .build();
        let disk = Fs::from_map(HashMap::from([("/keys".to_owned(), text.as_bytes())]));
        of_profile(&disk, &files, profile).await
    }

    #[test]
    fn the_environment_tells_what_the_chain_will_find_there() {
        let key = ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        let secret = ("AWS_SECRET_ACCESS_KEY", "secret");
        let token = ("AWS_SESSION_TOKEN", "token");
        assert_eq!(environment(&[]), CredentialsKind::Unknown);
        assert_eq!(environment(&[key]), CredentialsKind::Unknown);
        assert_eq!(environment(&[key, secret]), CredentialsKind::LongTerm);
        assert_eq!(environment(&[key, secret, token]), CredentialsKind::Role);
        let empty = ("AWS_SESSION_TOKEN", " ");
        assert_eq!(
            environment(&[key, secret, empty]),
            CredentialsKind::LongTerm
        );
    }

    #[tokio::test]
    async fn a_file_tells_what_its_profile_holds() {
        let key = "aws_access_key_id = A\naws_secret_access_key = s\n";
        for (more, kind) in [
            ("", CredentialsKind::LongTerm),
            ("aws_session_token = t\n", CredentialsKind::Role),
            (
                "role_arn = arn:aws:iam::111122223333:role/Hub\n",
                CredentialsKind::Role,
            ),
            ("sso_session = corp\n", CredentialsKind::Role),
            ("credential_process = keys\n", CredentialsKind::Unknown),
        ] {
            let text = format!("[default]\n{key}{more}");
            assert_eq!(file(&text, "default").await, kind, "{more}");
        }
        let text = format!("[default]\n{key}\n[other]\nregion = eu-west-1\n");
        assert_eq!(file(&text, "other").await, CredentialsKind::Unknown);
        assert_eq!(file(&text, "absent").await, CredentialsKind::Unknown);
        assert_eq!(
            file("no profile", "default").await,
            CredentialsKind::Unknown
        );
    }
}
