//! A person's sessions with Vestibule, as they see them and as administrators do.

use super::{Plural, Sentence, Text};

texts! {
    /// The page of somebody's own sessions.
    SessionsTexts {
        title: Text = "Where you are signed in",
        what: Text = "Each of these is a browser in which you are signed in to Vestibule. End any that you do not know. \
                      AWS consoles that were opened from there go on until their time is up.",
        count: Plural = Plural {
            one: Sentence("{count} session"),
            other: Sentence("{count} sessions"),
        },
        this_one: Text = "this one",
        unknown: Text = "A browser",
        from: Text = "From",
        from_unknown: Text = "not known",
        began: Text = "Signed in",
        seen: Text = "Last used",
        ends: Text = "Ends",
        end: Text = "End this session",
        end_what: Sentence = Sentence("{browser}, signed in {began}"),
        end_others: Text = "End all others",
        end_all: Text = "End all, this one too",
        settled: Text = "It takes a moment: when the page answers, nothing is handed out any more to what has ended.",
        back: Text = "Back to your settings",
    }
}

texts! {
    /// The list of people.
    PeopleTexts {
        title: Text = "People",
        about: Text = "Whoever is signed in or blocked. There is no list of people: somebody who is neither is not here, \
                       and can be blocked below all the same.",
        find: Text = "Find by name or subject",
        go: Text = "Find",
        none: Text = "Nobody is signed in or blocked by that name.",
        partial: Text = "So many are signed in that only those seen last were looked at. Whoever is not among them is \
                         found by the whole subject.",
        more: Text = "There are more. Narrow it down.",
        seen: Sentence = Sentence("last seen {moment}"),
        not_seen: Text = "not signed in",
        blocked: Sentence = Sentence("blocked {until}"),
        block: Text = "Block somebody who is not listed",
        block_about: Text = "Before they come for the first time, or long after. The three must be exactly what the \
                             identity provider sends.",
        idp: Text = "Identity provider",
        subject: Text = "Subject",
        subject_how: Text = "the NameID, or sub",
        format: Text = "Its format",
        format_none: Text = "none",
        bad_subject: Text = "A subject has at most 1,024 bytes and no control characters, and the provider must be one of \
                             those configured.",
    }
}

texts! {
    /// A person.
    PersonTexts {
        ways: Text = "More about this person",
        revoke: Text = "Cut off in AWS",
        record: Text = "What they did",
        simulate: Text = "What the rules give them",
        not_blocked: Text = "Not blocked",
        not_blocked_text: Text = "Whoever this is can sign in, and gets what the rules give.",
        to_block: Text = "Block",
        sessions: Text = "Sessions with Vestibule",
        sessions_none: Text = "There are none.",
        sessions_about: Text = "Ending one takes it from that browser. Who is not blocked can sign in again.",
        end_all: Text = "End all sessions",
        block: Text = "Block",
        block_about: Text = "Ends all sessions, and lets none begin until it is lifted or over. Nothing more is handed \
                             out. What is open in AWS already goes on: revoke it there as well.",
        block_own: Text = "This is you. Nobody blocks themself: another administrator can.",
        block_now: Text = "Block",
        block_again: Text = "Change the block",
    }
}

texts! {
    /// Blocks and suspensions.
    StopsTexts {
        title: Text = "Blocked and suspended",
        about: Text = "While one of these is in force, nothing is handed out that it stops, whatever the rules give. It \
                       counts from the next hand-over on, everywhere.",
        none: Text = "Nothing is blocked or suspended.",
        newest: Text = "The newest",
        older: Text = "Older",
        person: Text = "person",
        account: Text = "account",
        role: Text = "role",
        blocked: Sentence = Sentence("Blocked {until}"),
        suspended: Sentence = Sentence("Suspended {until}"),
        ended: Sentence = Sentence("Ended by itself on {moment}"),
        by: Sentence = Sentence("{moment} by {author}"),
        since: Text = "Since",
        target: Text = "Of",
        note: Text = "Note",
        lift: Text = "Lift",
        forget: Text = "Take off the list",
        suspend: Text = "Suspend a role or an account",
        place: Text = "Role or account",
        place_how: Text = "payments-prod/Admin, payments-prod or 111122223333",
        until: Text = "Until, in UTC",
        until_about: Text = "Empty: until somebody lifts it.",
        new_note: Text = "Note: why",
        note_about: Text = "For administrators, and kept in the audit log. Whom it stops does not see it.",
        suspend_now: Text = "Suspend",
        trouble: Text = "Nothing was changed",
        bad_place: Text = "There is no such role or account in the current revision.",
        bad_until: Text = "An end is written as 2026-03-01T17:00, in UTC.",
        past_until: Text = "The end lies in the past.",
        far_until: Text = "The end lies more than ten years ahead. Leave it empty instead.",
        bad_note: Text = "A note has at most 1,000 characters, and no control characters.",
        settled: Text = "It takes a moment: when the page answers, nothing leaves any more that it stops.",
    }
}
