//! Who is about to be cut off, and whether they can come in anew: in a sentence, and what the form offers to do first.

use crate::admin::revoke::{SeenLately, Stopped};
use crate::domain::identity::Subject;
use crate::domain::person::PersonKey;
use crate::domain::revoke::{Person, Target};
use crate::web::links;
use crate::web::texts::{self, Texts};

/// Somebody, and where their own page is.
#[derive(Debug)]
pub(super) struct PersonLine<'a> {
    pub(super) who: &'a SeenLately,
    pub(super) href: String,
}

/// Whether Vestibule lets those who are cut off in anew.
#[derive(Debug)]
pub(super) struct Stands {
    /// In a sentence.
    pub(super) says: String,
    pub(super) is_stopped: bool,
    /// What the form offers to do first; `None`: nothing, for it is done or nobody may.
    pub(super) offer: Option<Offer>,
}

/// Stopping them first.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) label: &'static str,
    pub(super) about: &'static str,
    pub(super) until_about: &'static str,
}

impl<'a> PersonLine<'a> {
    pub(super) fn new(who: &'a SeenLately) -> Self {
        Self {
            who,
            href: href_of(&who.person),
        }
    }
}

pub(super) fn href_of(person: &Person) -> String {
    let key = PersonKey::of(&person.idp, &person.format, &person.subject);
    links::admin_person(&key)
}

impl Stands {
    /// Of a role that is not there any more.
    pub(super) fn gone(all: &Texts) -> Self {
        Self {
            says: all.revoke.role_is_gone.to_owned(),
            is_stopped: true,
            offer: None,
        }
    }

    /// `own`: the provider and the subject of whoever looks, who cannot block themself.
    pub(super) fn new(
        all: &Texts,
        target: &Target,
        stopped: Option<Stopped>,
        (idp, subject): (&str, &Subject),
    ) -> Self {
        let t = &all.revoke;
        if let Some(stopped) = stopped {
            let text = match target {
                Target::Person(_) if stopped.just_now => t.blocked_first,
                Target::Person(_) => t.is_blocked,
                Target::Role(_) if stopped.just_now => t.suspended_first,
                Target::Role(_) if stopped.whole_account => t.is_suspended_with_account,
                Target::Role(_) => t.is_suspended,
            };
            let until = texts::until(all, stopped.until);
            return Self {
                says: text.with("until", until).plain(),
                is_stopped: true,
                offer: None,
            };
        }
        let (says, offer) = match target {
            Target::Person(person)
                if (person.idp.as_str(), &person.format, &person.subject)
                    == (idp, &subject.format, &subject.value) =>
            {
                (t.not_blocked_own, None)
            }
            Target::Person(_) => {
                let offer = Offer {
                    label: t.block_first,
                    about: t.block_first_about,
                    until_about: all.stops.until_about,
                };
                (t.not_blocked, Some(offer))
            }
            Target::Role(_) => {
                let offer = Offer {
                    label: t.suspend_first,
                    about: t.suspend_first_about,
                    until_about: t.suspend_until_about,
                };
                (t.not_suspended, Some(offer))
            }
        };
        Self {
            says: says.to_owned(),
            is_stopped: false,
            offer,
        }
    }
}
