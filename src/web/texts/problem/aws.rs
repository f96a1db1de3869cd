//! What AWS says, and what comes in its place.

use super::{ProblemText, Sentence};

texts! {
    /// AWS.
    AwsProblems {
        refused: ProblemText = ProblemText {
            title: "AWS said no",
            what: Sentence("Vestibule found that the role is yours, asked AWS for it, and AWS refused."),
            who: Sentence("The people who look after access to AWS in your organisation."),
            now: Sentence(
                "Send them the facts below, which are what they need. Your other roles are open to you; trying this one \
                 again changes nothing until it is repaired."
            ),
        },
        hub_refused: ProblemText = ProblemText {
            title: "The hub role refused",
            what: Sentence(
                "The way to your role leads through the hub role {hub}, and AWS did not let Vestibule into that one. Your \
                 own role was not even asked for."
            ),
            who: Sentence(
                "The people who look after access to AWS in your organisation: it concerns everybody who goes that way."
            ),
            now: Sentence("Send them the facts below, which are what they need. Roles that go another way are open to you."),
        },
        busy: ProblemText = ProblemText {
            title: "AWS is busy",
            what: Sentence(
                "AWS did not answer, or asked to be left alone for a moment. Nothing is wrong with your role."
            ),
            who: Sentence("Nobody needs to. If it lasts, AWS’s own page on its health says more."),
            now: Sentence("Try again in a moment. Consoles that you have open go on."),
        },
        untrusted: ProblemText = ProblemText {
            title: "AWS’s certificate is not trusted",
            what: Sentence(
                "Whoever answered in the place of AWS did not prove to be AWS, so nothing was said to them: no \
                 credentials, no token. Of the certificate they showed: {why}."
            ),
            who: Sentence(
                "The people who run this site. Most likely a proxy of your organisation opens encrypted connections: its \
                 authority then belongs into aws.ca_file. Else this machine’s certificates or its clock are out of date, \
                 or somebody stands between Vestibule and AWS."
            ),
            now: Sentence("Give them the reference below. It concerns everybody, so they may be at it already."),
        },
        unexpected: ProblemText = ProblemText {
            title: "AWS’s answer makes no sense",
            what: Sentence(
                "Vestibule asked AWS for your role, and what came back was not the answer to that. It was thrown away."
            ),
            who: Sentence(
                "The people who run this site: something between Vestibule and AWS may be answering in AWS’s place."
            ),
            now: Sentence("Try again once. If it stays, give them the reference below."),
        },
        region_disabled: ProblemText = ProblemText {
            title: "AWS does not sign in from that region for this account",
            what: Sentence(
                "The STS endpoint that Vestibule uses lies in a region that is not activated in account {account}."
            ),
            who: Sentence(
                "Whoever administers that account can activate the region for STS, in IAM under account settings. The \
                 people who run this site can choose another region."
            ),
            now: Sentence("Tell them, with the number of the account. Trying again changes nothing until then."),
        },
    }
}
