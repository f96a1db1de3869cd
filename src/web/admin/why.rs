//! What the rules say about anybody and a role.
//!
//! A GET shows the form. What is asked about a person travels in a form's body and not in an address, for addresses
//! stand in histories and in the logs of proxies; and a look at what is known of somebody is written down, which no link
//! shall do.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{frame, page};
use crate::admin::{Whom, WhyAnswer};
use crate::domain::identity::{Attributes, IdpId};
use crate::domain::intent::{AdminPage, WhyIntent};
use crate::domain::role::RoleName;
use crate::signin::about;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::headers::Kind;
use crate::web::links;
use crate::web::pages::admin::{TYPED, WhyAsked, WhyOutcome, WhyPage, WhyTrouble};
use crate::web::parameters::{Parameters, Unreadable};
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin, site};

/// The longest texts of the form, in bytes.
const LONGEST_ROLE: usize = 256;
const LONGEST_SUBJECT: usize = 1_024;
const LONGEST_ATTRIBUTES: usize = 256 * 1024;
/// The most lines of attributes.
const MOST_LINES: usize = 5_000;

/// `GET /admin/why?role=`.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let role = parameters.one("role")?.unwrap_or_default().to_owned();
    let entered = entrance.administrator(AdminPage::Why, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let asked = WhyAsked {
        role,
        ..WhyAsked::default()
    };
    let around = (frame(&request, &session), &*site(&request).idps);
    let page = WhyPage::new(around, &asked, &WhyOutcome::Nothing);
    answer::page(&page, page.expected_bytes(), Kind::Page)
}

/// `POST /admin/why`.
pub(in crate::web) async fn ask(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let asked = asked(&mut form.fields).map_err(|_| Failure::NotAForm)?;
    let outcome = match read(&asked) {
        Err(trouble) => WhyOutcome::Trouble(trouble),
        Ok((role, whom)) => {
            let by = about(&visitor.0, &form.session.identity);
            match admin(&request).why(&role, whom, by).await? {
                WhyAnswer::NoSuchRole => WhyOutcome::Trouble(WhyTrouble::NoSuchRole),
                WhyAnswer::NobodyKnown => WhyOutcome::Trouble(WhyTrouble::NobodyKnown),
                WhyAnswer::Explained(explained) => WhyOutcome::Explained(explained),
            }
        }
    };
    let around = (frame(&request, &form.session), &*site(&request).idps);
    let template = WhyPage::new(around, &asked, &outcome);
    let expected = template.expected_bytes();
    page(&template, StatusCode::OK, expected)
}

/// What the form says, as written.
fn asked(fields: &mut Parameters) -> Result<WhyAsked, Unreadable> {
    let mut text = |name: &str| Ok(fields.take(name)?.unwrap_or_default());
    Ok(WhyAsked {
        role: text("role")?.trim().to_owned(),
        idp: text("about_idp")?,
        subject: text("subject")?,
        attributes: text("attributes")?.replace("\r\n", "\n"),
        typed: text("by")? == TYPED,
    })
}

/// The same, as what it means.
fn read(asked: &WhyAsked) -> Result<(WhyIntent, Whom), WhyTrouble> {
    let too_long = asked.role.len() > LONGEST_ROLE
        || asked.subject.len() > LONGEST_SUBJECT
        || asked.attributes.len() > LONGEST_ATTRIBUTES;
    if too_long {
        return Err(WhyTrouble::TooLong);
    }
    let role = asked.role.split_once('/').and_then(|(account, role)| {
        Some(WhyIntent {
            account: links::account(account).ok()?,
            role: RoleName::parse(role).ok()?,
        })
    });
    let role = role.ok_or(WhyTrouble::Role)?;
    let idp = IdpId::parse(&asked.idp).map_err(|_| WhyTrouble::Idp)?;
    if asked.subject.contains(char::is_control) || (asked.subject.is_empty() && !asked.typed) {
        return Err(WhyTrouble::Subject);
    }
    let attributes = asked.typed.then(|| attributes(&asked.attributes));
    let whom = Whom {
        idp,
        subject: asked.subject.clone(),
        attributes: attributes.transpose()?,
    };
    Ok((role, whom))
}

/// Lines of `name = value`. Values are kept byte for byte, blanks at their ends too: rules compare them so.
fn attributes(text: &str) -> Result<Attributes, WhyTrouble> {
    let mut attributes = Attributes::new();
    for (at, line) in text.split('\n').enumerate() {
        if at == MOST_LINES {
            return Err(WhyTrouble::TooLong);
        }
        if line.trim().is_empty() {
            continue;
        }
        let (name, value) = line
            .split_once(" = ")
            .or_else(|| line.split_once('='))
            .filter(|(name, _)| !name.trim().is_empty())
            .ok_or(WhyTrouble::Line(at + 1))?;
        let values = attributes.entry(name.trim().to_owned()).or_default();
        values.push(value.to_owned());
    }
    Ok(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_attributes_and_values_stay_as_they_are_written() {
        let read =
            attributes("groups = a\n\n  \nhttp://x/y?a=b = c = d\ngroups= e \nempty = \n").unwrap();
        let read: Vec<(&str, Vec<&str>)> = read
            .iter()
            .map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            read,
            [
                ("empty", vec![""]),
                ("groups", vec!["a", " e "]),
                ("http://x/y?a=b", vec!["c = d"]),
            ]
        );
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        for (text, line) in [("groups", 1), ("a = b\n = c", 2), ("a = b\n\n=", 3)] {
            assert_eq!(attributes(text), Err(WhyTrouble::Line(line)), "{text:?}");
        }
        let many = "a = b\n".repeat(MOST_LINES + 1);
        assert_eq!(attributes(&many), Err(WhyTrouble::TooLong));
    }

    #[test]
    fn what_cannot_be_meant_is_said_before_anything_is_looked_up() {
        let asked = |role: &str, idp: &str, subject: &str| WhyAsked {
            role: role.to_owned(),
            idp: idp.to_owned(),
            subject: subject.to_owned(),
            ..WhyAsked::default()
        };
        for (asked, trouble) in [
            (asked("x", "corp", "ada"), WhyTrouble::Role),
            (asked("a/b c", "corp", "ada"), WhyTrouble::Role),
            (asked("A/b", "corp", "ada"), WhyTrouble::Role),
            (asked("a/b", "Corp!", "ada"), WhyTrouble::Idp),
            (asked("a/b", "corp", ""), WhyTrouble::Subject),
            (asked("a/b", "corp", "a\u{0}"), WhyTrouble::Subject),
            (asked(&"a".repeat(300), "corp", "ada"), WhyTrouble::TooLong),
            (
                asked("a/b", "corp", &"a".repeat(1_025)),
                WhyTrouble::TooLong,
            ),
        ] {
            assert_eq!(read(&asked).unwrap_err(), trouble, "{asked:?}");
        }
        let nobody = WhyAsked {
            typed: true,
            ..asked("111122223333/b", "corp", "")
        };
        assert!(read(&nobody).is_ok());
    }
}
