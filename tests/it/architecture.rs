//! Who may import whom. The rules stand here as data; the source is read as text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Folder (or file) of `src/` → what of ours it may name, beside itself.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    ("lib", &[]),
    (
        "cli",
        &[
            "app",
            "admin",
            "config",
            "domain",
            "issuer",
            "clock",
            "random",
            "telemetry",
        ],
    ),
    (
        "app",
        &[
            "admin",
            "aws",
            "clock",
            "config",
            "domain",
            "idp",
            "issuer",
            "limits",
            "random",
            "signin",
            "store",
            "telemetry",
            "web",
        ],
    ),
    ("config", &["domain"]),
    (
        "web",
        &[
            "signin",
            "admin",
            "domain",
            "config",
            "clock",
            "limits",
            "random",
            "telemetry",
        ],
    ),
    (
        "admin",
        &["domain", "store", "idp", "issuer", "aws", "clock", "random"],
    ),
    (
        "signin",
        &[
            "domain", "store", "idp", "issuer", "aws", "clock", "limits", "random",
        ],
    ),
    ("store", &["domain", "config", "clock", "random"]),
    ("idp", &["domain", "config", "clock", "random"]),
    ("issuer", &["domain", "config", "clock", "random"]),
    ("aws", &["domain", "config", "clock", "random"]),
    ("domain", &[]),
    ("clock", &["domain"]),
    ("limits", &["domain", "config", "clock", "telemetry"]),
    ("random", &[]),
    ("telemetry", &["config"]),
];

/// Tests inside `src/` → what they may name beyond their folder: the verifiers are shown what the issuer signs.
const TESTS_MAY_IMPORT: &[(&str, &str)] = &[("idp/saml/tests/issued.rs", "issuer")];

/// Crate → where alone it may be named.
const FENCES: &[(&str, &[&str])] = &[
    ("actix_web", &["web/"]),
    ("askama", &["web/"]),
    ("cookie", &["web/"]),
    ("sqlx", &["store/"]),
    ("samael", &["idp/saml/"]),
    ("bergshamra", &["idp/saml/", "issuer/saml/"]),
    ("openidconnect", &["idp/oidc/"]),
    ("aws_config", &["aws/"]),
    ("aws_sdk_sts", &["aws/"]),
    ("aws_smithy_http_client", &["aws/"]),
    ("aws_smithy_runtime_api", &["aws/"]),
    ("aws_smithy_types", &["aws/"]),
    ("aws_smithy_async", &["aws/"]),
    ("aws_credential_types", &["aws/"]),
    ("aws_sigv4", &["aws/"]),
    ("aws_types", &["aws/"]),
    ("aws_runtime", &["aws/"]),
    ("governor", &["limits/"]),
    ("utoipa", &["web/api/"]),
    ("reqwest", &["aws/", "idp/", "app/"]),
];

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(found.len() > 5, "the source was found");
    found
}

