//! The terms under which an event is filed. A term is a class and a text; an event may be filed under several of a class.

use std::collections::BTreeSet;

use crate::domain::audit::{Event, EventKind};
use crate::domain::person::PersonKey;

/// What a term is about. The letter stands in the database and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The sign-in's id.
    Signin,
    /// The reference of a page and of the log.
    Reference,
    /// The id of the access key that was handed over.
    AccessKey,
    /// A person: who acts, or whom it is about.
    Person,
    /// A person whom it is about, and who does not act.
    About,
    /// A person by their key: where they signed in, and where somebody did something about them. So a key alone leads to
    /// who it is.
    Key,
    /// A person by any of their names, in small letters.
    Named,
    /// `RoleSessionName`.
    SessionName,
    /// `SourceIdentity`.
    SourceIdentity,
    /// The address.
    Address,
    /// The role's key.
    Role,
    /// The account, by its id or by its alias.
    Account,
    /// The cause.
    Cause,
    /// The result.
    Result,
    /// The kind.
    Kind,
}

impl Class {
    /// The letter in the database.
    pub fn letter(self) -> char {
        match self {
            Self::Signin => 'i',
            Self::Reference => 'f',
            Self::AccessKey => 'x',
            Self::Person => 'p',
            Self::About => 'b',
            Self::Key => 'y',
            Self::Named => 'n',
            Self::SessionName => 's',
            Self::SourceIdentity => 'o',
            Self::Address => 'd',
            Self::Role => 'r',
            Self::Account => 'a',
            Self::Cause => 'c',
            Self::Result => 't',
            Self::Kind => 'k',
        }
    }
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    /// What it is about.
    pub class: Class,
    /// The text, in parts that are never joined: a person is a provider and a subject.
    pub parts: Vec<String>,
}

impl Term {
    /// A term of one text.
    pub fn of(class: Class, text: &str) -> Self {
        Self {
            class,
            parts: vec![text.to_owned()],
        }
    }

    /// A person. Without the format of the subject: whoever asks seldom knows it.
    pub fn person(class: Class, idp: &str, subject: &str) -> Self {
        Self {
            class,
            parts: vec![idp.to_owned(), subject.to_owned()],
        }
    }

    /// A person by their key.
    pub fn key(key: &PersonKey) -> Self {
        Self::of(Class::Key, key.as_str())
    }

    /// A person by a name, in whatever case.
    pub fn named(name: &str) -> Self {
        Self::of(Class::Named, &name.trim().to_lowercase())
    }
}

/// The people whom an event names with everything that makes a key: who acts, and whom it is about.
pub fn people(event: &Event) -> impl Iterator<Item = KnownSubject<'_>> {
    let actor = KnownSubject::acting(event);
    let about = event.about.as_ref().and_then(|about| {
        let names = (&about.idp, &about.subject_format, &about.subject);
        KnownSubject::of(names, &about.display_name)
    });
    actor.into_iter().chain(about)
}

/// Somebody, as an event names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownSubject<'a> {
    /// The provider.
    pub idp: &'a str,
    /// The subject's format.
    pub format: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// Their name for readers.
    pub name: Option<&'a str>,
}

impl<'a> KnownSubject<'a> {
    /// Somebody of whom the format is known as well.
    pub fn of(
        (idp, format, subject): (&'a Option<String>, &'a Option<String>, &'a Option<String>),
        name: &'a Option<String>,
    ) -> Option<Self> {
        Some(Self {
            idp: idp.as_deref()?,
            format: format.as_deref()?,
            subject: subject.as_deref()?,
            name: name.as_deref(),
        })
    }

    /// Who acts.
    pub fn acting(event: &'a Event) -> Option<Self> {
        let names = (&event.idp, &event.subject_format, &event.subject);
        Self::of(names, &event.display_name)
    }

    /// Their key.
    pub fn key(&self) -> PersonKey {
        PersonKey::of(self.idp, self.format, self.subject)
    }
}

/// Everything that an event is filed under.
pub fn terms(kind: &str, event: &Event) -> BTreeSet<Term> {
    let mut terms = BTreeSet::from([Term::of(Class::Kind, kind)]);
    let single = [
        (Class::Signin, &event.signin_id),
        (Class::Reference, &event.reference),
        (Class::AccessKey, &event.access_key_id),
        (Class::SessionName, &event.session_name),
        (Class::SourceIdentity, &event.source_identity),
        (Class::Address, &event.address),
        (Class::Role, &event.role),
        (Class::Account, &event.account),
        (Class::Cause, &event.cause),
        (Class::Result, &event.result),
    ];
    for (class, text) in single {
        terms.extend(text.as_deref().map(|text| Term::of(class, text)));
    }
    let alias = event.role.as_deref().and_then(|role| role.split_once('/'));
    terms.extend(alias.map(|(alias, _)| Term::of(Class::Account, alias)));
    if let (Some(idp), Some(subject)) = (&event.idp, &event.subject) {
        terms.insert(Term::person(Class::Person, idp, subject));
    }
    let about = event.about.as_ref();
    let about = about.and_then(|about| Some((about.idp.as_ref()?, about.subject.as_ref()?)));
    if let Some((idp, subject)) = about {
        let classes = [Class::Person, Class::About].into_iter();
        terms.extend(classes.map(|class| Term::person(class, idp, subject)));
    }
    terms.extend(names(event).map(Term::named));
    // who acts has begun a session: that row tells of all the others
    let acts = [EventKind::SessionBegan, EventKind::LoginFailed];
    let acts = acts.iter().any(|telling| telling.name() == kind);
    let skipped = usize::from(!acts && KnownSubject::acting(event).is_some());
    let keys = people(event).skip(skipped);
    terms.extend(keys.map(|person| Term::key(&person.key())));
    terms
}

/// All that people of an event are called by.
pub(super) fn names(event: &Event) -> impl Iterator<Item = &str> {
    let about = event.about.as_ref();
    [
        event.subject.as_deref(),
        event.display_name.as_deref(),
        event.session_name.as_deref(),
        about.and_then(|about| about.subject.as_deref()),
        about.and_then(|about| about.display_name.as_deref()),
    ]
    .into_iter()
    .flatten()
}
