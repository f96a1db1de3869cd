//! What the record says of one person, or of one role: the newest rows of each sort.

use super::{Found, Order};
use crate::admin::{Admin, Error};
use crate::domain::audit::EventKind::{
    KeysEnded, KeysRefused, ProbeEnded, RoleResumed, RoleSuspended, SessionBegan, SessionEnded,
    SigninEnded, SigninRefused, WhyRefused,
};
use crate::domain::audit::{Event, EventKind};
use crate::domain::record::Search;

/// How many rows stand in a section.
const MOST: u32 = 20;

/// Rows of one sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What finds all of its rows, by one search for each kind.
    pub searches: Vec<Search>,
    /// The newest rows, the newest first.
    pub rows: Vec<Found>,
    /// Whether there are more, or not all was looked at.
    pub more: bool,
    /// How many rows were looked at by the searches that ended before all was.
    pub looked_at: u32,
}

/// What the record says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfPerson {
    /// Their consoles and keys.
    pub signins: Section,
    /// The sessions with Vestibule that they began or that were ended.
    pub sessions: Section,
    /// What they did not get.
    pub refusals: Section,
    /// What others did about them.
    pub about: Section,
    /// The rows that no search finds yet, by first and last position.
    pub unindexed: Option<(i64, i64)>,
}

impl OfPerson {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &Found> {
        let sections = [&self.signins, &self.sessions, &self.refusals, &self.about];
        sections.into_iter().flat_map(|section| &section.rows)
    }
}

/// What the record says of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfRole {
    /// Who went in.
    pub signins: Section,
    /// Who did not get in.
    pub refusals: Section,
    /// Everything else.
    pub changes: Section,
    /// The rows that no search finds yet, by first and last position.
    pub unindexed: Option<(i64, i64)>,
}

impl OfRole {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &Found> {
        let sections = [&self.signins, &self.refusals, &self.changes];
        sections.into_iter().flat_map(|section| &section.rows)
    }
}

impl Admin {
    /// What the record says of a person; `by` says who reads.
    pub async fn record_of_person(
        &self,
        (idp, subject): (&str, &str),
        by: Event,
    ) -> Result<OfPerson, Error> {
        let person = Search {
            idp: Some(idp.to_owned()),
            subject: Some(subject.to_owned()),
            ..Search::default()
        };
        self.read_by(EventKind::RecordRead, &person.fields(), by)
            .await?;
        let about = Search {
            about: true,
            ..person.clone()
        };
        let refusals = [SigninRefused, KeysRefused, WhyRefused];
        Ok(OfPerson {
            signins: self.section(&person, &[SigninEnded, KeysEnded]).await?,
            sessions: self.section(&person, &[SessionBegan, SessionEnded]).await?,
            refusals: self.section(&person, &refusals).await?,
            about: self.section(&about, &[]).await?,
            unindexed: self.store.unindexed().await?,
        })
    }

    /// What the record says of a role; `by` says who reads.
    pub async fn record_of_role(&self, role: &str, by: Event) -> Result<OfRole, Error> {
        let of_role = Search {
            role: Some(role.to_owned()),
            ..Search::default()
        };
        self.read_by(EventKind::RecordRead, &of_role.fields(), by)
            .await?;
        let changes = [ProbeEnded, RoleSuspended, RoleResumed];
        Ok(OfRole {
            signins: self.section(&of_role, &[SigninEnded, KeysEnded]).await?,
            refusals: self
                .section(&of_role, &[SigninRefused, KeysRefused])
                .await?,
            changes: self.section(&of_role, &changes).await?,
            unindexed: self.store.unindexed().await?,
        })
    }

    /// The newest rows of some kinds, of all kinds if none is named.
    async fn section(&self, search: &Search, kinds: &[EventKind]) -> Result<Section, Error> {
        let mut searches: Vec<Search> = kinds
            .iter()
            .map(|kind| Search {
                kind: Some(*kind),
                ..search.clone()
            })
            .collect();
        if searches.is_empty() {
            searches.push(search.clone());
        }
        let (mut rows, mut more, mut looked_at) = (Vec::new(), false, 0);
        for search in &searches {
            let looked = self
                .store
                .search(search, Order::NewestFirst, None, MOST)
                .await?;
            if looked.next.is_some() {
                more = true;
                looked_at += looked.looked_at;
            }
            rows.extend(looked.rows);
        }
        rows.sort_by_key(|found| std::cmp::Reverse((found.at, found.position)));
        more |= rows.len() > MOST as usize;
        rows.truncate(MOST as usize);
        Ok(Section {
            searches,
            rows,
            more,
            looked_at,
        })
    }
}
