//! What a model says about anybody: which roles, and why; and of one role why, or why not.
//!
//! A GET shows the form. What is asked about a person travels in a form's body and not in an address, for addresses
//! stand in histories and in the logs of proxies; and a look at what is known of somebody is written down, which no link
//! shall do. What was pasted is never shown again: only what was read from it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{frame, number, page};
use crate::admin::{Question, Simulation, Told, Which, Whom};
use crate::domain::access::DraftId;
use crate::domain::identity::{Attributes, IdpId};
use crate::domain::intent::{AdminPage, WhyIntent};
use crate::domain::role::RoleName;
use crate::signin::about;
use crate::web::answer;
use crate::web::entrance::{Entered, Entrance};
use crate::web::forms::AdminForm;
use crate::web::links;
use crate::web::pages::admin::{
    By, CURRENT, SimulateAsked, SimulateOutcome, SimulatePage, SimulateTrouble,
};
use crate::web::parameters::{Parameters, Unreadable};
use crate::web::problem::Failure;
use crate::web::visitor::{Visitor, admin, site};

/// The longest texts of the form, in bytes.
const LONGEST_ROLE: usize = 256;
const LONGEST_SUBJECT: usize = 1_024;
const LONGEST_ATTRIBUTES: usize = 256 * 1024;
/// The most lines of attributes.
const MOST_LINES: usize = 5_000;
/// How many of the newest revisions can be chosen.
const REVISIONS: u32 = 20;

/// `GET /admin/why?role=`, where this was before it could ask anything but the current revision about one role.
pub(in crate::web) async fn lead_on(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let role = parameters.one("role")?.unwrap_or_default();
    let entered = entrance.administrator(AdminPage::Simulate, links::idp(&parameters)?);
    match entered.await? {
        Entered::Administrator(_) => Ok(answer::go_to(&links::admin_why(role))),
        Entered::Elsewhere(answer) => Ok(answer),
    }
}

/// `GET /admin/simulate?role=&model=&person=`: a person's key fills in who.
pub(in crate::web) async fn show(
    entrance: Entrance,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let parameters = Parameters::read(request.query_string())?;
    let role = parameters.one("role")?.unwrap_or_default().to_owned();
    let model = parameters.one("model")?.unwrap_or(CURRENT).to_owned();
    let entered = entrance.administrator(AdminPage::Simulate, links::idp(&parameters)?);
    let session = match entered.await? {
        Entered::Administrator(session) => session,
        Entered::Elsewhere(answer) => return Ok(answer),
    };
    let person = super::people::named(&request, &parameters).await?;
    let asked = match person {
        Some((key, person)) => SimulateAsked {
            role,
            model,
            idp: person.idp.to_string(),
            subject: person.subject.value,
            person: Some(key),
            ..SimulateAsked::default()
        },
        None => SimulateAsked {
            role,
            model,
            ..SimulateAsked::default()
        },
    };
    let shown = (&asked, &SimulateOutcome::Nothing);
    one(&request, &session, shown).await
}

async fn one(
    request: &HttpRequest,
    session: &crate::domain::session::Session,
    (asked, outcome): (&SimulateAsked, &SimulateOutcome),
) -> Result<HttpResponse, Failure> {
    let admin = admin(request);
    let models = (
        admin.drafts().await?,
        admin.revisions(None, REVISIONS).await?,
    );
    let around = (frame(request, session), &*site(request).idps);
    let template = SimulatePage::new(around, (&models.0, &models.1), (asked, outcome));
    let expected = template.expected_bytes();
    page(&template, StatusCode::OK, expected)
}

/// `POST /admin/simulate`.
pub(in crate::web) async fn ask(
    visitor: Visitor,
    mut form: AdminForm,
    request: HttpRequest,
) -> Result<HttpResponse, Failure> {
    let (asked, pasted) = asked(&mut form.fields).map_err(|_| Failure::NotAForm)?;
    let outcome = match read(&asked, pasted) {
        Err(trouble) => SimulateOutcome::Trouble(trouble),
        Ok(question) => {
            let by = about(&visitor.0, &form.session.identity);
            let trouble = |trouble| SimulateOutcome::Trouble(trouble);
            match admin(&request).simulate(question, by).await? {
                Simulation::NoSuchRole => trouble(SimulateTrouble::NoSuchRole),
                Simulation::NobodyKnown => trouble(SimulateTrouble::NobodyKnown),
                Simulation::Unreadable(reason) => trouble(SimulateTrouble::Unreadable(reason)),
                Simulation::Unfit => trouble(SimulateTrouble::Unfit),
                Simulation::Found(found) => SimulateOutcome::Found(found),
            }
        }
    };
    one(&request, &form.session, (&asked, &outcome)).await
}

/// What the form says, as written; and what was pasted, which does not go back onto the page.
fn asked(fields: &mut Parameters) -> Result<(SimulateAsked, String), Unreadable> {
    let mut text = |name: &str| Ok(fields.take(name)?.unwrap_or_default());
    let (mut role, by) = (text("role")?.trim().to_owned(), text("by")?);
    // the buttons beside roles say which role is meant
    let by = match by.split_once('/') {
        Some((by, of)) => {
            of.clone_into(&mut role);
            by.to_owned()
        }
        None => by,
    };
    let asked = SimulateAsked {
        role,
        model: text("model")?,
        idp: text("about_idp")?,
        subject: text("subject")?,
        attributes: text("attributes")?.replace("\r\n", "\n"),
        by: By::parse(&by),
        person: None,
    };
    Ok((asked, text("pasted")?))
}