/// The code without comments and doc comments, which may name what they like.
fn code(text: &str) -> String {
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every `prefix::word` in the code, words of a brace list included.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 1;
            let end = list.find(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                depth == 0
            });
            let mut level = 0;
            let mut word = String::new();
            for c in list[..end.unwrap_or(list.len())].chars().chain([',']) {
                match c {
                    '{' => level += 1,
                    '}' => level -= 1,
                    ',' if level == 0 => {
                        names.push(first_word(word.trim()));
                        word.clear();
                        continue;
                    }
                    _ => {}
                }
                if level == 0 {
                    word.push(c);
                }
            }
        } else {
            names.push(first_word(rest));
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

fn place(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// What relative paths in a file lead to at the top: `super::` as often as it takes to leave the folder.
///
/// The modules that a file declares inside itself make a `super::` lead less far, so that the deepest nesting counts
/// in the file's favour: it may only ever hide what `crate::` would name.
fn named_by_climbing(file: &str, code: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    let depth = stem.split('/').count();
    let mut names = Vec::new();
    // an inner module needs one `super::` more for the same way
    for climbs in depth..depth + 3 {
        names.extend(named_after(code, &"super::".repeat(climbs)));
    }
    names.retain(|name| name != "super");
    names
}

#[test]
fn climbing_out_of_a_folder_is_seen() {
    let named = |file: &str, code: &str| named_by_climbing(file, code);
    assert_eq!(
        named(
            "web/links/parse.rs",
            "use super::super::super::store::Store;"
        ),
        ["store"]
    );
    assert_eq!(
        named("web/links/mod.rs", "use super::super::{store, idp::X};"),
        ["store", "idp"]
    );
    assert_eq!(
        named("web/forms.rs", "fn f(_: super::super::aws::Sts) {}"),
        ["aws"]
    );
    assert_eq!(named("clock.rs", "use super::store::Store;"), ["store"]);
    // from a module inside the file
    assert_eq!(
        named(
            "web/forms.rs",
            "mod tests { use super::super::super::store::X; }"
        ),
        ["store"]
    );
    assert!(named("web/links/parse.rs", "use super::super::forms;").is_empty());
}

#[test]
fn folders_import_only_what_they_may() {
    let rules: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut broken = Vec::new();
    for (file, text) in sources(Path::new("src")) {
        let here = place(&file);
        let allowed = rules
            .get(here)
            .unwrap_or_else(|| panic!("{file}: the place {here} has no rule"));
        let code = code(&text);
        let mut named = named_by_climbing(&file, &code);
        for prefix in ["crate::", "vestibule::"] {
            named.extend(named_after(&code, prefix));
        }
        for name in named {
            let ours = rules.contains_key(name.as_str());
            let tested = TESTS_MAY_IMPORT.contains(&(file.as_str(), name.as_str()));
            if ours && name != here && !tested && !allowed.contains(&name.as_str()) {
                broken.push(format!("{file} imports {name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn crates_stay_behind_their_fences() {
    let mut broken = Vec::new();
    for (file, text) in sources(Path::new("src")) {
        let code = code(&text);
        for (crate_name, homes) in FENCES {
            let named = code
                .match_indices(&format!("{crate_name}::"))
                .any(|(at, _)| {
                    !code[..at]
                        .chars()
                        .next_back()
                        .is_some_and(|c| c.is_alphanumeric() || c == '_')
                });
            if named && !homes.iter().any(|home| file.starts_with(home)) {
                broken.push(format!("{file} names {crate_name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn the_sandbox_does_not_read_our_rules() {
    let mut broken = Vec::new();
    for (file, text) in sources(Path::new("sandbox/src")) {
        let alone = file == "main.rs" || file.starts_with("bin_parts/");
        if !alone && !named_after(&code(&text), "vestibule::").is_empty() {
            broken.push(file);
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// B20: what could be guessed letter by letter is compared in constant time, or looked up by a digest.
#[test]
fn no_secret_is_compared_letter_by_letter() {
    let mut broken = Vec::new();
    for (file, text) in sources(Path::new("src")) {
        let code = code(&text);
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines() {
            let secret = ["expose()", "expose_secret()", "form_token", ".mac)"];
            let compared = [" == ", " != ", ".eq(", ".ne(", ".cmp("];
            if secret.iter().any(|word| line.contains(word))
                && compared.iter().any(|word| line.contains(word))
            {
                broken.push(format!("{file}: {}", line.trim()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    let read = |file: &str| std::fs::read_to_string(file).unwrap();
    let forms = read("src/web/forms.rs");
    let is_same = forms.split("fn is_same").nth(1).unwrap();
    let is_same = is_same.split("\n}\n").next().unwrap();
    assert!(is_same.contains("constant_time::verify_slices_are_equal"));
    let check = forms.split("fn check_token").nth(1).unwrap();
    let check = check.split("\n}\n").next().unwrap();
    assert!(check.contains("is_same(token, &session.form_token)"));
    // whoever brings a session's id or a token is known by its digest alone, in one look at an index
    for (file, looks) in [("src/store/sessions.rs", 2), ("src/store/tokens.rs", 1)] {
        let found = read(file)
            .matches("\\\n            WHERE digest = $1 AND ")
            .count();
        assert_eq!(found, looks, "{file}");
    }
    for file in ["src/signin/recognise.rs", "src/signin/tokens.rs"] {
        let code = read(file);
        for (at, _) in code.match_indices(".expose()") {
            let before = code[..at].trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
            assert!(
                before.ends_with("digest::of("),
                "{file}: …{}",
                &before[before.len() - 40..]
            );
        }
    }
}

#[test]
fn files_stay_short_enough_to_read() {
    let mut long = Vec::new();
    for folder in ["src", "sandbox/src", "sandbox/tests", "tests", "benches"] {
        for (file, text) in sources(Path::new(folder)) {
            if text.lines().count() > 400 {
                long.push(format!("{folder}/{file}: {}", text.lines().count()));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}
