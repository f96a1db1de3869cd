//! A pasted text as a link: a place in AWS is opened as what it is, a link of ours as what that link asks for.

use super::parse::{self, Link};
use crate::domain::identity::IdpId;
use crate::domain::intent::{Intent, Open};
use crate::domain::pasted::Pasted;
use crate::signin::{Error, Signin};
use crate::web::parameters::{Parameters, Unreadable};
use crate::web::problem::Failure;

/// What a pasted text asks for. `idp` goes before the provider that a link of ours names.
pub(in crate::web) fn pasted(
    signin: &Signin,
    text: &str,
    idp: Option<IdpId>,
) -> Result<Link, Failure> {
    let mut link = match signin.read_pasted(text).map_err(Error::from)? {
        Pasted::Place(_) => place(text),
        Pasted::Link { path, query } => ours(signin, &path, &query)?,
    };
    link.idp = idp.or(link.idp);
    Ok(link)
}

fn place(text: &str) -> Link {
    let text = text.trim().to_owned();
    Link {
        intent: Intent::Open(Open { text }),
        idp: None,
    }
}

/// Reads a link of ours by its own rules. A link to what was pasted is read once, and no further.
fn ours(signin: &Signin, path: &str, query: &str) -> Result<Link, Failure> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let link = match segments.as_slice() {
        ["go", _, _] => parse::by_path(path, query)?,
        ["go", _] => parse::by_account(path, query)?,
        ["go"] => parse::by_query(query)?,
        ["role", _, ..] => parse::by_text(path, query)?,
        ["keys", _, _] => with_idp(query, |said| Ok(Intent::Keys(parse::keys(path, said)?)))?,
        ["roles", _, _, "why"] => with_idp(query, |_| Ok(Intent::Why(parse::why(path)?)))?,
        ["roles", _, _] => with_idp(query, |said| Ok(Intent::About(parse::about(path, said)?)))?,
        ["open"] => {
            let said = Parameters::read(query)?;
            let text = said.one("url")?.ok_or(Unreadable("it opens nothing"))?;
            match signin.read_pasted(text).map_err(Error::from)? {
                Pasted::Place(_) => place(text),
                Pasted::Link { .. } => {
                    return Err(Unreadable("it is a link to a link to a link").into());
                }
            }
        }
        _ => return Err(Unreadable("it is a page of this site that opens nothing in AWS").into()),
    };
    Ok(link)
}

fn with_idp(
    query: &str,
    intent: impl FnOnce(&Parameters) -> Result<Intent, Unreadable>,
) -> Result<Link, Unreadable> {
    let said = Parameters::read(query)?;
    Ok(Link {
        intent: intent(&said)?,
        idp: parse::idp(&said)?,
    })
}
