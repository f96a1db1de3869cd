//! What surrounds administrators' pages; and those of the document and its revisions.

use super::{Plural, Sentence, Text};

texts! {
    /// What surrounds them all.
    AdminTexts {
        tabs: Text = "Administration",
        group_access: Text = "Access",
        group_people: Text = "People",
        group_record: Text = "Record",
        access: Text = "Access model",
        drafts: Text = "Drafts",
        revisions: Text = "Revisions",
        issuer: Text = "Issuer",
        trust: Text = "What accounts need",
        simulate: Text = "Simulate",
        people: Text = "Everybody",
        stops: Text = "Blocked and suspended",
        revoke: Text = "Revoke",
        record: Text = "Search",
        tokens: Text = "Tokens",
        read_only: Text = "These pages are read-only",
        governed: Sentence = Sentence(
            "The access model is governed by the file <code>{file}</code> that the configuration names under \
             <code>[access]</code>. Change it there; it is published when Vestibule starts."
        ),
        current: Text = "current",
        more: Sentence = Sentence("and {count} more"),
    }
}

texts! {
    /// What was found out about a document.
    FindingTexts {
        empty: Text = "There is no text",
        empty_text: Text = "An empty document would take every role from everybody. If that is what you want, write it \
                            as a comment: a line that begins with #.",
        unreadable: Text = "This is not a document yet",
        unreadable_text: Text = "It is kept as it is. Reading it ends here:",
        problems: Plural = Plural {
            one: Sentence("{count} problem"),
            other: Sentence("{count} problems"),
        },
        problems_text: Text = "It is kept as it is, and cannot be published like this. Entries are counted from 0.",
        same: Text = "Nothing would change",
        same_text: Text = "The revision that it stands on says the same. There is nothing to publish.",
        changes: Text = "No problems. It changes this:",
        meanwhile: Text = "Somebody saved this draft meanwhile",
        meanwhile_by: Sentence = Sentence("By <span>{author}</span>, {moment}."),
        meanwhile_kept: Text = "Nothing of yours was saved yet, and your text is still below. You may keep it as a draft of its \
                                own, so that neither is lost; or save it over theirs.",
        meanwhile_theirs: Text = "What stands in the draft now changes this",
        meanwhile_yours: Text = "Your text changes this",
        meanwhile_nothing: Text = "Nothing, or it cannot be read.",
        meanwhile_apart: Text = "What saving your text over theirs would change",
    }
}

texts! {
    /// The list of revisions.
    RevisionsTexts {
        title: Text = "Revisions",
        about: Text = "Every published access model, the newest first. None is ever changed.",
        none: Text = "There are none.",
        none_before: Text = "There are none before that.",
        revision: Sentence = Sentence("<a>Revision {number}</a>"),
        published: Text = "Published",
        by: Sentence = Sentence("{moment} by <span>{author}</span>"),
        note: Text = "Note",
        newest: Text = "The newest",
        older: Text = "Older ones",
    }
}

texts! {
    /// One revision.
    RevisionTexts {
        title: Sentence = Sentence("Revision {number}"),
        published: Sentence = Sentence("Published {moment} by <span>{author}</span>"),
        changed: Text = "What it changed",
        nothing: Text = "Nothing.",
        nothing_against: Sentence = Sentence("Nothing against revision {number}."),
        against: Sentence = Sentence("Against <a>revision {number}</a>."),
        first: Text = "It was the first.",
        back: Text = "Going back to it",
        back_nothing: Sentence = Sentence(
            "Would change nothing: revision {number}, the current one, says the same."
        ),
        back_against: Sentence = Sentence(
            "Against <a>revision {number}</a>, the current one, it would change this:"
        ),
        becomes: Text = "A draft with the content of this one is made, and reviewed before it becomes a new revision. Nothing is \
                         lost.",
        go_back: Sentence = Sentence("Go back to revision {number}"),
        back_name: Sentence = Sentence("Back to revision {number}"),
        document: Sentence = Sentence("The document of revision {number}"),
    }
}

texts! {
    /// Two revisions beside each other.
    CompareTexts {
        title: Sentence = Sentence("From revision {from} to {to}"),
        about: Sentence = Sentence("What sets <a>revision {from}</a> and <a2>revision {to}</a2> apart."),
        nothing: Text = "Nothing: both say the same.",
        any: Text = "Compare any two",
        from: Text = "From revision",
        to: Text = "To revision",
        compare: Text = "Compare",
    }
}
