//! What administrators' pages cannot do.

use super::{Plural, ProblemText, Sentence};

texts! {
    /// Administrators' pages.
    AdminProblems {
        sent_too_late: ProblemText = ProblemText {
            title: "Your session ended before you sent this",
            what: Sentence("Nothing was saved, changed or ended, and nothing is kept of what the form held."),
            who: Sentence("You can."),
            now: Sentence("Sign in again, open the page anew, and do it once more."),
        },
        written_too_late: ProblemText = ProblemText {
            title: "Your session ended before you sent this",
            what: Sentence(
                "Nothing was saved. What you wrote is not lost: it stands below, and nowhere else."
            ),
            who: Sentence("You can."),
            now: Sentence("Copy what you wrote. Then sign in again, and paste it into the draft."),
        },
        no_such_revision: ProblemText = ProblemText {
            title: "There is no such revision",
            what: Sentence("Revisions of the access model are numbered from 1, and none has this number."),
            who: Sentence("Whoever gave you the address."),
            now: Sentence("Look for it in the list, which names every revision there is."),
        },
        governed: ProblemText = ProblemText {
            title: "A file governs the access model",
            what: Sentence(
                "The configuration names a file that the access model is taken from, so nothing can be changed on these \
                 pages. Nothing was published."
            ),
            who: Sentence("Whoever may change {file} can."),
            now: Sentence("Make the change in the file. It is published when Vestibule starts."),
        },
        no_such_draft: ProblemText = ProblemText {
            title: "There is no such draft",
            what: Sentence("No draft of the access model has this address. It was published or discarded, or never was."),
            who: Sentence("Whoever published or discarded it, if somebody did."),
            now: Sentence("Look at the list of drafts, and at the newest revisions."),
        },
        draft_gone: ProblemText = ProblemText {
            title: "The draft is gone, and what you wrote is not",
            what: Sentence(
                "Somebody published or discarded the draft while you were writing, so what you wrote could not be saved \
                 into it. It stands below, and nowhere else."
            ),
            who: Sentence("You can."),
            now: Sentence(
                "Keep it as a draft of its own: one begins on the current revision with this text, and shows what sets \
                 the two apart. The newest revisions say whether the other draft was published."
            ),
        },
        draft_overtaken: ProblemText = ProblemText {
            title: "Somebody saved this draft meanwhile",
            what: Sentence("The draft is another one than you looked at, so nothing was done with it."),
            who: Sentence("You can."),
            now: Sentence("Look at the draft as it is now, and do it again if you still want it."),
        },
        draft_not_begun: ProblemText = ProblemText {
            title: "No draft was begun",
            what: Sentence("There are as many drafts as there may be, or what it is for is too long. Nothing was changed."),
            who: Sentence("You can."),
            now: Sentence("Discard a draft that nobody needs any more, and do it again."),
        },
        overtaken: ProblemText = ProblemText {
            title: "Another revision was published meanwhile",
            what: Sentence("Somebody published while you were at it, so nothing of yours was published."),
            who: Sentence("You can."),
            now: Sentence("Look at what changed, and do it again on top of that."),
        },
        not_publishable: ProblemText = ProblemText {
            title: "This cannot be published",
            what: Sentence("The document or its note did not pass the checks. Nothing was published."),
            who: Sentence("You can."),
            now: Sentence("Look at its draft, which names every problem."),
        },
        not_followed: ProblemText = ProblemText {
            title: "Published, and not in force on this server yet",
            what: Sentence(
                "The revision was published. This server could not load it, and decides by the one before until it can; \
                 it tries again all the time, and hands out nothing that the new one forbids."
            ),
            who: Sentence("The people who run this site: the reference below leads to the reason in the log."),
            now: Sentence("Do not publish it again. Give them the reference, and look at the lists, which say when it is over."),
        },
        no_such_person: ProblemText = ProblemText {
            title: "Nothing is known of this person",
            what: Sentence(
                "They are neither signed in nor blocked. Vestibule keeps no list of people: whoever signs out is known to \
                 the audit log alone."
            ),
            who: Sentence("You can: who is to stay out can be blocked by what their identity provider sends."),
            now: Sentence("Look for them among the people, or block them there by provider and subject."),
        },
        no_such_session: ProblemText = ProblemText {
            title: "There is no such session",
            what: Sentence("This person has no such session: it has ended, or it is none of theirs. Nothing was changed."),
            who: Sentence("Nobody needs to."),
            now: Sentence("Look at the person’s sessions again."),
        },
        no_such_stop: ProblemText = ProblemText {
            title: "Nothing is stopped there",
            what: Sentence("There is no such block or suspension: perhaps somebody else has lifted it. Nothing was changed."),
            who: Sentence("Nobody needs to."),
            now: Sentence("Look at the list again."),
        },
        stop_refused: ProblemText = ProblemText {
            title: "This cannot be blocked or suspended",
            what: Sentence(
                "There is no such role or account, the end lies in the past, or it is you yourself. Nothing was changed."
            ),
            who: Sentence("You can. Nobody blocks themself: another administrator can."),
            now: Sentence("Go back, and put it right."),
        },
        no_such_role: ProblemText = ProblemText {
            title: "There is no such role",
            what: Sentence("The current revision of the access model has no role of that name. AWS was not asked."),
            who: Sentence("You can. Somebody may have published meanwhile."),
            now: Sentence("Look for it in the list, which names every role there is."),
        },
        plan_too_old: ProblemText = ProblemText {
            title: "What you were shown is too old",
            what: Sentence(
                "It names the moment before which sessions are cut off, and that is more than a quarter of an hour ago. \
                 Nothing was changed."
            ),
            who: Sentence("You can."),
            now: Sentence("Go back to the page about revoking, and look at it again."),
        },
        record_not_indexed: ProblemText = ProblemText {
            title: "Not everything can be found yet",
            what: Sentence(
                "Rows {first} to {last} of the record are from before it could be searched, and are not in its index yet. A copy \
                 of what fits would miss those of them that do, and look like all of it, so there is none."
            ),
            who: Sentence("Whoever runs Vestibule: `vestibule audit index` files them. They are being filed as well while it serves."),
            now: Sentence("Try again when that is done. A copy of everything, or of all between two moments, misses none."),
        },
        probed_too_soon: ProblemText = ProblemText {
            title: "Not again so soon",
            what: Sentence("This role was probed less than a minute ago. Nothing was asked of AWS."),
            who: Sentence("Nobody needs to."),
            now: Sentence("Wait {wait}, and probe it again from the list of roles."),
        },
        probes_too_many: ProblemText = ProblemText {
            title: "Not again so soon",
            what: Sentence(
                "Other roles are being probed, and AWS is not asked for too many at once. Nothing was asked of it for \
                 this one."
            ),
            who: Sentence("Nobody needs to."),
            now: Sentence("Wait {wait}, and probe it again from the list of roles."),
        },
        wait: Plural = Plural { one: Sentence("a second"), other: Sentence("{seconds} seconds") },
    }
}
