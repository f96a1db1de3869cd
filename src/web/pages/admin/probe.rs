//! What came of a probe: what is known, what is supposed, and the line to change.

use askama::Template;

use super::{AdminFrame, Standing, revision_href};
use crate::admin::Probed;
use crate::domain::probe::Verdict;
use crate::web::links;
use crate::web::pages::Frame;

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/probe.html")]
pub(in crate::web) struct ProbePage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    probed: &'a Probed,
    works: bool,
    fails: bool,
    roles: String,
}

impl<'a> ProbePage<'a> {
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        probed: &'a Probed,
    ) -> Self {
        Self {
            frame,
            admin,
            here: "lists",
            probed,
            works: probed.finding.verdict == Verdict::Works,
            fails: probed.finding.verdict == Verdict::Fails,
            roles: links::admin_list("roles", &probed.role),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ProbePage;
    use crate::admin::Probed;
    use crate::domain::probe::testing::{Kind, role};
    use crate::domain::probe::{
        Answer, Finding, IssuerWords, Line, Stage, Trial, Verdict, judge, nothing_asked,
    };
    use crate::web::pages::admin::tests::{frame, session};
    use crate::web::pages::samples::HOSTILE;
    use crate::web::pages::tests::kept;

    fn probed(calls: usize, finding: Finding) -> Probed {
        Probed {
            role: "prod/Reader".to_owned(),
            method: "AssumeRoleWithSAML",
            revision: 12,
            calls,
            finding,
        }
    }

    fn judged(answer: Answer) -> Probed {
        let role = role(Kind::Saml, true);
        let words = IssuerWords {
            recipient: "https://signin.example.com/issuer/saml".to_owned(),
            entity_id: "https://signin.example.com/issuer/saml/metadata".to_owned(),
            url: "https://signin.example.com".to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
        };
        probed(1, judge(&role, &words, &[(Trial::full(&role), answer)]))
    }

    fn hostile() -> Probed {
        let text = || vec![HOSTILE.to_owned()];
        let line = Line {
            place: "The trust policy of",
            name: HOSTILE.to_owned(),
            change: HOSTILE.to_owned(),
            code: Some(HOSTILE.to_owned()),
        };
        Probed {
            role: HOSTILE.to_owned(),
            ..probed(
                4,
                Finding {
                    verdict: Verdict::Fails,
                    cause: HOSTILE.to_owned(),
                    known: text(),
                    supposed: text(),
                    lines: vec![line],
                    untried: text(),
                },
            )
        }
    }

    #[test]
    fn what_came_of_a_probe_looks_as_it_did() {
        let refused = Answer::Refused {
            at: Stage::Role,
            code: "AccessDenied".to_owned(),
        };
        let forwarded = nothing_asked(&role(Kind::Forwarded, false)).unwrap();
        for (name, probed) in [
            ("works", judged(Answer::Given)),
            ("fails", judged(refused)),
            ("unknown", judged(Answer::Away)),
            ("not_probed", probed(0, forwarded)),
            ("hostile", hostile()),
        ] {
            let session = session("Ada Lovelace");
            let page = kept(
                &format!("admin_probe_{name}"),
                &ProbePage::new(frame(&session, None), &probed),
            );
            // what was not asked for is not asked for again
            assert_eq!(page.contains("Probe it again"), name != "not_probed");
        }
    }
}
