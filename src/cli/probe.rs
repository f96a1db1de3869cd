//! `vestibule check --probe`: does each role work now? One after the other, each with what is known, what is supposed and
//! the line to change.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Failure, output};
use crate::admin::{Error, Probed, Prober};
use crate::app;
use crate::config::Config;
use crate::domain::audit::Event;
use crate::domain::probe::{Finding, TooSoon, Verdict};
use crate::domain::role::RoleKey;
use crate::random::{SystemRandom, hex};

/// How many roles one run probes at most.
const MOST_ROLES: usize = 200;

/// How many roles came to what.
#[derive(Debug, Default)]
struct Tally {
    work: usize,
    fail: usize,
    unknown: usize,
    not_probed: usize,
}

/// Probes the roles named, or all.
pub(super) async fn run(config: &Config, named: &[String]) -> Result<(), Failure> {
    let prober = app::open_prober(config)
        .await
        .map_err(|error| Failure::of("roles cannot be probed", &error))?;
    let done = probe(&prober, named).await;
    prober.close().await;
    done
}

async fn probe(prober: &Prober, named: &[String]) -> Result<(), Failure> {
    let all = prober.roles().await.map_err(|error| failed(&error))?;
    let mut wanted = if named.is_empty() {
        all
    } else {
        chosen(named, &all)?
    };
    if wanted.is_empty() {
        return Err(Failure::new("the current revision has no roles to probe"));
    }
    let left = wanted.split_off(wanted.len().min(MOST_ROLES));
    output::line(&format!(
        "\nProbing {} {} of the current revision, with the shortest duration and a policy that denies everything.",
        wanted.len(),
        if wanted.len() == 1 { "role" } else { "roles" },
    ));
    let mut tally = Tally::default();
    for (number, key) in wanted.iter().enumerate() {
        let probed = when_there_is_room(prober, key).await?;
        tally.count(probed.finding.verdict);
        output::text(&told(&probed, (number + 1, wanted.len())));
    }
    tally.sum_up(left.len())
}

/// The roles that were named, each once; all that do not exist are said at once.
fn chosen(named: &[String], all: &[RoleKey]) -> Result<Vec<RoleKey>, Failure> {
    let mut found = Vec::new();
    let mut wrong = Vec::new();
    for text in named {
        match all.iter().find(|key| key.to_string() == *text) {
            Some(key) if found.contains(key) => {}
            Some(key) => found.push(key.clone()),
            None => wrong.push(text.as_str()),
        }
    }
    if wrong.is_empty() {
        Ok(found)
    } else {
        Err(Failure::new(format!(
            "the current revision has no role {}: a role is written ACCOUNT/ROLE, with the account's alias",
            wrong.join(", ")
        )))
    }
}

/// Probes it, and waits first where too many were probed in the last minute.
async fn when_there_is_room(prober: &Prober, key: &RoleKey) -> Result<Probed, Failure> {
    let by = Event {
        reference: Some(hex::<8>(&SystemRandom)),
        display_name: Some("vestibule check --probe".to_owned()),
        ..Event::default()
    };
    loop {
        match prober.probe(key, by.clone()).await {
            Err(Error::TooSoon(TooSoon { seconds, .. })) => {
                output::line(&format!(
                    "Waiting for {seconds} seconds: AWS is not asked for too many roles at once."
                ));
                tokio::time::sleep(Duration::from_secs(seconds.into())).await;
            }
            other => return other.map_err(|error| failed(&error)),
        }
    }
}

fn failed(error: &Error) -> Failure {
    Failure::of("not probed", error)
}

/// What came of a role, as lines.
fn told(probed: &Probed, (number, all): (usize, usize)) -> String {
    let Finding {
        verdict,
        known,
        supposed,
        lines,
        untried,
        ..
    } = &probed.finding;
    let mut text = format!("\n[{number}/{all}] {} {}\n", probed.role, verdict.text());
    let mut part = |title: &str, sentences: &mut dyn Iterator<Item = String>| {
        for (number, sentence) in sentences.enumerate() {
            let title = if number == 0 { title } else { "" };
            let sentence = sentence.replace('\n', "\n            ");
            // writing to a String cannot fail
            let _ = writeln!(text, "  {title:<10}{sentence}");
        }
    };
    part("Known", &mut known.iter().cloned());
    part("Supposed", &mut supposed.iter().cloned());
    let lines = lines.iter().map(|line| {
        let code = line.code.as_ref().map(|code| format!(":\n{code}"));
        let code = code.unwrap_or_default();
        format!("{} {}. {}{code}", line.place, line.name, line.change)
    });
    part("Change", &mut { lines });
    if *verdict == Verdict::Works {
        part("Not shown", &mut untried.iter().cloned());
    }
    text
}

impl Tally {
    fn count(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Works => &mut self.work,
            Verdict::Fails => &mut self.fail,
            Verdict::Unknown => &mut self.unknown,
            Verdict::NotProbed => &mut self.not_probed,
        };
        *count += 1;
    }

    /// All in a line; an error when any role does not work or could not be asked for.
    fn sum_up(&self, left: usize) -> Result<(), Failure> {
        let mut line = format!(
            "\n{} work, {} do not, {} could not be asked for, {} cannot be probed.",
            self.work, self.fail, self.unknown, self.not_probed
        );
        if left > 0 {
            // writing to a String cannot fail
            let _ = write!(
                line,
                " {left} more were left out: one run probes {MOST_ROLES}; name them with --role."
            );
        }
        output::line(&line);
        match self.fail + self.unknown {
            0 => Ok(()),
            1 => Err(Failure::new("one role was not seen to work")),
            several => Err(Failure::new(format!(
                "{several} roles were not seen to work"
            ))),
        }
    }
}
