//! Drafts of the access model, and the review before one is published.

use super::{Plural, Sentence, Text};

texts! {
    /// The list of drafts.
    DraftsTexts {
        title: Text = "Drafts",
        about: Text = "Access models that are being written. All administrators share them; nothing counts until it is published.",
        none: Text = "There are none.",
        trouble: Text = "No draft was begun",
        bad_name: Text = "What it is for has at most 200 characters, on one line.",
        too_many: Sentence = Sentence("There are {most} drafts already. Discard one that nobody needs any more."),
        no_revision: Text = "There is no revision of that number.",
        unnamed: Text = "Draft without a name",
        on: Sentence = Sentence("on revision {number}"),
        on_none: Text = "on no revision",
        behind: Sentence = Sentence("on revision {number}, which is no longer current"),
        holds: Text = "Holds",
        changes: Plural = Plural { one: Sentence("{count} change"), other: Sentence("{count} changes") },
        unreadable: Text = "a text that cannot be read yet, or is too large",
        saved: Text = "Last saved",
        begun: Text = "Begun",
        by: Sentence = Sentence("{moment} by {author}"),
        next: Text = "Go on",
        edit: Text = "Edit",
        review: Text = "Review",
        begin: Text = "Begin a draft",
        name: Text = "What it is for",
        name_how: Text = "Optional. It is offered as the note when the draft is published",
        from: Text = "With the content of revision",
        from_how: Text = "Empty: the current one",
        begin_it: Text = "Begin a draft",
    }
}

texts! {
    /// A draft as text.
    DraftTexts {
        title: Sentence = Sentence("Draft: {name}"),
        standing: Sentence = Sentence("Written on revision {number}. Last saved {moment} by {author}."),
        standing_none: Sentence = Sentence("Written on no revision. Last saved {moment} by {author}."),
        as_forms: Text = "As forms:",
        too_large: Text = "Too large for this page",
        too_large_text: Sentence = Sentence(
            "A browser can send at most 4 MB. Write this document to a file with <code>vestibule access export</code>, \
             and publish the file with <code>vestibule access apply</code>."
        ),
        label: Text = "The access model as TOML",
        kept: Text = "What is published keeps its entries in this order. Comments are not kept.",
        save: Text = "Save",
        save_and_review: Text = "Save and review",
        review: Text = "Review",
        apart: Text = "Keep mine as a draft of its own",
        over: Text = "Save mine over theirs",
        discard: Text = "Discard it",
        discard_text: Text = "The draft goes for everybody. What is published stays as it is.",
        discard_it: Text = "Discard this draft",
    }
}

texts! {
    /// The review of a draft.
    ReviewTexts {
        title: Sentence = Sentence("Review: {name}"),
        edit: Text = "Edit it",
        nothing: Text = "Nothing.",
        changed: Text = "Something changed since you looked",
        changed_text: Text = "The draft was saved, or a revision was published, meanwhile. Nothing was published; this is the \
                              review as it is now.",
        unconfirmed: Text = "Not confirmed",
        unconfirmed_text: Text = "What you typed is not what the page asks for. Nothing was published.",
        bad_note: Text = "The note cannot be kept",
        bad_note_text: Text = "Nothing was published. A note has at most 1,000 characters, and no control characters.",
        unfit: Text = "It cannot be published as it stands",
        unfit_text: Text = "Nothing was published.",
        undecided: Text = "Not decided yet",
        undecided_text: Text = "The draft stays where it is until you have decided for every entry below.",
        stale: Sentence = Sentence("Revision {number} was published since this draft was begun"),
        stale_by: Sentence = Sentence("By {author}, {moment}."),
        stale_by_noted: Sentence = Sentence("By {author}, {moment}: “{note}”."),
        stale_kept: Text = "Neither is lost: bring the draft onto that revision first.",
        stale_theirs: Text = "What changed meanwhile",
        stale_yours: Text = "What this draft changes",
        rebase: Text = "Bring it up to date",
        rebase_text: Text = "Both changed different entries, so what either did is kept.",
        rebase_clashes: Text = "Both changed the entries below. Decide for each; what else either did is kept.",
        take_yours: Text = "Take the draft’s",
        take_theirs: Text = "Take the published one",
        rebase_it: Sentence = Sentence("Bring it onto revision {number}"),
        changes: Text = "What it changes",
        impact: Text = "For whom",
        rests: Plural = Plural {
            one: Sentence(
                "It rests on the {known} person who signed in during the last {days} days, by what their provider said \
                 then. Groups may have changed since."
            ),
            other: Sentence(
                "It rests on the {known} people who signed in during the last {days} days, by what their provider said \
                 then. Groups may have changed since."
            ),
        },
        unknown_off: Text = "Unknown: nothing is kept of what providers say of people (access.impact_days is 0 in the \
                             configuration).",
        unknown_nobody: Text = "Unknown: of nobody it is known what their provider said when they last signed in.",
        unreadable: Plural = Plural {
            one: Sentence("What was kept of {count} person cannot be read with this key, and does not count."),
            other: Sentence("What was kept of {count} people cannot be read with this key, and does not count."),
        },
        nobody: Text = "Nobody of them gains or loses a role.",
        nobody_now: Text = "Nobody of them gains or loses a role now.",
        nobody_then: Text = "Nobody of them gains or loses a role then.",
        later: Sentence = Sentence("From {moment} on, as rules begin and end"),
        more_moments: Plural = Plural {
            one: Sentence("Rules of this draft begin or end at {count} more moment. What changes then is not known."),
            other: Sentence("Rules of this draft begin or end at {count} more moments. What changes then is not known."),
        },
        production: Text = "production",
        gain: Plural = Plural {
            one: Sentence("{count} person gains {role}"),
            other: Sentence("{count} people gain {role}"),
        },
        lose: Plural = Plural {
            one: Sentence("{count} person loses {role}"),
            other: Sentence("{count} people lose {role}"),
        },
        left_without: Plural = Plural {
            one: Sentence("{count} person loses their last role"),
            other: Sentence("{count} people lose their last role"),
        },
        others: Sentence = Sentence("and {count} others"),
        deserted: Text = "Nobody of them holds afterwards:",
        publish: Text = "Publish",
        second_thought: Text = "This needs a second thought",
        to_everybody: Sentence = Sentence("It gives production roles to everybody who signs in: {roles}."),
        to_everybody_more: Sentence = Sentence("It gives production roles to everybody who signs in: {roles} and {count} more."),
        from_many: Sentence = Sentence("It takes their last role from {count} of {known} people."),
        for_nobody: Text = "No rule gives anything any more: nobody holds any role.",
        type_this: Sentence = Sentence("To publish it all the same, type <code>{phrase}</code>"),
        note: Text = "Note: why this changes",
        note_text: Text = "Optional, and worth writing: it stands beside the revision and in the audit log.",
        publish_on_top: Sentence = Sentence("Publish on top of revision {number}"),
        publish_first: Text = "Publish",
    }
}
