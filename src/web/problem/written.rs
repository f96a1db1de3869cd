//! What somebody wrote into a draft's text field, given back by whatever page answers instead of the one they wanted.
//!
//! Browsers keep none of our pages, so what an answer does not hold is lost with it. Knows nothing of what became of the
//! draft: only what was sent, to whose address, and how it is sent again.

use std::cell::RefCell;
use std::rc::Rc;

use actix_web::{HttpMessage as _, HttpRequest};

use super::advice::of;
use super::{Failure, Problem, Way, kinds};
use crate::admin;
use crate::domain::access::DraftId;
use crate::domain::intent::AdminPage;
use crate::random::Random;
use crate::signin;
use crate::web::forms::{TOKEN_FIELD, masked, remasked};
use crate::web::links;
use crate::web::parameters::Parameters;
use crate::web::texts::Text;

/// Below here stand drafts.
const DRAFTS: &str = "/admin/drafts/";
/// What a form says that keeps its text as a draft of its own.
pub(in crate::web) const APART: &str = "apart";

/// What was sent to a draft's address, as far as it has been read. The request has one, and so does the middleware: it
/// outlives a handler that panics.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Written(Rc<RefCell<Option<Sent>>>);

/// A text that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    text: String,
    version: String,
    then: String,
    /// What lets it be sent again; of the session that there is, as far as that is known.
    form_token: Option<String>,
}

/// What a problem's page gives back.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::web) struct Kept {
    /// As it was written.
    pub(in crate::web) text: String,
    /// The form that sends it once more, where that can help.
    pub(in crate::web) again: Option<Again>,
}

/// How it is sent once more.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::web) struct Again {
    pub(in crate::web) action: String,
    pub(in crate::web) form_token: String,
    pub(in crate::web) version: String,
    pub(in crate::web) then: String,
    pub(in crate::web) label: Text,
}

impl Written {
    /// Where what is sent to an address is given back.
    pub(super) fn at(path: &str) -> Option<Self> {
        path.starts_with(DRAFTS).then(Self::default)
    }

    /// That of a request, if what it sends is given back.
    pub(in crate::web) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Keeps what a form brought.
    pub(in crate::web) fn keep(&self, fields: &Parameters, random: &dyn Random) {
        let field = |name| fields.one(name).ok().flatten();
        let Some(text) = field("document").filter(|text| !text.is_empty()) else {
            return;
        };
        let said = field(TOKEN_FIELD);
        *self.0.borrow_mut() = Some(Sent {
            text: text.replace("\r\n", "\n"),
            version: field("version").unwrap_or_default().to_owned(),
            then: field("then").unwrap_or_default().to_owned(),
            form_token: said.and_then(|said| remasked(said, random)),
        });
    }

    /// The session that there is: what is sent again is sent in that one.
    pub(in crate::web) fn is_in_session(&self, token: &str, random: &dyn Random) {
        if let Some(sent) = self.0.borrow_mut().as_mut() {
            sent.form_token = Some(masked(token, random));
        }
    }
}

impl Problem {
    /// Gives back what was written to the address at `path`, if anything was.
    pub(super) fn giving_back(self, written: &Written, path: &str, failure: &Failure) -> Self {
        let Some(sent) = written.0.take() else {
            return self;
        };
        let draft = draft_at(path);
        let again = draft.and_then(|draft| self.again(&sent, draft, failure));
        let of = |kind| of(self.t, kind);
        let problem = match failure {
            Failure::SentTooLate => of(&kinds::WRITTEN_TOO_LATE).go([Way::Drafts]),
            Failure::Admin(admin::Error::NoSuchDraft) if again.is_some() => {
                of(&kinds::DRAFT_GONE).go([Way::Drafts, Way::Revisions])
            }
            _ => self,
        };
        Self {
            kept: Some(Kept {
                text: sent.text,
                again,
            }),
            ..problem
        }
    }

    /// How it is sent again, unless that cannot help.
    fn again(&self, sent: &Sent, draft: DraftId, failure: &Failure) -> Option<Again> {
        let cannot_help = matches!(
            failure,
            Failure::SentTooLate
                | Failure::Admin(admin::Error::Governed(_))
                | Failure::Signin(signin::Error::NotEntitled { .. } | signin::Error::FormRefused)
        );
        if cannot_help {
            return None;
        }
        let page = &self.t.problem.page;
        let apart = matches!(failure, Failure::Admin(admin::Error::NoSuchDraft))
            || sent.then == APART
            || sent.version.is_empty();
        let (then, label) = if apart {
            (APART, page.keep_apart)
        } else {
            (sent.then.as_str(), page.send_again)
        };
        Some(Again {
            action: links::admin_path(AdminPage::Draft(draft)),
            form_token: sent.form_token.clone()?,
            version: sent.version.clone(),
            then: then.to_owned(),
            label,
        })
    }
}

