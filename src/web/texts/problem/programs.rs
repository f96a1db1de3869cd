//! Requests of programs that are not done, and tokens that are not made.

use super::{ProblemText, Sentence, Text};

texts! {
    /// Requests of programs.
    ProgramProblems {
        token_refused: ProblemText = ProblemText {
            title: "The token was not made",
            what: Sentence("Nothing was made: {why}."),
            who: Sentence("You can, or the people who run this site where its configuration has no tokens."),
            now: Sentence("Ask for it once more, as it can be."),
        },
        token_of_older_session: ProblemText = ProblemText {
            title: "Sign in again to make a token",
            what: Sentence(
                "Since this session began you have signed in anew, in another browser, and your provider may say something \
                 else of you by now. A token is kept with what it said last, so nothing was made."
            ),
            who: Sentence("You can."),
            now: Sentence("Sign in again in this browser, and make the token then; or make it where you signed in last."),
        },
        not_for_tokens: ProblemText = ProblemText {
            title: "This role is not for tokens",
            what: Sentence("The role asks for {what}, which only the person themself can bring, in a browser."),
            who: Sentence("Whoever decides what the role asks for."),
            now: Sentence("Open the role in a browser, or take one that asks for less."),
        },
        login: Text = "a fresh login, or one in a certain context",
        reason: Text = "a reason",
        code: Text = "the code of an MFA device",
        proof: Text = "the identity provider’s own proof",
        token_needed: ProblemText = ProblemText {
            title: "A token is needed",
            what: Sentence(
                "What changes something is done for programs with a token only, sent as “Authorization: Bearer”. A \
                 browser’s session does not count here."
            ),
            who: Sentence("You can."),
            now: Sentence("Make a token among your settings, and send it with the request."),
        },
        token_unknown: ProblemText = ProblemText {
            title: "The token is not valid",
            what: Sentence("It was revoked, it has ended, or it never was one."),
            who: Sentence("You can."),
            now: Sentence("Make a new token among your settings."),
        },
        token_in_address: ProblemText = ProblemText {
            title: "A token does not belong into an address",
            what: Sentence(
                "Addresses stand in logs and histories, so a token in one is not looked at. It may have been seen by \
                 others by now."
            ),
            who: Sentence("You can."),
            now: Sentence("Revoke that token, make another, and send it as “Authorization: Bearer”."),
        },
        scope_lacking: ProblemText = ProblemText {
            title: "The token may not do that",
            what: Sentence("It would need the scope {scope}."),
            who: Sentence("You can."),
            now: Sentence("Make a token that has it."),
        },
        nobody_known: ProblemText = ProblemText {
            title: "Nobody of that name is signed in",
            what: Sentence("So nothing is known of what their provider says of them."),
            who: Sentence("You can."),
            now: Sentence("Say their attributes with the request."),
        },
        no_such_token: ProblemText = ProblemText {
            title: "There is no such token",
            what: Sentence("None of that id is alive here: it was revoked, it has ended, or it is somebody else’s."),
            who: Sentence("You can."),
            now: Sentence("Look for it in the list of tokens."),
        },
        body_unreadable: ProblemText = ProblemText {
            title: "The body could not be read",
            what: Sentence("It is not what belongs here: {why}"),
            who: Sentence("Whoever wrote the program."),
            now: Sentence("Compare it with the description of the API, at /api/v1/openapi.json."),
        },
        media_type: ProblemText = ProblemText {
            title: "The body is of another kind",
            what: Sentence("What is sent here is {wanted}, and says so in Content-Type."),
            who: Sentence("Whoever wrote the program."),
            now: Sentence("Send it with the right Content-Type."),
        },
        not_acceptable: ProblemText = ProblemText {
            title: "The answer would be of another kind",
            what: Sentence("What is answered here is {offered}, and the request’s Accept takes none of it."),
            who: Sentence("Whoever wrote the program."),
            now: Sentence("Ask with another Accept, or with none."),
        },
        if_match_needed: ProblemText = ProblemText {
            title: "On top of what?",
            what: Sentence(
                "What is changed here may have been changed by somebody else in between, so the request says by If-Match \
                 which version it was written on."
            ),
            who: Sentence("Whoever wrote the program."),
            now: Sentence("Read it, and send its ETag as If-Match."),
        },
        if_match_stale: ProblemText = ProblemText {
            title: "It was changed in between",
            what: Sentence("Another version stands there than the one that If-Match names. Nothing was changed."),
            who: Sentence("You can."),
            now: Sentence("Read what stands there now, and make the change on top of it."),
        },
        draft_unreadable: ProblemText = ProblemText {
            title: "The draft cannot be read",
            what: Sentence("Its text is no access model, so there are no entries to be seen or changed one by one."),
            who: Sentence("You can."),
            now: Sentence("Read its review, which says why, and save a text that is one."),
        },
        entry_unfit: ProblemText = ProblemText {
            title: "The entry is wrong",
            what: Sentence("Something is wrong with it as it was sent. Nothing was saved."),
            who: Sentence("You can."),
            now: Sentence("Put right what is listed, or save it as it is by “anyway”, for later."),
        },
        draft_stale: ProblemText = ProblemText {
            title: "Another revision was published",
            what: Sentence("The current revision is {current}, and that is not the one that was named. Nothing was changed."),
            who: Sentence("You can."),
            now: Sentence("Read the draft’s review, and bring the draft onto the current revision."),
        },
        undecided: ProblemText = ProblemText {
            title: "Somebody has to decide",
            what: Sentence(
                "The draft and the revision both changed the entries that are listed, each in another way. The draft is as \
                 it was."
            ),
            who: Sentence("You can."),
            now: Sentence("Say for each of them whose is taken, “mine” or “theirs”."),
        },
        confirmation_needed: ProblemText = ProblemText {
            title: "This needs a second thought",
            what: Sentence(
                "The draft gives production roles to everybody, or takes the last role of many, as its review says. It is \
                 confirmed by “{phrase}”, and nothing was published."
            ),
            who: Sentence("You can."),
            now: Sentence("If it is meant so, publish it with that as “confirm”."),
        },
        unanswerable: ProblemText = ProblemText {
            title: "Nothing can be said of that",
            what: Sentence("It cannot be asked like that: {why}."),
            who: Sentence("You can."),
            now: Sentence("Ask once more, as it can be."),
        },
        nobody_in_the_record: ProblemText = ProblemText {
            title: "There is nothing of them to cut off",
            what: Sentence("The record has no sign-in of such a person whose session in AWS could still live. Nothing was done."),
            who: Sentence("You can."),
            now: Sentence("Compare identity provider, subject and format with what the record says of them."),
        },
        key_needed: ProblemText = ProblemText {
            title: "An Idempotency-Key is needed",
            what: Sentence("What changes AWS is done once, also when its answer gets lost and it is asked for again."),
            who: Sentence("Whoever wrote the program."),
            now: Sentence("Send a fresh random one, such as a UUID, for each thing to be done."),
        },
        key_unreadable: ProblemText = ProblemText {
            title: "The Idempotency-Key could not be read",
            what: Sentence("It has 1 to 255 visible ASCII characters, and comes once. What is done here needs one."),
            who: Sentence("Whoever wrote the program."),
            now: Sentence("Send a fresh random one, such as a UUID, for each thing to be done."),
        },
        key_of_another: ProblemText = ProblemText {
            title: "The Idempotency-Key belongs to another request",
            what: Sentence("Something else was asked for under it in the last 24 hours. Nothing was done."),
            who: Sentence("Whoever wrote the program."),
            now: Sentence("Send a fresh one for each thing to be done."),
        },
        under_way: ProblemText = ProblemText {
            title: "It is being done",
            what: Sentence(
                "The same was asked for under this Idempotency-Key, and has not ended: it is being done now, or broke off, \
                 and then the record says what is known of it."
            ),
            who: Sentence("You can, by waiting."),
            now: Sentence("Ask again in a moment. If it stays so, look into the record, and use a fresh key."),
        },
        made_before: ProblemText = ProblemText {
            title: "These keys were made before",
            what: Sentence(
                "The same was asked for under this Idempotency-Key; what came of it stands in the record under the sign-in \
                 id. Keys are kept nowhere, so they cannot be shown again."
            ),
            who: Sentence("You can."),
            now: Sentence("If they got lost, ask for new ones under a fresh key."),
        },
    }
}
