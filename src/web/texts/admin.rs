//! What surrounds administrators' pages; and those of the document and its revisions.

use super::{Plural, Sentence, Text};

texts! {
    /// What surrounds them all.
    AdminTexts {
        tabs: Text = "Administration",
        access: Text = "Access model",
        document: Text = "Document",
        revisions: Text = "Revisions",
        issuer: Text = "Issuer",
        trust: Text = "What accounts need",
        why: Text = "Why",
        people: Text = "People",
        stops: Text = "Blocked and suspended",
        revoke: Text = "Revoke",
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
    /// The document as text.
    DocumentTexts {
        title: Text = "The document",
        on_top: Sentence = Sentence("On top of revision {number}"),
        none_yet: Text = "No revision has been published yet",
        too_large: Text = "Too large for this page",
        too_large_text: Sentence = Sentence(
            "A browser can send at most 4 MB. Write this document to a file with <code>vestibule access export</code>, \
             and publish the file with <code>vestibule access apply</code>."
        ),
        label: Text = "The access model as TOML",
        kept: Text = "What is published keeps its entries in this order. Comments are not kept.",
        note: Text = "Note: why this changes",
        note_text: Text = "Optional, and worth writing: it stands beside the revision and in the audit log.",
        check: Text = "Check",
        publish: Text = "Publish",
        publish_on_top: Sentence = Sentence("Publish on top of revision {number}"),
    }
}

texts! {
    /// What was found out about a document.
    FindingTexts {
        empty: Text = "There is no text",
        empty_text: Text = "An empty document would take every role from everybody. If that is what you want, write it \
                            as a comment: a line that begins with #.",
        unreadable: Text = "This is not a document yet",
        unreadable_text: Text = "Nothing was published. Reading it ends here:",
        problems: Plural = Plural {
            one: Sentence("{count} problem"),
            other: Sentence("{count} problems"),
        },
        problems_text: Text = "Nothing was published. Entries are counted from 0.",
        note: Text = "The note cannot be kept",
        note_text: Text = "Nothing was published. A note has at most 1,000 characters, and no control characters.",
        same: Text = "Nothing would change",
        same_text: Text = "The current revision says the same. There is nothing to publish.",
        changes: Text = "No problems. Publishing it changes this:",
        conflict: Sentence = Sentence("Revision {number} was published meanwhile"),
        conflict_by: Sentence = Sentence("By <span>{author}</span>, {moment}."),
        conflict_by_noted: Sentence = Sentence("By <span>{author}</span>, {moment}: <q>{note}</q>."),
        conflict_kept: Text = "Nothing of yours was published, and your text is still below.",
        conflict_on: Sentence = Sentence(
            "It was written on revision {began}; what you do next stands on revision {newest}."
        ),
        conflict_on_none: Sentence = Sentence(
            "It was written on no revision; what you do next stands on revision {newest}."
        ),
        theirs: Text = "What changed meanwhile",
        yours: Text = "What publishing your text would change now",
        yours_nothing: Sentence = Sentence("Nothing: revision {number} says the same."),
        yours_undo: Sentence = Sentence(
            "Where this undoes what changed meanwhile, take that into your text first. <a>Revision {number}</a> has it."
        ),
        overtaken: Text = "Another revision was published meanwhile",
        overtaken_text: Text = "Nothing was changed. Below is what going back would change now. If you still want it, \
                                go back once more.",
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
        note: Text = "Note: why",
        note_unsaid: Sentence = Sentence("Back to revision {number}"),
        becomes: Text = "It becomes a new revision with the content of this one. Nothing is lost.",
        go_back: Sentence = Sentence("Go back to revision {number}"),
        document: Sentence = Sentence("The document of revision {number}"),
    }
}
