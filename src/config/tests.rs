//! The configuration's tests: the example is right and complete, every problem is named with its key, no secret shows.

use std::path::PathBuf;

use super::*;

/// A folder with the files that the example names.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("vestibule-config-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        for (file, text) in [
            ("cookie-secret", "0123456789abcdef0123456789abcdef-canary"),
            ("corp-metadata.xml", "<EntityDescriptor/>"),
            ("okta-secret", "canary-client-secret"),
        ] {
            std::fs::write(path.join(file), text).unwrap();
        }
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // what is left in the temporary folder harms nobody
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const EXAMPLE: &str = include_str!("../../config/vestibule.example.toml");

fn problems(folder: &Folder, text: &str) -> String {
    Config::parse(text, &folder.0).unwrap_err().to_string()
}

#[test]
fn the_example_is_right() {
    let folder = Folder::new("example");
    let config = Config::parse(EXAMPLE, &folder.0).unwrap();
    assert_eq!(config.identity_providers.len(), 2);
    assert_eq!(config.server.url("/go"), "https://console.example.com/go");
    assert_eq!(config.administrators.len(), 1);
}

#[test]
fn the_example_names_every_key() {
    let mirror = include_str!("raw.rs");
    let keys = mirror.lines().filter_map(|line| {
        let (name, _) = line.trim().strip_prefix("pub(super) ")?.split_once(':')?;
        (!name.contains(' ')).then_some(name)
    });
    let mut count = 0;
    for key in keys {
        // alternatives to a key that the example prefers are named in its sentences
        assert!(EXAMPLE.contains(key), "{key} is missing from the example");
        count += 1;
    }
    assert!(count > 50, "the keys were found");
}

#[test]
fn the_effective_configuration_hides_secrets() {
    let folder = Folder::new("hidden");
    let text = EXAMPLE.replace(
        "url = \"sqlite:vestibule.db\"",
        "url = \"postgres://vestibule:canary-password@db.example.com/vestibule\"",
    );
    let config = Config::parse(&text, &folder.0).unwrap();
    for text in [config.show(), format!("{config:?}")] {
        assert!(!text.contains("canary"), "{text}");
    }
    assert!(config.show().contains("db.example.com"));
}

#[test]
fn every_problem_is_reported_at_once_with_its_key() {
    let folder = Folder::new("problems");
    let text = EXAMPLE
        .replace("listen = \"127.0.0.1:8080\"", "listen = \"nowhere\"")
        .replace("https://console.example.com", "http://console.example.com")
        .replace("idle_minutes = 60", "idle_minutes = 1")
        .replace("impact_days = 90", "impact_days = 401")
        .replace("corp-metadata.xml", "missing.xml")
        .replace("client_id = \"vestibule\"\n", "")
        .replace("[\"RS256\"]", "[\"HS256\"]")
        .replace("region = \"eu-west-1\"", "region = \"mars-north-1\"")
        .replace("source = \"chain\"", "source = \"profile\"");
    let problems = problems(&folder, &text);
    for key in [
        "server.listen",
        "server.public_url",
        "sessions.idle_minutes",
        "access.impact_days",
        "identity_providers[0].metadata_file",
        "identity_providers[1].client_id",
        "identity_providers[1].algorithms",
        "aws.region",
        "credentials[0]",
    ] {
        assert!(problems.contains(key), "{key} is missing from:\n{problems}");
    }
}

#[test]
fn what_may_not_assume_roles_has_a_source_of_its_own() {
    let folder = Folder::new("fenced");
    let entry = |name: &str, file: &str, marked: bool| {
        format!(
            "[[credentials]]\nname = \"{name}\"\nsource = \"file\"\nfile = \"{file}\"\nmay_not_assume_roles = {marked}\n\n"
        )
    };
    let with = |entries: &[String]| {
        let all = format!("{}[[administrators]]", entries.concat());
        EXAMPLE.replacen("[[administrators]]", &all, 1)
    };
    let good = [
        entry("a", "a", true),
        entry("b", "b", false),
        entry("c", "b", false),
    ];
    let config = Config::parse(&with(&good), &folder.0).unwrap();
    let marked: Vec<_> = config
        .credentials
        .iter()
        .map(|own| own.may_not_assume_roles)
        .collect();
    assert_eq!(marked, [false, true, false, false]);
    assert!(config.show().contains("may_not_assume_roles = true"));
    for (first, second) in [(true, false), (false, true), (true, true)] {
        let bad = [entry("a", "a", first), entry("b", "a", second)];
        let problems = problems(&folder, &with(&bad));
        assert!(
            problems.contains("credentials[2]: has the source of a"),
            "{first} {second}: {problems}"
        );
    }
}

