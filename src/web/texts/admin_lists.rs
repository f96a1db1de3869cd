//! Administrators' lists of rules, roles and accounts; and what came of probing a role.

use super::{Plural, Sentence, Text};

texts! {
    /// The lists.
    ListsTexts {
        title: Text = "Access model",
        search: Text = "Find rules, roles and accounts",
        find: Text = "Find",
        current: Sentence = Sentence("Revision <a>{number}</a> is current: {moment}, by <span>{author}</span>"),
        none_yet: Sentence = Sentence("No revision has been published yet. <a>Write the first</a>"),
        trouble: Text = "This server cannot use the current revision",
        trouble_text: Sentence = Sentence(
            "It decides by revision {number}, and hands out nothing that the current one forbids. These lists show \
             revision {number}."
        ),
        tabs: Text = "Lists",
        rules: Text = "Rules",
        roles: Text = "Roles",
        accounts: Text = "Accounts",
        none: Text = "There are none.",
        none_found: Text = "None of them matches that.",
        count_rules: Plural = Plural { one: Sentence("{all} rule"), other: Sentence("{all} rules") },
        count_roles: Plural = Plural { one: Sentence("{all} role"), other: Sentence("{all} roles") },
        count_accounts: Plural = Plural { one: Sentence("{all} account"), other: Sentence("{all} accounts") },
        found_rules: Plural = Plural {
            one: Sentence("{found} of {all} rule"),
            other: Sentence("{found} of {all} rules"),
        },
        found_roles: Plural = Plural {
            one: Sentence("{found} of {all} role"),
            other: Sentence("{found} of {all} roles"),
        },
        found_accounts: Plural = Plural {
            one: Sentence("{found} of {all} account"),
            other: Sentence("{found} of {all} accounts"),
        },
        cut: Sentence = Sentence("{count}, the first {shown} shown. A narrower search shows the rest"),
        needs: Text = "What it needs",
        used_by: Text = "Used by",
    }
}

texts! {
    /// A rule in the list.
    RuleTexts {
        from: Sentence = Sentence("from {moment}"),
        until: Sentence = Sentence("until {moment}"),
        when: Text = "When",
        gives: Text = "Gives",
        takes: Text = "Takes away",
    }
}

texts! {
    /// A role in the list.
    RoleTexts {
        arn: Text = "ARN",
        needs: Text = "What it needs in its account",
        through: Text = "Through",
        asks_for: Text = "Asks for",
        size: Text = "A session takes",
        size_of: Sentence = Sentence("about {percent} % of the space that AWS gives it"),
        size_parts: Sentence = Sentence("characters: {parts}, and AWS does not say how it packs them"),
        size_policy: Sentence = Sentence("policy {count}"),
        size_managed: Sentence = Sentence("managed policies’ ARNs {count}"),
        size_tags: Sentence = Sentence("tags {count}"),
        no_rule: Text = "no rule: nobody holds it",
        probe: Text = "Probe",
        no_probe: Sentence = Sentence("{why}."),
        does_it_work: Text = "Does it work now?",
        sessions: Text = "Sessions",
        revoke: Text = "Cut them off",
    }
}

texts! {
    /// An account in the list.
    AccountTexts {
        owner: Text = "Owner",
        no_role: Text = "no role",
        set_up: Text = "Set up",
    }
}

texts! {
    /// What came of a probe.
    ProbeTexts {
        title: Text = "Does it work now?",
        verdict: Sentence = Sentence("{role} {verdict}"),
        by: Sentence = Sentence("<a>{role}</a>, by revision <a2>{number}</a2>"),
        known: Text = "What is known",
        supposed: Text = "What is supposed, likeliest first",
        line: Text = "The line to change",
        untried: Text = "What this does not show",
        done: Text = "What was done",
        asked: Plural = Plural {
            one: Sentence(
                "{method} was asked for once: for the shortest duration, and with a session policy that denies \
                 everything. A role is left alone for a minute after each time."
            ),
            other: Sentence(
                "{method} was asked for {count} times, with one thing less each time: for the shortest duration, and \
                 with a session policy that denies everything. A role is left alone for a minute after each time."
            ),
        },
        again: Text = "Probe it again",
    }
}
