//! Links that lead nowhere, or not for this reader.

use super::{ProblemText, Sentence, Text};

texts! {
    /// Links.
    LinkProblems {
        unreadable: ProblemText = ProblemText {
            title: "This link cannot be read",
            what: Sentence("Its address is not one that Vestibule understands: {reason}."),
            who: Sentence(
                "Whoever made the link. It looks like /go/account/role, the account being its alias or its 12 digits."
            ),
            now: Sentence("Look for the role among your roles, and open it from there."),
        },
        pasted_unknown: ProblemText = ProblemText {
            title: "That names nothing to open",
            what: Sentence("What was pasted cannot be opened, because {reason}."),
            who: Sentence("You, or whoever gave it to you."),
            now: Sentence(
                "Paste the address of a page in the AWS console, an ARN, the 12 digits of an account, or a link of this \
                 site: the whole of it, and nothing around it."
            ),
        },
        not_entitled: ProblemText = ProblemText {
            title: "This role is not yours, or does not exist",
            what: Sentence(
                "You hold no role by this name. The answer is the same whether there is no such role or it belongs to \
                 others."
            ),
            who: Sentence("Ask {ask}: they can give it to you."),
            now: Sentence(
                "If you were given it just now, sign in again, so that your identity provider can say so. If you need \
                 it, ask for it, and say which account and which role. If not, go on from your roles."
            ),
        },
        destination_refused: ProblemText = ProblemText {
            title: "The link leads somewhere else than the console",
            what: Sentence(
                "Its destination is not an https page of the AWS console in the part of AWS where this account lives. \
                 Vestibule sends nobody anywhere else."
            ),
            who: Sentence("Whoever made the link. Without a destination it opens the console’s first page."),
            now: Sentence("Open the role from your roles, and find the page in the console."),
        },
        region_foreign: ProblemText = ProblemText {
            title: "That region is not one of this account’s",
            what: Sentence("The link names a region that does not belong to the part of AWS where this account lives."),
            who: Sentence("Whoever made the link. Without a region it opens the one that you used last."),
            now: Sentence("Open the role from your roles, and choose the region in the console."),
        },
        scope_unknown: ProblemText = ProblemText {
            title: "There is no such scope for this role",
            what: Sentence(
                "The link asks to hold less than the role gives, under a name that is not defined, or that cannot be put \
                 on this role. Vestibule does not open the role without the scope, for that would be more than was asked."
            ),
            who: Sentence("Whoever made the link, or the people who look after access to AWS in your organisation."),
            now: Sentence("If the whole role is what you want, open it from your roles. If not, tell them."),
        },
        access_people: Text = "the people who look after access to AWS in your organisation",
    }
}