/// The draft that an address is of.
fn draft_at(path: &str) -> Option<DraftId> {
    let below = path.strip_prefix(DRAFTS)?;
    DraftId::parse(below.split('/').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandom;
    use crate::web::pages::{ProblemPage, render};
    use crate::web::problem::advice;
    use crate::web::texts::ENGLISH;

    const DRAFT: &str = "/admin/drafts/0102030405060708";
    const TOKEN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn given_back(path: &str, fields: &str, failure: &Failure) -> Problem {
        let written = Written::at(path).unwrap();
        written.keep(&Parameters::read(fields).unwrap(), &SystemRandom);
        let problem = advice::problem(failure, &ENGLISH, |_| String::new());
        problem.giving_back(&written, path, failure)
    }

    fn sent(then: &str) -> String {
        let text = "%23+%3C/textarea%3E%3Cb%3E%0D%0Arules+=+%5B%5D";
        format!("document={text}&version=3&then={then}&form_token={TOKEN}")
    }

    fn gone() -> Failure {
        Failure::Admin(admin::Error::NoSuchDraft)
    }

    /// What the button says to do, if there is one.
    fn then(problem: &Problem) -> Option<&str> {
        let again = problem.kept.as_ref()?.again.as_ref()?;
        Some(&again.then)
    }

    #[test]
    fn what_is_sent_again_is_sent_where_it_can_be_kept() {
        for (failure, said, then_said) in [
            (gone(), "review", Some("apart")),
            (Failure::Fault, "review", Some("review")),
            (Failure::Fault, "apart", Some("apart")),
            (Failure::OtherSession, "stay", Some("stay")),
            (Failure::SentTooLate, "stay", None),
            (Failure::form_refused(), "stay", None),
            (
                Failure::Admin(admin::Error::Governed("a.toml".into())),
                "stay",
                None,
            ),
        ] {
            let problem = given_back(DRAFT, &sent(said), &failure);
            assert_eq!(then(&problem), then_said, "{failure:?}");
            let text = problem.kept.map(|kept| kept.text);
            assert_eq!(text.as_deref(), Some("# </textarea><b>\nrules = []"));
        }
    }

    #[test]
    fn what_holds_no_text_gives_nothing_back() {
        for fields in ["", "document=", "document=a&document=b", "version=1"] {
            let problem = given_back(DRAFT, fields, &Failure::SentTooLate);
            assert_eq!(problem.kept, None, "{fields}");
            assert!(!problem.what.plain().contains("below"));
        }
        for path in ["/admin/drafts", "/admin/revoke", "/", "/ADMIN/drafts/x"] {
            assert!(Written::at(path).is_none(), "{path}");
        }
    }

    #[test]
    fn an_address_of_no_draft_and_a_token_of_nobody_s_are_not_sent_to_again() {
        let elsewhere = given_back("/admin/drafts/..%2f..%2fx", &sent("stay"), &Failure::Fault);
        assert_eq!(then(&elsewhere), None);
        assert!(elsewhere.kept.is_some());
        let fields = sent("stay").replace(TOKEN, "x");
        assert_eq!(then(&given_back(DRAFT, &fields, &Failure::Fault)), None);
    }

    #[test]
    fn the_pages_that_give_a_text_back_are_what_they_were() {
        for (name, failure) in [("sent_again", gone()), ("copied", Failure::SentTooLate)] {
            let mut problem = given_back(DRAFT, &sent("stay"), &failure);
            let again = problem.kept.as_mut().and_then(|kept| kept.again.as_mut());
            if let Some(again) = again {
                assert_ne!(again.form_token, TOKEN);
                again.form_token = "FORM-TOKEN".to_owned();
            }
            let page = render(&ProblemPage::new(&problem, "0123456789abcdef"), 0).unwrap();
            let main = &page[page.find("<main").unwrap()..page.find("</body").unwrap()];
            insta::assert_snapshot!(format!("written_{name}"), main);
        }
    }
}
