//! Entries of a draft, one by one: accounts, roles, scopes and rules found, changed, added and taken out.
//!
//! The form and the text are two views of one draft. An entry is changed as it was seen: when it is still so, the change
//! goes into the draft whatever else somebody did to it meanwhile; when it is not, whoever changes it is told.

use aws_lc_rs::digest::{SHA256, digest};

use super::drafts::aside;
use super::{Admin, Error, Saved};
use crate::domain::access::edit::{self, Entry};
use crate::domain::access::{Document, DraftId, EntryName, Problem, Section, Surroundings, check};
use crate::store::{DraftSummary, SharedDraft};

/// How many entries a list has at most; a narrower search shows the rest.
pub const MOST_ENTRIES: usize = 200;
/// How many users are named beside an entry.
const MOST_USERS: usize = 20;
/// How often a change is made again on what somebody saved meanwhile.
const TRIES: usize = 5;

/// A section of a draft as a list.
#[derive(Debug)]
pub struct EntryList {
    /// The draft.
    pub draft: DraftSummary,
    /// Which section.
    pub section: Section,
    /// The entries that the search leaves, at most [`MOST_ENTRIES`].
    pub lines: Vec<EntryLine>,
    /// How many it leaves.
    pub found: usize,
    /// How many there are in each section.
    pub counts: [usize; 4],
}

/// An entry of the list.
#[derive(Debug)]
pub struct EntryLine {
    /// What names it.
    pub name: EntryName,
    /// What it says.
    pub entry: Entry,
    /// What refers to it, the first of them.
    pub users: Vec<EntryName>,
    /// How many more there are.
    pub more_users: usize,
}

/// One entry of a draft.
#[derive(Debug)]
pub struct EntryView {
    /// The draft.
    pub draft: DraftSummary,
    /// The entry; `None` if there is none of that name.
    pub entry: Option<Entry>,
    /// What refers to it.
    pub users: Vec<EntryName>,
    /// How it was seen, for the form to say.
    pub seen: String,
}

/// What to do with an entry.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Put it there.
    Put {
        /// The entry.
        entry: Entry,
        /// Whether an alias that changes becomes a former one.
        keeps_links: bool,
        /// Although something is wrong with it.
        anyway: bool,
    },
    /// Take it out.
    Remove,
}

/// What became of it.
#[derive(Debug)]
pub enum Edited {
    /// It is in the draft.
    Done,
    /// Nothing was done: this is wrong with the entry, by key paths within it.
    Problems(Vec<Problem>),
    /// Nothing was done: somebody changed this entry meanwhile; how it is seen now, for the form to say.
    Overtaken(String),
    /// Nothing was done: there is no entry of that name.
    NoSuchEntry,
}

impl Admin {
    /// A section of a draft, narrowed by a text; `None` if the draft cannot be read.
    pub async fn entries(
        &self,
        id: DraftId,
        section: Section,
        search: &str,
    ) -> Result<Option<EntryList>, Error> {
        let SharedDraft { summary, text } = self.draft(id).await?;
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        aside(move || {
            let document = Document::from_toml(&text).ok()?;
            Some(list(&document, summary, section, &words))
        })
        .await
    }

    /// An entry of a draft (`None`: a new one); `None` if the draft cannot be read.
    pub async fn entry(
        &self,
        id: DraftId,
        name: Option<EntryName>,
    ) -> Result<Option<EntryView>, Error> {
        let SharedDraft { summary, text } = self.draft(id).await?;
        aside(move || {
            let document = Document::from_toml(&text).ok()?;
            let entry = name.as_ref().and_then(|name| find(&document, name));
            let users = name.as_ref().and_then(|name| {
                let place = edit::position(&document, name)?;
                Some(edit::Uses::of(&document).users(name.section, place))
            });
            Some(EntryView {
                draft: summary,
                seen: seen(entry.as_ref()),
                entry,
                users: users.unwrap_or_default(),
            })
        })
        .await
    }

    /// Changes an entry that was seen so; `at` is what named it (`None`: it is new). `None` if the draft cannot be read.
    pub async fn edit(
        &self,
        (id, by): (DraftId, &str),
        (at, was): (Option<EntryName>, &str),
        change: Edit,
    ) -> Result<Option<Edited>, Error> {
        self.check_ungoverned()?;
        for _ in 0..TRIES {
            let SharedDraft { summary, text } = self.draft(id).await?;
            let (at, was, change) = (at.clone(), was.to_owned(), change.clone());
            let surroundings = self.surroundings();
            let edited = self.checking.aside(move || {
                let document = Document::from_toml(&text).ok()?;
                Some(apply(document, (at.as_ref(), &was), change, &surroundings))
            });
            let text = match edited.await? {
                None => return Ok(None),
                Some(Err(edited)) => return Ok(Some(edited)),
                Some(Ok(text)) => text,
            };
            let saved = self.save_draft((id, summary.version), text, by).await?;
            if matches!(saved, Saved::Saved(_)) {
                return Ok(Some(Edited::Done));
            }
        }
        Err(Error::DraftOvertaken)
    }

