//! Links read into intents: ours, those of IAM Identity Center (`account_id`, `role_name`, `destination`) and
//! those of ConsoleMe (`/role/TEXT?r=&redirect=`).
//!
//! Everything becomes a domain type here or the link is refused. What a parameter means when it is unknown to us
//! is nothing: it is ignored; one that is known and stands twice is refused.

use crate::domain::account::Region;
use crate::domain::identity::IdpId;
use crate::domain::intent::{AccountRef, ConsoleIntent, Intent, KeysIntent, Search, WhyIntent};
use crate::domain::preferences::Consoles;
use crate::domain::reason::Reason;
use crate::domain::role::RoleName;
use crate::domain::scope::ScopeName;
use crate::web::links::REASON_FIELD;
use crate::web::parameters::{Parameters, Plus, Unreadable, decode};

/// The longest destination that is read at all.
const LONGEST_DESTINATION: usize = 2048;
/// The longest text to search for.
const LONGEST_SEARCH: usize = 256;

/// What a link asks for.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::web) struct Link {
    /// What for.
    pub(in crate::web) intent: Intent,
    /// Which provider to sign in with, if it says.
    pub(in crate::web) idp: Option<IdpId>,
}

/// `/go/{account}/{role}?…`, from the raw path.
pub(super) fn by_path(path: &str, query: &str) -> Result<Link, Unreadable> {
    let (account, role) = account_and_role(path)?;
    console(account, Some(role), &Parameters::read(query)?)
}

/// `/go/{account}?…`, from the raw path: the role is the reader's own.
pub(super) fn by_account(path: &str, query: &str) -> Result<Link, Unreadable> {
    let segment = path.split('/').nth(2).unwrap_or_default();
    let named = account(&decode(segment, Plus::Itself)?)?;
    let parameters = Parameters::read(query)?;
    without_role(named, &parameters)
}

/// The page about a role: `/roles/{account}/{role}` from the raw path, with what a query or a form says of the console.
pub(in crate::web) fn about(path: &str, said: &Parameters) -> Result<ConsoleIntent, Unreadable> {
    let (account, role) = account_and_role(path)?;
    asked(account, Some(role), said)
}

/// `/keys/{account}/{role}` from the raw path, with what a query or a form says beside.
pub(in crate::web) fn keys(path: &str, said: &Parameters) -> Result<KeysIntent, Unreadable> {
    let (account, role) = account_and_role(path)?;
    Ok(KeysIntent {
        account,
        role,
        scope: said.one("scope")?.map(scope).transpose()?,
        hours: said.one("hours")?.map(hours).transpose()?,
        region: said.one("region")?.map(region).transpose()?,
        suggested_reason: suggested(said)?,
    })
}

/// `/roles/{account}/{role}/why`, from the raw path.
pub(in crate::web) fn why(path: &str) -> Result<WhyIntent, Unreadable> {
    let (account, role) = account_and_role(path)?;
    Ok(WhyIntent { account, role })
}

fn account_and_role(path: &str) -> Result<(AccountRef, RoleName), Unreadable> {
    let mut segments = path.split('/').skip(2);
    let mut segment = || decode(segments.next().unwrap_or_default(), Plus::Itself);
    Ok((account(&segment()?)?, role(&segment()?)?))
}

/// `/go?account_id=…&role_name=…&destination=…`.
pub(super) fn by_query(query: &str) -> Result<Link, Unreadable> {
    let parameters = Parameters::read(query)?;
    let named = parameters
        .one("account_id")?
        .ok_or(Unreadable("it names no account"))?;
    let named = account(named)?;
    match parameters.one("role_name")?.map(role).transpose()? {
        Some(role) => console(named, Some(role), &parameters),
        None => without_role(named, &parameters),
    }
}

/// A console with a role of the reader's own: the one last used, or with `choose=yes` the one that they choose.
fn without_role(account: AccountRef, parameters: &Parameters) -> Result<Link, Unreadable> {
    let asked = asked(account, None, parameters)?;
    let intent = match parameters.one("choose")? {
        None => Intent::Console(asked),
        Some("yes") => Intent::Choose(asked),
        Some(_) => return Err(Unreadable("choose is yes, or is left out")),
    };
    let idp = idp(parameters)?;
    Ok(Link { intent, idp })
}

