//! `vestibule stops`: who is blocked and what is suspended, from the machine itself, for when nobody can sign in to say it
//! on a page.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use clap::Subcommand;

use super::{Failure, output};
use crate::admin::{Admin, Error, Place, Signature, StopLine};
use crate::app;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::domain::Timestamp;
use crate::domain::audit::Event;
use crate::domain::identity::{IdpId, Subject};
use crate::domain::intent::AccountRef;
use crate::domain::person::KnownPerson;
use crate::domain::role::RoleName;
use crate::domain::stop::{Target, Until};
use crate::random::{SystemRandom, hex};

/// Who does it, in the record.
const AUTHOR: &str = "vestibule stops";
/// How many are read at once.
const AT_ONCE: u32 = 1_000;

/// `vestibule stops …`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List who is blocked and what is suspended
    List,
    /// Block a person: their sessions and tokens end, none begins, and nothing is handed to them any more
    Block {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        terms: Terms,
    },
    /// Suspend an account or one of its roles: nothing is handed over there any more
    Suspend {
        #[command(flatten)]
        place: Where,
        #[command(flatten)]
        terms: Terms,
    },
    /// Lift a block or a suspension
    Lift(Lifted),
}

#[derive(Debug, clap::Args)]
pub(super) struct Who {
    /// IDENTITY-PROVIDER:SUBJECT, as the record has them
    #[arg(long, value_name = "IDP:SUBJECT")]
    person: String,
    /// The subject's format: needed for somebody of whom nothing is known, and where the provider uses the subject in several
    #[arg(long, value_name = "FORMAT")]
    subject_format: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Where {
    /// The account, by its alias or its id
    #[arg(long)]
    account: String,
    /// One of its roles alone
    #[arg(long)]
    role: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Terms {
    /// When it ends by itself, in UTC, such as 2026-03-01T17:00; until it is lifted if nothing is said
    #[arg(long, default_value = "")]
    until: String,
    /// Why: for administrators, and kept in the record
    #[arg(long, default_value = "")]
    note: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct Lifted {
    /// The block of a person: IDENTITY-PROVIDER:SUBJECT
    #[arg(
        long,
        value_name = "IDP:SUBJECT",
        required_unless_present = "account",
        conflicts_with = "account"
    )]
    person: Option<String>,
    /// Where the provider uses the subject in several formats: which one
    #[arg(long, requires = "person", value_name = "FORMAT")]
    subject_format: Option<String>,
    /// The suspension of an account, by its alias or its id
    #[arg(long)]
    account: Option<String>,
    /// The suspension of one of its roles, and not that of the account
    #[arg(long, requires = "account")]
    role: Option<String>,
}

/// Runs it.
pub(super) async fn run(config: &Config, command: Command) -> Result<(), Failure> {
    let admin = app::open_admin(config)
        .await
        .map_err(|error| Failure::of("the database cannot be used", &error))?;
    let said = match command {
        Command::List => list(&admin).await?,
        Command::Block { who, terms } => block(&admin, &who, terms).await?,
        Command::Suspend { place, terms } => suspend(&admin, &place, terms).await?,
        Command::Lift(lifted) => lift(&admin, &lifted).await?,
    };
    output::text(&said);
    Ok(())
}

async fn list(admin: &Admin) -> Result<String, Failure> {
    let (mut said, mut after) = (String::new(), None);
    loop {
        let list = admin.stops(after.as_ref(), AT_ONCE).await;
        let list = list.map_err(|error| Failure::of("not listed", &error))?;
        let in_force = list.lines.iter().filter(|line| line.in_force);
        said.extend(in_force.map(told));
        after = list.next;
        if after.is_none() {
            break;
        }
    }
    if said.is_empty() {
        said.push_str("Nobody is blocked, and nothing is suspended.\n");
    }
    Ok(said)
}

fn told(line: &StopLine) -> String {
    let stop = &line.stop;
    let named = match &stop.person {
        Some(person) => written(person),
        None => line.name.clone(),
    };
    let done = match stop.target {
        Target::Person(_) => "blocked",
        Target::Account(_) | Target::Role(_) => "suspended",
    };
    let mut text = format!(
        "{kind} {named}: {done} {until}, since {since} by {author}\n",
        kind = stop.target.kind(),
        until = ends(stop.until),
        since = moment(stop.at),
        author = stop.author,
    );
    for note in stop.note.lines() {
        // writing to a String cannot fail
        let _ = writeln!(text, "  {note}");
    }
    text
}

async fn block(admin: &Admin, who: &Who, terms: Terms) -> Result<String, Failure> {
    let until = until(&terms.until)?;
    let format = who.subject_format.as_deref();
    let person = somebody(admin, &who.person, format).await?;
    let named = written(&person);
    let blocked = admin.block(person, until, by(terms.note)).await;
    blocked.map_err(|error| Failure::of("nobody was blocked", &error))?;
    Ok(format!(
        "{named} is blocked {}: nothing is handed to them any more, on any replica.\n\
         What is open in AWS already goes on: vestibule revoke --person {} cuts it off.\n",
        ends(until),
        who.person,
    ))
}

async fn suspend(admin: &Admin, place: &Where, terms: Terms) -> Result<String, Failure> {
    let until = until(&terms.until)?;
    let at = Place {
        account: account(&place.account)?,
        role: place.role.as_deref().map(role).transpose()?,
    };
    let suspended = admin.suspend(&at, until, by(terms.note)).await;
    suspended.map_err(|error| Failure::of("nothing was suspended", &error))?;
    let named = match &place.role {
        Some(role) => format!("{}/{role}", place.account),
        None => place.account.clone(),
    };
    Ok(format!(
        "{named} is suspended {}: nothing is handed over there any more, by any replica.\n\
         What is open in AWS already goes on: vestibule revoke cuts it off, role by role.\n",
        ends(until),
    ))
}

async fn lift(admin: &Admin, lifted: &Lifted) -> Result<String, Failure> {
    let failed = |error: &Error| Failure::of("nothing was lifted", error);
    let (target, named) = if let Some(text) = &lifted.person {
        let format = lifted.subject_format.as_deref();
        let person = somebody(admin, text, format).await?;
        let named = written(&person);
        let known = admin.somebody(person.idp, person.subject);
        let (key, _) = known.map_err(|error| failed(&error))?;
        (Target::Person(key), named)
    } else {
        let place = Place {
            account: account(lifted.account.as_deref().unwrap_or_default())?,
            role: lifted.role.as_deref().map(role).transpose()?,
        };
        let target = admin
            .stopped_at(&place)
            .await
            .map_err(|error| failed(&error))?;
        let named = target.to_string();
        (target, named)
    };
    let event = by(String::new()).event;
    let done = admin.lift(&target, event).await;
    done.map_err(|error| failed(&error))?;
    Ok(match target {
        Target::Person(_) => format!("{named} is blocked no more.\n"),
        Target::Account(_) | Target::Role(_) => format!("{named} is suspended no more.\n"),
    })
}

/// Who is meant: by what is known of them, or as it is said.
pub(super) async fn somebody(
    admin: &Admin,
    text: &str,
    format: Option<&str>,
) -> Result<KnownPerson, Failure> {
    let named = text
        .split_once(':')
        .and_then(|(idp, subject)| Some((IdpId::parse(idp).ok()?, subject)))
        .filter(|(_, subject)| !subject.is_empty() && !subject.contains(char::is_control));
    let (idp, subject) = named.ok_or_else(|| {
        Failure::new("a person is written IDENTITY-PROVIDER:SUBJECT, such as corp:ada@example.com")
    })?;
    let known = admin.called(&idp, subject).await;
    let known = known.map_err(|error| Failure::of("nobody can be looked up", &error))?;
    let mut meant: Vec<KnownPerson> = known
        .into_iter()
        .filter(|known| format.is_none_or(|format| known.subject.format == format))
        .collect();
    match (meant.len(), format) {
        (1, _) => Ok(meant.remove(0)),
        (0, Some(format)) => {
            let subject = Subject {
                format: format.to_owned(),
                value: subject.to_owned(),
            };
            let unseen = admin.somebody(idp, subject);
            unseen.map(|(_, person)| person).map_err(|_| {
                Failure::new(format!(
                    "{text}: the configuration has no such identity provider"
                ))
            })
        }
        (0, None) => Err(Failure::new(format!(
            "nothing is known of {text}: say with --subject-format in which format the provider sends that subject (sub with OpenID Connect, or a SAML name identifier's format, which may be empty)"
        ))),
        _ => {
            let formats = meant
                .iter()
                .map(|person| format!("  {:?}", person.subject.format));
            Err(Failure::new(format!(
                "{text} is several people: say which one with --subject-format\n{}",
                formats.collect::<Vec<_>>().join("\n")
            )))
        }
    }
}

fn written(person: &KnownPerson) -> String {
    let (idp, subject, name) = (&person.idp, &person.subject.value, &person.display_name);
    if name == subject {
        format!("{idp}:{subject}")
    } else {
        format!("{idp}:{subject} ({name})")
    }
}

fn account(text: &str) -> Result<AccountRef, Failure> {
    AccountRef::parse(text).ok_or_else(|| {
        Failure::new(format!(
            "--account {text}: an account is written as its alias or as its 12 digits"
        ))
    })
}

fn role(text: &str) -> Result<RoleName, Failure> {
    RoleName::parse(text).map_err(|error| Failure::new(format!("--role {text}: {error}")))
}

/// An end as it is typed; an empty one is none.
pub(super) fn until(text: &str) -> Result<Until, Failure> {
    Until::parse(text, SystemClock.now())
        .map_err(|error| Failure::new(format!("--until {text}: {error}")))
}

fn by(note: String) -> Signature {
    Signature {
        author: AUTHOR.to_owned(),
        note,
        event: Event {
            reference: Some(hex::<8>(&SystemRandom)),
            display_name: Some(AUTHOR.to_owned()),
            ..Event::default()
        },
    }
}

fn ends(until: Until) -> String {
    until.0.map_or_else(
        || "until somebody lifts it".to_owned(),
        |until| format!("until {}", moment(until)),
    )
}

fn moment(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
