//! Every page sample, looked at: by axe, on screens of four widths, in both themes, by somebody who wants nothing to
//! move and uses the keyboard, with the console read afterwards.

mod album;
mod kept;
mod look;
mod served;

use crate::chromium::Chromium;

use album::Album;
use kept::{Sample, samples};
use served::Served;

const THEMES: [&str; 2] = ["light", "dark"];
/// A desk's screen; the same at 200 %; a telephone's; the narrowest, which is 1280 at 400 % (WCAG 2.2, 1.4.10).
const DESK: (u64, u64) = (1440, 900);
const ZOOMED: (u64, u64) = (720, 450);
const TELEPHONE: (u64, u64) = (375, 812);
const NARROWEST: (u64, u64) = (320, 640);

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_open_to_everybody_in_both_themes_on_every_screen() {
    let samples = samples();
    let served = Served::start(&samples).await;
    let album = Album::empty();
    let [light, dark] = THEMES.map(|theme| walk(theme, &samples, &served, &album));
    let (light, dark) = tokio::join!(light, dark);
    album.bind(&samples, &THEMES, &[TELEPHONE.0, DESK.0]);
    let complaints = [light, dark].concat();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    served.stop().await;
}

/// One browser goes through all samples.
async fn walk(theme: &str, samples: &[Sample], served: &Served, album: &Album) -> Vec<String> {
    let browser = Chromium::start().await;
    browser
        .prefers(&[
            ("prefers-color-scheme", theme),
            ("prefers-reduced-motion", "reduce"),
        ])
        .await;
    let mut complaints = Vec::new();
    for sample in samples {
        browser.has_screen(DESK, 1).await;
        browser.opens(&served.at(sample)).await;
        let found = looked_at(&browser, sample, theme, album).await;
        let name = &sample.name;
        complaints.extend(
            found
                .iter()
                .map(|found| format!("{name}, {theme}, {found}")),
        );
    }
    complaints
}

async fn looked_at(browser: &Chromium, sample: &Sample, theme: &str, album: &Album) -> Vec<String> {
    let beside = browser.beside().await;
    let mut complaints = Vec::new();
    let mut complain = |screen: (u64, u64), found: Vec<String>| {
        complaints.extend(found.iter().map(|found| format!("{}: {found}", screen.0)));
    };
    for screen in [DESK, ZOOMED, TELEPHONE, NARROWEST] {
        let ratio = if screen == ZOOMED { 2 } else { 1 };
        browser.has_screen(screen, ratio).await;
        complain(screen, look::what_does_not_fit(&beside).await);
        if screen == DESK || screen == TELEPHONE {
            complain(screen, look::barriers(&beside).await);
            album.put(sample, theme, screen.0, &browser.picture(screen).await);
        }
    }
    complain(DESK, look::what_moves(&beside).await);
    complain(NARROWEST, browser.hides_the_focus().await);
    complain(DESK, browser.console().await);
    complaints
}

/// One fault for each thing that is looked at.
const FAULTY: &str = r#"<!doctype html>
<html lang="en">
<head>
<title>Faults</title>
<link rel="stylesheet" href="/static/vestibule-….css">
</head>
<body>
<main id="main">
<h1>Faults</h1>
<p style="color: red">A style that the policy forbids</p>
<img src="/static/mark-….svg">
<pre class="document" id="wide">a</pre>
<p id="cut"><span>A line that is cut off at its side</span></p>
<p id="moves">This moves</p>
<a id="unseen" href="/">A way</a>
</main>
</body>
</html>
"#;

/// What no stylesheet of ours does.
const FAULTY_STYLE: &str = "
const sheet = new CSSStyleSheet();
sheet.replaceSync('#wide { width: 2000px } #cut { width: 3em; overflow: hidden; white-space: nowrap } #moves { transition: color 1s } #unseen { outline: none }');
document.adoptedStyleSheets = [sheet];
";

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_complained_of() {
    let sample = Sample {
        name: "faulty".to_owned(),
        html: FAULTY.to_owned(),
    };
    let samples = [sample];
    let served = Served::start(&samples).await;
    let browser = Chromium::start().await;
    browser.opens(&served.at(&samples[0])).await;
    let beside = browser.beside().await;
    beside.gives(&format!("{{ {FAULTY_STYLE} }}")).await;
    let faults = [
        (look::barriers(&beside).await, vec!["axe image-alt: img"]),
        (
            look::what_does_not_fit(&beside).await,
            vec![
                "scrolls sideways",
                "leaves the screen: pre",
                "is cut at its side: p",
            ],
        ),
        (
            look::what_moves(&beside).await,
            vec!["nobody prefers", "has a transition: p"],
        ),
        (browser.hides_the_focus().await, vec!["no outline around a"]),
        (browser.console().await, vec!["Content Security Policy"]),
    ];
    for (complaints, wanted) in faults {
        for wanted in wanted {
            let heard = complaints.iter().any(|said| said.contains(wanted));
            assert!(heard, "{wanted}: {complaints:?}");
        }
    }
    served.stop().await;
}