#[test]
fn unknown_keys_and_broken_toml_are_errors_that_quote_nothing() {
    let folder = Folder::new("unknown");
    let unknown = problems(&folder, &format!("{EXAMPLE}\nurl_fiel = 'canary'\n"));
    assert!(unknown.contains("url_fiel"), "{unknown}");
    assert!(!unknown.contains("canary"), "{unknown}");
    let broken = problems(&folder, "[server]\nlisten = \"canary");
    assert!(broken.starts_with("line "), "{broken}");
    assert!(!broken.contains("canary"), "{broken}");
}

#[test]
fn a_value_of_the_wrong_type_is_named_by_line_and_key_and_never_quoted() {
    let folder = Folder::new("quoted");
    let example = EXAMPLE
        .replace(
            "client_secret_file = \"okta-secret\"",
            "client_secret = \"x\"",
        )
        .replace("# url_file", "url_file");
    let values = [
        "918273645",
        "-918273645.5",
        "0x36bbc6ad918273645",
        "918273645918273645918273645",
        "2026-01-01T00:00:00.918273645Z",
        "[918273645]",
        "{ x = 918273645 }",
        "[[{ x = 918273645 }]]",
        "{ \"a, expected b\" = 918273645 }",
        "s918273645",
        "\"918273645",
        "\"918273645\\q\"",
        "\"918273645\" \"",
    ];
    let mut refused = 0;
    for (number, line) in example.lines().enumerate() {
        let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        for value in values {
            let mut lines: Vec<_> = example.lines().map(str::to_owned).collect();
            lines[number] = format!("{key} = {value}");
            if let Err(problems) = Config::parse(&lines.join("\n"), &folder.0) {
                refused += 1;
                let problems = problems.to_string();
                assert!(
                    !problems.contains("18273645"),
                    "{key} = {value}: {problems}"
                );
            }
        }
    }
    assert!(refused > 400, "{refused}");
    let said = |old: &str, new: &str| problems(&folder, &example.replace(old, new));
    assert_eq!(
        said("client_secret = \"x\"", "client_secret = 918273645"),
        "identity_providers[1].client_secret: line 69: expected a string"
    );
    assert_eq!(
        said(
            "audience = \"urn:amazon:webservices\"",
            "audience = 918273645"
        ),
        "identity_providers[0].audience: line 49: expected a text or a list of texts"
    );
    assert_eq!(
        said("kind = \"oidc\"", "kind = \"918273645\""),
        "identity_providers[1].kind: line 64: expected `saml` or `oidc`"
    );
}

#[test]
fn keys_of_the_other_kind_are_refused() {
    let folder = Folder::new("kinds");
    let text = EXAMPLE.replace(
        "metadata_file = \"corp-metadata.xml\"",
        "metadata_file = \"corp-metadata.xml\"\nclient_id = \"x\"",
    );
    assert!(problems(&folder, &text).contains("identity_providers[0].client_id"));
}

