//! What concerns the account as a whole: its alias, and which tokens its global endpoint gives.

use super::call::{Answered, Call};
use super::shape::ALIAS;
use crate::aws::query::{Element, QueryError};

pub(super) fn create_alias(call: &mut Call<'_>) -> Answered {
    let alias = call.shape.required("AccountAlias", &ALIAS);
    call.permit("*")?;
    let account = call.identity.account.clone();
    let editor = &call.identity.access_key;
    call.simulation.edit(editor, |registry| {
        let alias_of = |other: &&crate::aws::iam::Account| other.alias.as_ref() == Some(&alias);
        if registry
            .accounts()
            .find(alias_of)
            .is_some_and(|other| other.id != account)
        {
            let text = format!("The account alias {alias} already exists.");
            return Err(QueryError::exists(text));
        }
        let account = registry.account_mut(&account);
        account.ok_or_else(QueryError::unknown_key)?.alias = Some(alias);
        Ok(Vec::new())
    })
}

pub(super) fn list_aliases(call: &mut Call<'_>) -> Answered {
    let paging = call.paging()?;
    call.permit("*")?;
    call.read(|account| {
        let alias = account.alias.iter();
        let alias = alias.map(|alias| (alias.clone(), Element::text("member", alias.as_str())));
        Ok(paging.cut("AccountAliases", alias))
    })
}

pub(super) fn set_token_preferences(call: &mut Call<'_>) -> Answered {
    let version = call
        .shape
        .word("GlobalEndpointTokenVersion", &["v1Token", "v2Token"]);
    call.permit("*")?;
    let version = version
        .ok_or_else(|| QueryError::validation("GlobalEndpointTokenVersion must be given"))?;
    call.edit(|account| {
        account.global_tokens_everywhere = version == "v2Token";
        Ok(Vec::new())
    })
}
