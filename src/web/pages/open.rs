//! The choice of a role for what somebody pasted.

use askama::Template;

use super::board::{Board, Keeping};
use super::{Frame, Person};
use crate::domain::account::Region;
use crate::domain::pasted::Kind;
use crate::domain::search::Query;
use crate::signin::OpenChoice;

/// From so many roles on the page has a search of its own: the portal's would lose what was pasted.
const WORTH_A_SEARCH: usize = 8;

/// Which of one's roles, for what was pasted.
#[derive(Debug, Template)]
#[template(path = "open.html")]
pub(in crate::web) struct OpenPage<'a> {
    frame: Frame<'a>,
    pasted: &'a str,
    /// What it is, in a sentence.
    what: &'static str,
    /// The account, if it names one.
    account: Option<&'a str>,
    region: Option<&'a str>,
    is_long: bool,
    query: &'a str,
    board: Board<'a>,
    form: Option<String>,
}

impl<'a> OpenPage<'a> {
    /// Each choice keeps the page and the region; `query` leaves out what it does not match. `form` is where to ask for a
    /// role that is not among them.
    pub(in crate::web) fn new(
        choice: &'a OpenChoice,
        query: &'a str,
        form: Option<String>,
    ) -> Self {
        let keeping = Keeping::of_search(&choice.pasted);
        let mut board = Board::default();
        match Query::parse(query) {
            Some(words) => board.fill_found(&choice.accounts, &keeping, &words),
            None => board.fill(&choice.accounts, &keeping),
        }
        let named = choice.accounts.first().filter(|_| choice.names_account);
        let accounts = choice.accounts.iter();
        let roles: usize = accounts.map(|account| account.roles.len()).sum();
        let frame = Frame::new(Some(Person {
            name: &choice.display_name,
            idp: None,
            administrator: false,
            form_token: &choice.form_token,
        }));
        let t = &frame.t.open;
        Self {
            pasted: &choice.pasted.text,
            what: match choice.kind {
                Kind::Console => t.console,
                Kind::Arn => t.arn,
                Kind::Account => t.account,
            },
            account: named.map(|view| view.account.name.as_str()),
            region: choice.region.as_ref().map(Region::as_str),
            is_long: roles >= WORTH_A_SEARCH,
            query,
            board,
            form,
            frame,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::samples::{HOSTILE, typical_accounts};
    use super::super::tests::kept;
    use super::*;
    use crate::domain::account::Account;
    use crate::domain::intent::Search;
    use crate::web::pages::render;

    fn choice(text: &str, kind: Kind) -> OpenChoice {
        OpenChoice {
            display_name: "Ada Lovelace".to_owned(),
            form_token: "FORM-TOKEN".to_owned(),
            pasted: Search {
                text: text.to_owned(),
                region: None,
                destination: None,
            },
            kind,
            names_account: false,
            region: None,
            accounts: typical_accounts(),
        }
    }

    fn page_of_a_queue() -> OpenChoice {
        let page = "https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1";
        let mut open = choice("arn:aws:sqs:eu-west-1:111122223333:orders", Kind::Arn);
        open.pasted.destination = Some(page.to_owned());
        open.region = Region::parse("eu-west-1").ok();
        open.names_account = true;
        open.accounts
            .retain(|view| view.account.alias.as_str() == "payments-prod");
        open
    }

    fn hostile() -> OpenChoice {
        let mut open = choice(HOSTILE, Kind::Console);
        open.display_name = HOSTILE.to_owned();
        open.names_account = true;
        open.pasted.destination = Some(HOSTILE.to_owned());
        let first = &mut open.accounts[0].account;
        *first = Arc::new(Account {
            name: HOSTILE.to_owned(),
            ..Account::clone(first)
        });
        open
    }

    #[test]
    fn the_choice_for_what_was_pasted_looks_as_it_did() {
        let form = || Some("https://forms.example.com/?account=".to_owned());
        let console = "https://console.aws.amazon.com/s3/home";
        for (name, choice, query, form) in [
            ("arn", page_of_a_queue(), "", form()),
            ("account", choice("111122223333", Kind::Account), "", None),
            ("console", choice(console, Kind::Console), "prod", None),
            ("nothing", choice(console, Kind::Console), "no such", None),
            ("hostile", hostile(), HOSTILE, Some(HOSTILE.to_owned())),
        ] {
            let mut choice = choice;
            if name != "arn" && name != "hostile" {
                // enough for a search
                choice.accounts.extend(typical_accounts());
            }
            kept(
                &format!("open_{name}"),
                &OpenPage::new(&choice, query, form),
            );
        }
    }

    #[test]
    fn every_choice_keeps_the_page_that_was_pasted() {
        let text = render(&OpenPage::new(&page_of_a_queue(), "", None), 0).unwrap();
        let href = "href=\"/go/payments-prod/ReadOnly?destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fsqs%2F\
                    v3%2Fhome%3Fregion%3Deu-west-1\"";
        assert!(text.contains(href), "{text}");
    }
}
