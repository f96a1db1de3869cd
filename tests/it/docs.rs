//! What can be checked of the documents: every key is explained, every link and path leads somewhere, every example
//! can be read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use regex::Regex;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    let text = std::fs::read_to_string(path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All documents in Markdown but those of folders that are made by tools.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" && name != "node_modules" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 10, "only {} documents", found.len());
    found
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// The keys of an example file by section: `[server]` → `listen`, …; a key that is commented out counts.
fn keys(example: &str) -> BTreeSet<(String, String)> {
    let heading = pattern(r"^#? ?\[+([a-z_.-]+)\]+$");
    let key = pattern(r"^#? ?([a-z_]+) = ");
    let inner = pattern(r"\{ ([a-z_]+) = ");
    let mut section = String::new();
    let mut keys = BTreeSet::new();
    for line in read(&root().join(example)).lines() {
        if let Some(found) = heading.captures(line) {
            found[1].clone_into(&mut section);
            if section.starts_with("aws.partitions.") {
                "aws.partitions.NAME".clone_into(&mut section);
            }
        } else if let Some(found) = key.captures(line) {
            keys.insert((section.clone(), found[1].to_owned()));
        }
        // the conditions of rules and administrators
        if line.contains("when = ") || line.starts_with("  {") {
            for found in inner.captures_iter(line) {
                keys.insert((String::new(), found[1].to_owned()));
            }
        }
    }
    keys
}

/// The part of configuration.md under the heading of a section.
fn part<'t>(page: &'t str, section: &str) -> &'t str {
    let start = [format!("`[{section}]`"), format!("`[[{section}]]`")]
        .iter()
        .find_map(|heading| pattern(&format!(r"(?m)^#+ {}$", regex::escape(heading))).find(page));
    let start = start.unwrap_or_else(|| panic!("no heading for {section}"));
    let rest = &page[start.end()..];
    let end = pattern(r"(?m)^#{1,2} ").find(rest);
    &rest[..end.map_or(rest.len(), |end| end.start())]
}

#[test]
fn every_key_of_the_examples_is_explained_in_its_section() {
    let page = read(&root().join("docs/configuration.md"));
    let mut missing = Vec::new();
    for example in [
        "config/vestibule.example.toml",
        "config/access.example.toml",
    ] {
        let keys = keys(example);
        assert!(keys.len() > 25, "{example}: only {} keys", keys.len());
        for (section, key) in keys {
            let part = if section.is_empty() {
                &page
            } else {
                part(&page, &section)
            };
            let named = part.contains(&format!("`{key}`")) || part.contains(&format!("{key} = "));
            if !named {
                missing.push(format!("{example}: [{section}] {key}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "not in docs/configuration.md: {missing:#?}"
    );
}

/// The anchors of a page's headings, as they are made from their words, and those set by hand.
fn anchors(text: &str) -> BTreeSet<String> {
    let by_hand = pattern(r#"<a id="([^"]+)">"#);
    let heading = pattern(r"(?m)^#+ (.+)$");
    let of_heading = |found: regex::Captures<'_>| {
        let kept = found[1].to_lowercase().replace(' ', "-");
        kept.chars()
            .filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_')
            .collect()
    };
    let headings = heading.captures_iter(text).map(of_heading);
    headings
        .chain(by_hand.captures_iter(text).map(|found| found[1].to_owned()))
        .collect()
}

#[test]
fn every_relative_link_leads_somewhere() {
    // pictures are looked at by people
    let link = pattern(r"(^|[^!])\[[^\]]*\]\(([^)\s]+)\)");
    let mut broken = Vec::new();
    let mut count = 0;
    for document in documents() {
        let text = read(&document);
        let folder = document.parent().expect("a folder");
        for found in link.captures_iter(&text) {
            let target = &found[2];
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() {
                document.clone()
            } else {
                folder.join(file)
            };
            let there =
                file.exists() && (anchor.is_empty() || anchors(&read(&file)).contains(anchor));
            if !there {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(count > 30, "only {count} links");
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_path_that_is_named_exists() {
    let path = pattern(
        r"`((?:src|docs|tests|config|sandbox|migrations|scripts|templates|static|benches)/[A-Za-z0-9_./-]*)`",
    );
    let mut missing = Vec::new();
    let mut count = 0;
    for document in documents() {
        for found in path.captures_iter(&read(&document)) {
            count += 1;
            let beside = document.parent().expect("a folder").join(&found[1]);
            if !root().join(&found[1]).exists() && !beside.exists() {
                missing.push(format!("{}: {}", document.display(), &found[1]));
            }
        }
    }
    assert!(count > 40, "only {count} paths");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_example_in_the_documents_can_be_read() {
    let block = pattern(r"(?ms)^ *```(toml|json)\n(.*?)^ *```");
    let mut count = 0;
    for document in documents() {
        for found in block.captures_iter(&read(&document)) {
            count += 1;
            let problem = match &found[1] {
                "toml" => toml::from_str::<toml::Table>(&found[2])
                    .err()
                    .map(|e| e.to_string()),
                _ => serde_json::from_str::<serde_json::Value>(&found[2])
                    .err()
                    .map(|e| e.to_string()),
            };
            assert_eq!(problem, None, "{}:\n{}", document.display(), &found[2]);
        }
    }
    assert!(count > 15, "only {count} examples");
}

#[test]
fn the_map_of_the_code_stays_short() {
    let lines = read(&root().join("ARCHITECTURE.md")).lines().count();
    assert!(lines <= 200, "ARCHITECTURE.md has {lines} lines");
}