#[test]
fn the_form_for_requests_is_an_address_with_two_places() {
    let folder = Folder::new("request-form");
    let with = |url: &str| {
        let line = format!("\n[portal]\nrequest_url = \"{url}\"\n");
        EXAMPLE.replace("\n[portal]\n", &line)
    };
    let good = "https://forms.example.com/aws?account={account}&role={role}";
    let config = Config::parse(&with(good), &folder.0).unwrap();
    assert_eq!(config.request_form.as_ref().unwrap().as_str(), good);
    assert!(config.show().contains(good));
    for (url, problem) in [
        ("http://forms.example.com/", "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("https://{account}.example.com/", "has a plain host"),
        (
            "https://forms.example.com/{person}",
            "has no places but {account} and {role}",
        ),
        ("forms", "is no URL"),
    ] {
        let problems = problems(&folder, &with(url));
        assert!(
            problems.starts_with(&format!("portal.request_url: {problem}")),
            "{url}: {problems}"
        );
    }
    let none = EXAMPLE.replace("\n[portal]\n", "\n");
    assert!(
        Config::parse(&none, &folder.0)
            .unwrap()
            .request_form
            .is_none()
    );
}

#[test]
fn a_level_that_would_log_nothing_is_refused() {
    let folder = Folder::new("level");
    let with = |level: &str| EXAMPLE.replace("level = \"info\"", &format!("level = \"{level}\""));
    for good in ["info", "off", "WARN", "vestibule=debug,warn"] {
        let config = Config::parse(&with(good), &folder.0);
        assert_eq!(config.unwrap().log.filter, good);
    }
    for bad in [
        "",
        "inof",
        "vestibule=loud",
        "vestibule",
        "warn,,",
        "a=b=c",
        "vestibule=[debug",
    ] {
        let problems = problems(&folder, &with(bad));
        assert!(problems.starts_with("log.level: "), "{bad}: {problems}");
    }
}

#[test]
fn a_domain_that_two_providers_list_is_warned_of() {
    let folder = Folder::new("disputed");
    let warned = |text: &str| {
        let config = Config::parse(text, &folder.0).unwrap();
        config
            .warnings
            .iter()
            .any(|warning| warning.contains("several list example.com"))
    };
    assert!(!warned(EXAMPLE));
    let both = EXAMPLE.replace(
        "unique_email_domains = []",
        "unique_email_domains = [\"example.com\"]",
    );
    assert!(warned(&both));
}

#[test]
fn plain_http_serves_loopback_alone() {
    let folder = Folder::new("http");
    let with = |url: &str| EXAMPLE.replace("https://console.example.com\"", &format!("{url}\""));
    for good in [
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost:8080",
        "https://console.example.com:8443",
    ] {
        assert!(Config::parse(&with(good), &folder.0).is_ok(), "{good}");
    }
    for bad in [
        "http://console.example.com",
        "http://127.0.0.1.example.com",
        "https://console.example.com/path",
        "https://user@console.example.com",
        "ftp://127.0.0.1",
    ] {
        assert!(Config::parse(&with(bad), &folder.0).is_err(), "{bad}");
    }
}

#[test]
fn a_sandbox_endpoint_is_on_loopback_and_names_its_host() {
    let folder = Folder::new("endpoint");
    let with = |endpoint: &str| {
        EXAMPLE.replace(
            "# endpoint = \"http://127.0.0.1:4566/{host}\"",
            &format!("endpoint = \"{endpoint}\""),
        )
    };
    assert!(Config::parse(&with("http://127.0.0.1:4566/{host}"), &folder.0).is_ok());
    for bad in [
        "http://10.0.0.1:4566/{host}",
        "https://{host}",
        "http://127.0.0.1:4566/",
        "http://169.254.169.254/{host}",
        "file:///{host}",
    ] {
        assert!(Config::parse(&with(bad), &folder.0).is_err(), "{bad}");
    }
}

#[test]
fn an_administrator_needs_a_condition_and_a_known_provider() {
    let folder = Folder::new("administrators");
    let everybody = EXAMPLE.replace(
        "when = [{ attribute = \"groups\", is = \"cloud-admins\" }]",
        "when = []",
    );
    assert!(problems(&folder, &everybody).contains("administrators[0].when"));
    let stranger = EXAMPLE.replace(
        "[[administrators]]\nidp = \"corp\"",
        "[[administrators]]\nidp = \"other\"",
    );
    assert!(problems(&folder, &stranger).contains("administrators[0].idp"));
}

#[test]
fn networks_hold_what_lies_in_them() {
    let inside = |network: &str, address: &str| {
        Network::parse(network)
            .unwrap()
            .contains(address.parse().unwrap())
    };
    assert!(inside("10.0.0.0/8", "10.255.0.1"));
    assert!(inside("10.0.0.0/8", "::ffff:10.1.2.3"));
    assert!(!inside("10.0.0.0/8", "11.0.0.1"));
    assert!(inside("0.0.0.0/0", "192.0.2.1"));
    assert!(inside("::1", "::1"));
    assert!(!inside("::1", "::2"));
    assert!(inside("2001:db8::/32", "2001:db8:1::1"));
    for wrong in ["10.0.0.0/33", "10.0.0", "", "10.0.0.0/", "x/8", "::/129"] {
        assert!(Network::parse(wrong).is_none(), "{wrong}");
    }
}