/// `/role/{text}?r=…&redirect=…`, from the raw path.
pub(super) fn by_text(path: &str, query: &str) -> Result<Link, Unreadable> {
    let raw = path.splitn(3, '/').nth(2).unwrap_or_default();
    let text = decode(raw, Plus::Itself)?;
    let parameters = Parameters::read(query)?;
    Ok(Link {
        intent: Intent::Search(Search {
            text: search(&text)?.to_owned(),
            region: parameters.one("r")?.map(region).transpose()?,
            destination: destination(parameters.one("redirect")?)?,
        }),
        idp: idp(&parameters)?,
    })
}

/// A text to look for among one's roles.
pub(in crate::web) fn search(text: &str) -> Result<&str, Unreadable> {
    let text = text.trim();
    let fits = !text.is_empty() && text.len() <= LONGEST_SEARCH && !text.contains(char::is_control);
    fits.then_some(text)
        .ok_or(Unreadable("the text to look for is empty or too long"))
}

/// `?idp=`.
pub(in crate::web) fn idp(parameters: &Parameters) -> Result<Option<IdpId>, Unreadable> {
    let text = parameters.one("idp")?;
    text.map(|text| {
        IdpId::parse(text).map_err(|_| Unreadable("there is no such identity provider"))
    })
    .transpose()
}

fn console(
    account: AccountRef,
    role: Option<RoleName>,
    parameters: &Parameters,
) -> Result<Link, Unreadable> {
    Ok(Link {
        intent: Intent::Console(asked(account, role, parameters)?),
        idp: idp(parameters)?,
    })
}

fn asked(
    account: AccountRef,
    role: Option<RoleName>,
    parameters: &Parameters,
) -> Result<ConsoleIntent, Unreadable> {
    Ok(ConsoleIntent {
        account,
        role,
        destination: destination(parameters.one("destination")?)?,
        region: parameters.one("region")?.map(region).transpose()?,
        scope: parameters.one("scope")?.map(scope).transpose()?,
        hours: parameters.one("hours")?.map(hours).transpose()?,
        consoles: parameters.one("consoles")?.map(consoles).transpose()?,
        suggested_reason: suggested(parameters)?,
        given_reason: None,
    })
}

/// How an account is named.
pub(in crate::web) fn account(text: &str) -> Result<AccountRef, Unreadable> {
    AccountRef::parse(text).ok_or(Unreadable(
        "an account is written as its alias or as its 12 digits",
    ))
}

fn role(text: &str) -> Result<RoleName, Unreadable> {
    RoleName::parse(text).map_err(|_| Unreadable("its role cannot be the name of a role"))
}

/// A region's code.
pub(in crate::web) fn region(text: &str) -> Result<Region, Unreadable> {
    Region::parse(text).map_err(|_| Unreadable("its region is not one, such as eu-west-1"))
}

fn scope(text: &str) -> Result<ScopeName, Unreadable> {
    ScopeName::parse(text).map_err(|_| Unreadable("its scope cannot be the name of a scope"))
}

fn hours(text: &str) -> Result<u8, Unreadable> {
    let plain = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    plain
        .then(|| text.parse().ok())
        .flatten()
        .filter(|hours| (1..=36).contains(hours))
        .ok_or(Unreadable("hours is a number from 1 to 36"))
}

/// The reason that a link suggests.
fn suggested(parameters: &Parameters) -> Result<Option<Reason>, Unreadable> {
    let text = parameters.one(REASON_FIELD)?;
    text.map(|text| Reason::parse(text).map_err(|_| Unreadable("its reason cannot be kept")))
        .transpose()
}

/// How a console opens beside others.
pub(in crate::web) fn consoles(text: &str) -> Result<Consoles, Unreadable> {
    Consoles::parse(text).ok_or(Unreadable("consoles is add or replace"))
}

fn destination(text: Option<&str>) -> Result<Option<String>, Unreadable> {
    match text {
        Some(text) if text.len() > LONGEST_DESTINATION => Err(Unreadable(
            "its destination is longer than 2,048 characters",
        )),
        Some(text) if text.contains(char::is_control) => {
            Err(Unreadable("its destination has control characters in it"))
        }
        other => Ok(other.map(str::to_owned)),
    }
}