    /// Changes an entry of the version of a draft that was seen, and of no other: for whoever names a version, and not how
    /// the entry was. `None` if the draft cannot be read.
    pub async fn edit_version(
        &self,
        ((id, version), by): ((DraftId, i64), &str),
        at: Option<EntryName>,
        change: Edit,
    ) -> Result<Option<Edited>, Error> {
        self.check_ungoverned()?;
        let SharedDraft { summary, text } = self.draft(id).await?;
        if summary.version != version {
            return Err(Error::DraftOvertaken);
        }
        let surroundings = self.surroundings();
        let edited = self.checking.aside(move || {
            let document = Document::from_toml(&text).ok()?;
            let now = at.as_ref().map(|name| find(&document, name));
            if let Some(None) = now {
                return Some(Err(Edited::NoSuchEntry));
            }
            let was = seen(now.flatten().as_ref());
            Some(apply(document, (at.as_ref(), &was), change, &surroundings))
        });
        let text = match edited.await? {
            None => return Ok(None),
            Some(Err(edited)) => return Ok(Some(edited)),
            Some(Ok(text)) => text,
        };
        match self.save_draft((id, version), text, by).await? {
            Saved::Saved(_) => Ok(Some(Edited::Done)),
            Saved::Overtaken(_) => Err(Error::DraftOvertaken),
        }
    }
}

fn list(document: &Document, draft: DraftSummary, section: Section, words: &[String]) -> EntryList {
    let uses = edit::Uses::of(document);
    let fits = |entry: &Entry| {
        let text = entry.to_value().to_string().to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let (mut found, mut lines) = (0, Vec::new());
    for (place, name) in edit::names(document, section).into_iter().enumerate() {
        let Some(entry) = edit::entry_at(document, section, place) else {
            continue;
        };
        if !words.is_empty() && !fits(&entry) {
            continue;
        }
        found += 1;
        if lines.len() < MOST_ENTRIES {
            let mut users = uses.users(section, place);
            let more_users = users.len().saturating_sub(MOST_USERS);
            users.truncate(MOST_USERS);
            lines.push(EntryLine {
                name,
                entry,
                users,
                more_users,
            });
        }
    }
    EntryList {
        draft,
        section,
        lines,
        found,
        counts: [
            document.accounts.len(),
            document.roles.len(),
            document.scopes.len(),
            document.rules.len(),
        ],
    }
}

fn find(document: &Document, name: &EntryName) -> Option<Entry> {
    let place = edit::position(document, name)?;
    edit::entry_at(document, name.section, place)
}

/// How an entry was seen: tells one content from another, and nothing else.
fn seen(entry: Option<&Entry>) -> String {
    let Some(entry) = entry else {
        return String::new();
    };
    let digest = digest(&SHA256, entry.to_value().to_string().as_bytes());
    digest.as_ref()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The draft's text after a change, or why there is none.
fn apply(
    mut document: Document,
    (at, was): (Option<&EntryName>, &str),
    change: Edit,
    surroundings: &Surroundings,
) -> Result<String, Edited> {
    let now = at.and_then(|name| find(&document, name));
    let now_seen = seen(now.as_ref());
    if now_seen != was {
        return Err(Edited::Overtaken(now_seen));
    }
    match change {
        Edit::Remove => {
            if let Some(name) = at {
                edit::remove(&mut document, name);
            }
        }
        Edit::Put {
            entry,
            keeps_links,
            anyway,
        } => {
            let section = section_of(&entry);
            let place = edit::put(&mut document, at, entry, keeps_links);
            if !anyway && let Err(problems) = check(&document, surroundings) {
                let prefix = format!("{}[{place}]", section.key());
                let own = problems.list().iter().filter_map(|problem| {
                    let rest = problem.path.strip_prefix(&prefix)?;
                    let own = rest.is_empty() || rest.starts_with('.');
                    own.then(|| Problem {
                        path: rest.trim_start_matches('.').to_owned(),
                        kind: problem.kind.clone(),
                    })
                });
                let own: Vec<Problem> = own.collect();
                if !own.is_empty() {
                    return Err(Edited::Problems(own));
                }
            }
        }
    }
    Ok(document.to_toml())
}

fn section_of(entry: &Entry) -> Section {
    match entry {
        Entry::Account(_) => Section::Accounts,
        Entry::Role(_) => Section::Roles,
        Entry::Scope(_) => Section::Scopes,
        Entry::Rule(_) => Section::Rules,
    }
}