/// The same, as what it means.
fn read(asked: &SimulateAsked, pasted: String) -> Result<Question, SimulateTrouble> {
    let too_long = asked.role.len() > LONGEST_ROLE
        || asked.subject.len() > LONGEST_SUBJECT
        || asked.attributes.len() > LONGEST_ATTRIBUTES
        || pasted.len() > LONGEST_ATTRIBUTES;
    if too_long {
        return Err(SimulateTrouble::TooLong);
    }
    let which = which(&asked.model).ok_or(SimulateTrouble::Model)?;
    let role = match asked.role.as_str() {
        "" => None,
        text => Some(role(text).ok_or(SimulateTrouble::Role)?),
    };
    let idp = IdpId::parse(&asked.idp).map_err(|_| SimulateTrouble::Idp)?;
    let nobody = asked.subject.is_empty() && asked.by == By::Known;
    if asked.subject.contains(char::is_control) || nobody {
        return Err(SimulateTrouble::Subject);
    }
    let said = match asked.by {
        By::Known => Told::Known,
        By::Typed => Told::Typed(attributes(&asked.attributes)?),
        By::Pasted if pasted.trim().is_empty() => return Err(SimulateTrouble::NothingPasted),
        By::Pasted => Told::Pasted(pasted),
    };
    let subject = asked.subject.clone();
    let whom = Whom { idp, subject, said };
    Ok(Question { which, whom, role })
}

fn role(text: &str) -> Option<WhyIntent> {
    let (account, role) = text.split_once('/')?;
    Some(WhyIntent {
        account: links::account(account).ok()?,
        role: RoleName::parse(role).ok()?,
    })
}

/// A model as the form names it.
fn which(text: &str) -> Option<Which> {
    match text.split_once(':') {
        None if text == CURRENT || text.is_empty() => Some(Which::Current),
        Some(("revision", of)) => {
            let of = number(of).filter(|number| *number > 0);
            of.map(Which::Revision)
        }
        Some(("draft", id)) => DraftId::parse(id).map(Which::Draft),
        _ => None,
    }
}

/// Lines of `name = value`. Values are kept byte for byte, blanks at their ends too: rules compare them so.
fn attributes(text: &str) -> Result<Attributes, SimulateTrouble> {
    let mut attributes = Attributes::new();
    for (at, line) in text.split('\n').enumerate() {
        if at == MOST_LINES {
            return Err(SimulateTrouble::TooLong);
        }
        if line.trim().is_empty() {
            continue;
        }
        let (name, value) = line
            .split_once(" = ")
            .or_else(|| line.split_once('='))
            .filter(|(name, _)| !name.trim().is_empty())
            .ok_or(SimulateTrouble::Line(at + 1))?;
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
            assert_eq!(
                attributes(text),
                Err(SimulateTrouble::Line(line)),
                "{text:?}"
            );
        }
        let many = "a = b\n".repeat(MOST_LINES + 1);
        assert_eq!(attributes(&many), Err(SimulateTrouble::TooLong));
    }

    #[test]
    fn what_cannot_be_meant_is_said_before_anything_is_looked_up() {
        let asked = |role: &str, idp: &str, subject: &str| SimulateAsked {
            role: role.to_owned(),
            idp: idp.to_owned(),
            subject: subject.to_owned(),
            ..SimulateAsked::default()
        };
        let trouble = |asked: &SimulateAsked| read(asked, String::new()).unwrap_err();
        for (asked, expected) in [
            (asked("x", "corp", "ada"), SimulateTrouble::Role),
            (asked("a/b c", "corp", "ada"), SimulateTrouble::Role),
            (asked("A/b", "corp", "ada"), SimulateTrouble::Role),
            (asked("a/b", "Corp!", "ada"), SimulateTrouble::Idp),
            (asked("a/b", "corp", ""), SimulateTrouble::Subject),
            (asked("a/b", "corp", "a\u{0}"), SimulateTrouble::Subject),
            (
                asked(&"a".repeat(300), "corp", "ada"),
                SimulateTrouble::TooLong,
            ),
            (
                asked("a/b", "corp", &"a".repeat(1_025)),
                SimulateTrouble::TooLong,
            ),
        ] {
            assert_eq!(trouble(&asked), expected, "{asked:?}");
        }
        for model in [
            "x",
            "revision:0",
            "revision:x",
            "revision:",
            "draft:1",
            "current:1",
        ] {
            let asked = SimulateAsked {
                model: model.to_owned(),
                ..asked("", "corp", "ada")
            };
            assert_eq!(trouble(&asked), SimulateTrouble::Model, "{model}");
        }
        let by = |by| SimulateAsked {
            by,
            ..asked("111122223333/b", "corp", "")
        };
        assert!(read(&by(By::Typed), String::new()).is_ok());
        assert_eq!(trouble(&by(By::Pasted)), SimulateTrouble::NothingPasted);
        let long = read(&by(By::Pasted), "x".repeat(300_000));
        assert_eq!(long.unwrap_err(), SimulateTrouble::TooLong);
    }
}
