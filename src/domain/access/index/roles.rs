//! Where roles stand, and what selectors with several roles stand for.

use std::collections::HashMap;
use std::ops::Range;

use super::build::number;
use crate::domain::access::model::{Model, may_select};
use crate::domain::access::selector::{Named, Selector};

/// Where roles stand in the model's list.
#[derive(Debug, Default)]
pub(super) struct RoleTable {
    pub(super) count: usize,
    /// By `alias/name`.
    pub(super) by_key: HashMap<String, u32>,
    /// The roles of an account lie side by side.
    pub(super) by_account: HashMap<String, Range<u32>>,
    pub(super) by_name: HashMap<String, Vec<u32>>,
}

/// The table of a model.
pub(super) fn table(model: &Model) -> RoleTable {
    let mut table = RoleTable {
        count: model.roles.len(),
        ..RoleTable::default()
    };
    for (index, role) in model.roles.iter().enumerate() {
        let place = number(index);
        table.by_key.insert(role.key.to_string(), place);
        table
            .by_account
            .entry(role.key.account.to_string())
            .and_modify(|range| range.end = place + 1)
            .or_insert(place..place + 1);
        let of_name = table.by_name.entry(role.key.name.to_string()).or_default();
        of_name.push(place);
    }
    table
}

/// The places of all roles that a selector without captures points at.
pub(super) fn ranges(model: &Model, selector: &Selector) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    let mut add = |place: u32| match ranges.last_mut() {
        Some(last) if last.end == place => last.end += 1,
        _ => ranges.push(place..place + 1),
    };
    for (index, role) in model.roles.iter().enumerate() {
        if may_select(selector, role) {
            add(number(index));
        }
    }
    ranges
}

impl RoleTable {
    /// The places of the roles that both sides name.
    pub(super) fn select(&self, account: &Named, role: &Named, mut found: impl FnMut(usize)) {
        match (account, role) {
            (Named::This(account), Named::This(role)) => {
                let place = self.by_key.get(&format!("{account}/{role}"));
                if let Some(place) = place {
                    found(*place as usize);
                }
            }
            (Named::This(account), Named::Any) => {
                let range = self.by_account.get(account).cloned().unwrap_or_default();
                range.for_each(|place| found(place as usize));
            }
            (Named::Any, Named::This(role)) => {
                let places = self.by_name.get(role).map_or(&[][..], Vec::as_slice);
                for place in places {
                    found(*place as usize);
                }
            }
            (Named::Any, Named::Any) => (0..self.count).for_each(found),
        }
    }
}
