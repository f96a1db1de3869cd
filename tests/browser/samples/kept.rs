//! The page samples: what the unit tests of the pages render and keep as snapshots.
//!
//! Knows how they are kept, and nothing of what they show. No production code renders anything for these tests.

use std::path::{Path, PathBuf};

/// Where the tests of the pages keep them.
const PAGES: &str = "src/web/pages/snapshots";
/// Where those of the failures do.
const PROBLEMS: &str = "src/web/problem/snapshots";
/// The page whose frame stands around what is kept without one.
const FRAME: &str = "signed_out_unknown";

/// How the style and the mark stand in what is kept, and their files: every page has both.
const STATIC: [(&str, &str); 3] = [
    (
        "<link rel=\"stylesheet\" href=\"/static/…\">",
        "vestibule.css",
    ),
    ("<link rel=\"icon\" href=\"/static/…\"", "mark.svg"),
    ("<img src=\"/static/…\"", "mark.svg"),
];

/// A page.
pub(crate) struct Sample {
    /// What it is called: the page, and what it is a sample of.
    pub(crate) name: String,
    /// Its text. Its static files have no digests in their names.
    pub(crate) html: String,
}

impl Sample {
    /// Whether it brings scripts.
    pub(crate) fn is_scripted(&self) -> bool {
        self.html.contains("<script")
    }
}

/// All of them, by name.
pub(crate) fn samples() -> Vec<Sample> {
    let mut samples = read(PAGES, "");
    let frame = samples.iter().find(|sample| sample.name == FRAME);
    let frame = frame.expect("the page with the frame").html.clone();
    samples.extend(read(PROBLEMS, "problem_").into_iter().map(|sample| Sample {
        html: framed(&frame, sample.html),
        ..sample
    }));
    samples.sort_by(|one, other| one.name.cmp(&other.name));
    samples
}

/// A file of the repository.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(folder: &str, prefix: &str) -> Vec<Sample> {
    let entries = std::fs::read_dir(file(folder)).unwrap();
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "snap"))
        .map(|path| {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let (_, name) = stem.split_once("tests__").expect("a test's snapshot");
            let text = std::fs::read_to_string(&path).unwrap();
            let (_, html) = text[4..].split_once("\n---\n").expect("a head");
            Sample {
                name: format!("{prefix}{name}"),
                html: named(html),
            }
        })
        .collect()
}

/// The page with the names of its static files in it.
fn named(html: &str) -> String {
    let html = STATIC.iter().fold(html.to_owned(), |html, (tag, name)| {
        let (stem, ending) = name.split_once('.').unwrap();
        html.replace(tag, &tag.replace('…', &format!("{stem}-….{ending}")))
    });
    assert!(!html.contains("/static/…"), "which file is that? {html}");
    html
}

/// A page as it is, or the main part of one in another's frame.
fn framed(frame: &str, html: String) -> String {
    if html.starts_with("<!doctype") {
        return html;
    }
    let (before, rest) = frame.split_once("<main").expect("a main part");
    let (_, after) = rest.split_once("</main>").expect("its end");
    format!("{before}{}{after}", html.trim_end())
}
