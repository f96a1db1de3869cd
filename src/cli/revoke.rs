//! `vestibule revoke`: cuts sessions in AWS off, and says of each place whether that was done.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use clap::ValueEnum;

use super::{Failure, output};
use crate::admin::Revocations;
use crate::admin::revoke::{Asked, Place, Revocation, SeenLately, State, StopFirst};
use crate::app;
use crate::config::Config;
use crate::domain::Timestamp;
use crate::domain::audit::Event;
use crate::domain::revoke::{POLICY, Target, Way};
use crate::domain::role::RoleKey;
use crate::random::{SystemRandom, hex};

/// `vestibule revoke …`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Everybody's sessions of a role in this account, by its alias
    #[arg(
        long,
        requires = "role",
        required_unless_present = "person",
        conflicts_with = "person"
    )]
    account: Option<String>,
    /// Which role
    #[arg(long, requires = "account", conflicts_with = "person")]
    role: Option<String>,
    /// One person's sessions everywhere: IDENTITY-PROVIDER:SUBJECT, as the audit log has them
    #[arg(long, value_name = "IDP:SUBJECT")]
    person: Option<String>,
    /// Where a provider uses the subject in several formats: which one
    #[arg(long, requires = "person", value_name = "FORMAT")]
    subject_format: Option<String>,
    /// What is done about sign-in links that were handed out already: cut off now and once more in 15 minutes, or at once
    /// whatever begins in the next 15 minutes
    #[arg(long, value_enum, default_value_t = Links::Again)]
    links: Links,
    /// Before anything is cut off, block the person until somebody lifts it, or suspend the role until links that were handed
    /// out before have died
    #[arg(long)]
    stop_first: bool,
    /// Until when they are stopped, in UTC, such as 2026-03-01T17:00
    #[arg(long, requires = "stop_first")]
    until: Option<String>,
    /// Why, for the audit log
    #[arg(long, default_value = "")]
    note: String,
    /// Only say what would be done, and print the policies
    #[arg(long)]
    dry_run: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Links {
    /// Now, and once more in 15 minutes
    Again,
    /// At once, until in 15 minutes
    Ahead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Runs it.
pub(super) async fn run(config: &Config, arguments: Arguments) -> Result<(), Failure> {
    let revocations = app::open_revocations(config)
        .await
        .map_err(|error| Failure::of("nothing can be revoked", &error))?;
    let done = revoke(config, &revocations, &arguments).await;
    revocations.close().await;
    done
}

async fn revoke(
    config: &Config,
    revocations: &Revocations,
    arguments: &Arguments,
) -> Result<(), Failure> {
    if arguments.note.chars().count() > 1_000 || arguments.note.contains(char::is_control) {
        return Err(Failure::new(
            "a note has at most 1,000 characters and no control characters",
        ));
    }
    let way = match arguments.links {
        Links::Again => Way::Again,
        Links::Ahead => Way::Ahead,
    };
    let until = arguments.until.as_deref().map(super::stops::until);
    let until = until.transpose()?;
    let asked = Asked {
        stop_first: arguments.stop_first.then(|| StopFirst {
            until: until.filter(|until| until.0.is_some()),
            author: "vestibule revoke".to_owned(),
        }),
        ..Asked::new(target(config, revocations, arguments).await?, way)
    };
    let by = by(arguments);
    let revocation = if arguments.dry_run {
        revocations.plan(&asked, by).await
    } else {
        revocations.apply(&asked, None, by).await
    };
    let revocation = revocation.map_err(|error| Failure::of("nothing was revoked", &error))?;
    match arguments.format {
        Format::Text => output::text(&told(&revocation)),
        Format::Json => {
            let json = serde_json::to_string_pretty(&revocation.to_json());
            output::line(&json.unwrap_or_default());
        }
    }
    if arguments.dry_run || revocation.is_whole() {
        return Ok(());
    }
    Err(Failure::new("not everything was cut off: see above"))
}

/// Who does it, and why.
fn by(arguments: &Arguments) -> Event {
    Event {
        reference: Some(hex::<8>(&SystemRandom)),
        display_name: Some("vestibule revoke".to_owned()),
        note: Some(arguments.note.clone()).filter(|note| !note.is_empty()),
        ..Event::default()
    }
}

async fn target(
    config: &Config,
    revocations: &Revocations,
    arguments: &Arguments,
) -> Result<Target, Failure> {
    if let (Some(account), Some(role)) = (&arguments.account, &arguments.role) {
        let key = RoleKey::parse(&format!("{account}/{role}"));
        return key
            .map(Target::Role)
            .map_err(|error| Failure::new(format!("--account {account} --role {role}: {error}")));
    }
    let text = arguments.person.as_deref().unwrap_or_default();
    let failed = |error: &crate::admin::Error| Failure::of("the audit log cannot be read", error);
    let named = text.split_once(':').ok_or_else(|| {
        Failure::new("a person is written IDENTITY-PROVIDER:SUBJECT, such as corp:ada@example.com")
    })?;
    let format = arguments.subject_format.as_deref();
    let found = revocations.people_called(named.0, named.1, format).await;
    let found = found.map_err(|error| failed(&error))?;
    match found.as_slice() {
        [one] => Ok(Target::Person(one.person.clone())),
        [] if arguments.stop_first => {
            let admin = app::open_admin(config).await;
            let admin = admin.map_err(|error| Failure::of("nobody can be looked up", &error))?;
            let known = super::stops::somebody(&admin, text, format).await?;
            Ok(Target::Person((&known).into()))
        }
        [] => {
            let similar = revocations.people((None, named.1), by(arguments)).await;
            let similar = similar.map_err(|error| failed(&error))?;
            let unknown = revocations.left_unknown().await;
            let unknown = unknown.map_err(|error| failed(&error))?;
            let mut message = nobody(text, &similar.people);
            if let Some(unknown) = unknown {
                message.extend(["\n", &unknown]);
            }
            Err(Failure::new(message))
        }
        several => Err(Failure::new(format!(
            "{text} is several people: say which one with --subject-format\n{}",
            list(several)
        ))),
    }
}

fn nobody(text: &str, similar: &[SeenLately]) -> String {
    let mut message = format!(
        "the audit log has no sign-in of {text} whose session could still live: there is nothing to cut off, and nobody was blocked"
    );
    if !similar.is_empty() {
        // writing to a String cannot fail
        let _ = write!(message, "\nit has these:\n{}", list(similar));
    }
    message
}

fn list(people: &[SeenLately]) -> String {
    let line = |known: &SeenLately| {
        let person = &known.person;
        let (idp, subject, name) = (&person.idp, &person.subject, &known.name);
        format!("  {idp}:{subject} ({name}; format {:?})", person.format)
    };
    people.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// For people.
fn told(revocation: &Revocation) -> String {
    let mut text = String::new();
    for place in &revocation.places {
        text.push_str(&told_of(place));
    }
    let mut line = |sentence: &str| {
        text.push_str(sentence);
        text.push('\n');
    };
    if revocation.places.is_empty() && revocation.gaps.is_empty() {
        line(
            "There is no sign-in on record whose session could still live: there is nothing to cut off.",
        );
    }
    if !revocation.gaps.is_empty() {
        line("\nNot cut off, because there can be no policy for it:");
        for gap in &revocation.gaps {
            line(&format!("  {gap}"));
        }
    }
    line("");
    line(&stands(revocation));
    for way in &revocation.ways_past {
        line(way);
    }
    if !revocation.applied {
        line("Nothing was changed: this is what would be.");
    } else if revocation
        .places
        .iter()
        .any(|place| place.state == State::Cut)
    {
        line(
            "What is cut off is cut off for new requests as soon as IAM has told everything of it: AWS says that this can take a few minutes.",
        );
    }
    let not_cut = |place: &Place| matches!(place.state, State::NotCut { .. });
    match (revocation.asked.way, revocation.once_more) {
        // of what cannot be cut off there is nothing to say of later
        _ if revocation.places.iter().all(not_cut) => {}
        (_, Some(at)) => line(&format!(
            "Links handed out before can be used until {at}. A Vestibule that is running cuts off once more then.",
            at = written(at)
        )),
        (_, None)
            if revocation.applied
                && !revocation
                    .places
                    .iter()
                    .any(|place| place.state == State::Cut) => {}
        (Way::Ahead, None) => line(&format!(
            "Nobody whom this aims at gets anything done there before {}, whatever they begin until then.",
            written(revocation.asked.way.cutoff(revocation.at))
        )),
        (Way::Again, None) => {}
    }
    text
}

/// Whether Vestibule lets those who are cut off in anew.
fn stands(revocation: &Revocation) -> String {
    let (whom, word) = match &revocation.asked.target {
        Target::Person(person) => (format!("{}:{}", person.idp, person.subject), "blocked"),
        Target::Role(key) => (format!("The role {key}"), "suspended"),
    };
    if revocation.role_is_gone {
        return format!(
            "{whom} is not in the current revision: Vestibule lets nobody in by it. What it gave before is known by the audit log."
        );
    }
    let Some(stopped) = revocation.stopped else {
        return format!(
            "{whom} is NOT {word}: whoever is cut off can come in anew. With --stop-first that is seen to before anything is cut off; by hand with `vestibule stops`, or at /admin/people and /admin/stops."
        );
    };
    let with = if stopped.whole_account {
        ", with its account,"
    } else {
        ""
    };
    let since = if stopped.just_now {
        ", since just now"
    } else {
        ""
    };
    let until = match stopped.until.0 {
        Some(until) => format!("until {}", written(until)),
        None => "until somebody lifts it".to_owned(),
    };
    let nobody = match &revocation.asked.target {
        Target::Person(_) => "lets them in no more",
        Target::Role(_) => "lets nobody in",
    };
    format!("{whom} is {word}{with} {until}{since}: Vestibule {nobody}.")
}

fn told_of(place: &Place) -> String {
    let mut text = format!(
        "\n{} ({}), {}: {}\n",
        place.alias,
        place.account,
        place.holder,
        match &place.state {
            State::Planned => "would be cut off".to_owned(),
            State::Cut => "cut off".to_owned(),
            State::Pending { again, .. } =>
                format!("NOT CUT OFF YET, and tried again at {}", written(*again)),
            State::NotCut { .. } => "NOT CUT OFF".to_owned(),
        }
    );
    if let State::Pending { cause, .. } | State::NotCut { cause, .. } = &place.state {
        // writing to a String cannot fail
        let _ = writeln!(text, "  {cause}");
    }
    for sentence in place.aims.iter().chain(&place.notes) {
        let _ = writeln!(text, "  {sentence}");
    }
    let has_policy = match &place.state {
        State::Planned | State::Cut => true,
        State::Pending { .. } | State::NotCut { .. } => place.document.is_some(),
    };
    match &place.document {
        Some(document) => policy(&mut text, &format!("The policy {POLICY}:"), document),
        None if has_policy => text.push_str("  No policy is left there.\n"),
        None => {}
    }
    if let Some(once_more) = &place.once_more {
        let at = written(once_more.at);
        let title = format!("The policy {POLICY} once more, at {at}, for links of before:");
        policy(&mut text, &title, &once_more.document);
    }
    text
}

fn policy(text: &mut String, title: &str, document: &str) {
    // writing to a String cannot fail
    let _ = writeln!(text, "  {title}");
    for line in document.lines() {
        let _ = writeln!(text, "    {line}");
    }
}

fn written(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
