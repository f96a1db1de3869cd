//! Long-term keys of users. A secret is shown once, when its key is made.

use super::call::{Answered, Call};
use super::shape::ACCESS_KEY;
use super::users;
use crate::aws::iam::{AccessKey, Account};
use crate::aws::identity::timestamp;
use crate::aws::query::{Element, QueryError};

pub(super) fn create(call: &mut Call<'_>) -> Answered {
    let name = users::named_or_own(call)?;
    let random = &call.simulation.random;
    let mut key = AccessKey::new(&random.id("AKIA", 16), &random.secret());
    key.created = call.now();
    let most = call.switches.access_keys;
    call.edit(|account| {
        let user = account.users.get_mut(&name);
        let user = user.ok_or_else(|| users::unknown(&name))?;
        if user.access_keys.len() >= most {
            return Err(QueryError::limit("AccessKeysPerUser", most));
        }
        let mut parts = describe(&name, &key);
        parts.push(Element::text("SecretAccessKey", key.secret.as_str()));
        user.access_keys.push(key);
        Ok(vec![Element::Group("AccessKey", parts)])
    })
}

pub(super) fn list(call: &mut Call<'_>) -> Answered {
    let paging = call.paging()?;
    let name = users::named_or_own(call)?;
    call.read(|account| {
        let user = account.users.get(&name);
        let user = user.ok_or_else(|| users::unknown(&name))?;
        let keys = user.access_keys.iter().map(|key| {
            let member = Element::Group("member", describe(&name, key));
            (key.id.clone(), member)
        });
        Ok(paging.cut("AccessKeyMetadata", keys))
    })
}

pub(super) fn update(call: &mut Call<'_>) -> Answered {
    let id = call.shape.required("AccessKeyId", &ACCESS_KEY);
    let status = call.shape.word("Status", &["Active", "Inactive"]);
    let name = users::named_or_own(call)?;
    let status = status.ok_or_else(|| QueryError::validation("Status must be given"))?;
    call.edit(|account| {
        let keys = keys_of(account, &name)?;
        let key = keys.iter_mut().find(|key| key.id == id);
        key.ok_or_else(|| unknown(&id))?.active = status == "Active";
        Ok(Vec::new())
    })
}

pub(super) fn delete(call: &mut Call<'_>) -> Answered {
    let id = call.shape.required("AccessKeyId", &ACCESS_KEY);
    let name = users::named_or_own(call)?;
    call.edit(|account| {
        let keys = keys_of(account, &name)?;
        let at = keys.iter().position(|key| key.id == id);
        keys.remove(at.ok_or_else(|| unknown(&id))?);
        Ok(Vec::new())
    })
}

fn keys_of<'a>(account: &'a mut Account, name: &str) -> Result<&'a mut Vec<AccessKey>, QueryError> {
    let user = account.users.get_mut(name);
    Ok(&mut user.ok_or_else(|| users::unknown(name))?.access_keys)
}

fn describe(user: &str, key: &AccessKey) -> Vec<Element> {
    let status = if key.active { "Active" } else { "Inactive" };
    vec![
        Element::text("UserName", user),
        Element::text("AccessKeyId", key.id.as_str()),
        Element::text("Status", status),
        Element::text("CreateDate", timestamp(key.created)),
    ]
}

fn unknown(id: &str) -> QueryError {
    QueryError::missing(format!("The Access Key with id {id} cannot be found."))
}
