//! Why a role is somebody's, or why not: for the person themself, and for administrators about anybody.

use super::{Plural, Sentence, Text};

texts! {
    /// The page for the person themself.
    WhyTexts {
        suspended: Sentence = Sentence("The role is suspended, {until}: whatever the rules give, nobody gets in."),
        account_suspended: Sentence = Sentence(
            "The whole account is suspended, {until}: whatever the rules give, nobody gets in."
        ),
        held: Sentence = Sentence("Why {role} is yours"),
        held_lead: Text = "What your identity provider says about you fits a rule that gives this role.",
        taken: Sentence = Sentence("Why {role} is not yours"),
        taken_lead: Text =
            "A rule gives you this role, and another one takes it away. What takes away counts, whatever gives.",
        taken_by: Text = "What takes it away",
        taken_who: Text =
            "It looks at this of yours. If that is not right, the people who run your identity provider can \
             change it; if the rule is not, those who look after access to AWS can.",
        not_given: Sentence = Sentence("Why {role} is not yours"),
        not_given_lead: Text =
            "You do not hold this role. Each of these ways leads to it for whoever has all that it asks for, \
             unless a rule takes it away.",
        no_way: Text = "You do not hold this role, and no way to it can be shown here.",
        ask: Sentence = Sentence(
            "If you need it, ask {owner}. If you were given it just now, sign in again, so that your identity \
             provider can say so."
        ),
        ask_nobody: Text =
            "If you need it, ask the people who look after access to AWS in your organisation. If you were given \
             it just now, sign in again, so that your identity provider can say so.",
        at_large: Text =
            "Rules about many accounts at once are not shown here, whether there are any or not: administrators \
             see them.",
        by_rule: Text = "By the rule",
        a_way: Text = "A way to it",
        more_ways: Sentence = Sentence("And {count} more."),
        from: Sentence = Sentence("Counts from {moment}."),
        until: Sentence = Sentence("Counts until {moment}."),
        over: Sentence = Sentence("It counted until {moment}."),
        yes: Text = "Yes",
        no: Text = "Missing",
        signed_in_by: Text = "You signed in by",
        not_left_out: Text = "You did not sign in by a provider that it leaves out.",
        nothing_against: Sentence = Sentence("Nothing that it leaves out is among your {name}."),
        yours: Sentence = Sentence("Your {name}:"),
        none_of_yours: Sentence = Sentence("Your identity provider sent no {name}."),
        wants_idp: Sentence = Sentence("Signed in by"),
        wants_other_idp: Sentence = Sentence("Not signed in by"),
        is: Sentence = Sentence("{name} is"),
        is_one_of: Sentence = Sentence("{name} is one of"),
        begins: Sentence = Sentence("{name} begins with"),
        matches: Sentence = Sentence("{name} matches"),
        present: Sentence = Sentence("{name} has any value"),
        spells: Sentence = Sentence("{name} names this account and role"),
        is_not: Sentence = Sentence("{name} is not"),
        is_none_of: Sentence = Sentence("{name} is none of"),
        begins_not: Sentence = Sentence("{name} does not begin with"),
        matches_not: Sentence = Sentence("{name} does not match"),
        absent: Sentence = Sentence("{name} has no value"),
        captured: Sentence = Sentence("{group} is {text}"),
        and_more: Sentence = Sentence("and {count} more"),
        account: Text = "Account",
        role: Text = "Role",
        console: Text = "Open the console",
        keys: Text = "Keys",
        roles: Text = "Your roles",
        sign_in: Text = "Sign in again",
        somebody: Text = "Ask about somebody else",
        revision: Sentence = Sentence("As revision {number} of the access model says."),
    }
}

texts! {
    /// The page for administrators.
    AdminWhyTexts {
        title: Text = "Simulate",
        about: Text =
            "What a revision or a draft says about anybody: the roles that they hold, and of one role why, or why not: every \
             rule that has to do with it, and which of its conditions holds.",
        model: Text = "By",
        current: Text = "the current revision",
        draft: Sentence = Sentence("draft: {name}"),
        of_revision: Sentence = Sentence("revision {number}"),
        by_draft: Text = "By the draft.",
        bad_model: Text = "Choose the current revision, an old one, or a draft.",
        unfit: Text = "That draft or revision cannot be used as it stands: its own page says what is wrong with it.",
        role: Text = "Of a role in particular, why or why not",
        role_how: Text = "Optional: account/role, such as payments-prod/ReadOnly",
        idp: Text = "Identity provider",
        subject: Text = "Subject",
        subject_how: Text = "the person, as the provider names them: the NameID, or sub",
        known: Text = "Look them up",
        known_about: Text =
            "By what their provider said when they signed in last, as far as that is kept. That you look is written into \
             the audit log.",
        attributes: Text = "Or what the provider would say of them",
        attributes_how: Text = "A line for each value: name = value. Values are compared exactly, blanks too.",
        typed: Text = "Judge what is typed",
        trouble: Text = "It cannot be said yet",
        bad_role: Text = "A role is written account/role, by the account’s alias or its 12 digits.",
        bad_idp: Text = "Choose the identity provider.",
        bad_subject: Text = "Say who: the subject as the provider has it, without control characters.",
        bad_line: Sentence = Sentence("Line {number} of the attributes is not written name = value."),
        too_long: Text =
            "That is more than this page reads: 256 characters of a role, 1,024 of a subject, and 256 KiB or \
             5,000 lines of attributes, and 256 KiB of what is pasted.",
        no_such_role: Text = "It has no such role.",
        nobody_known: Text =
            "Nobody with this subject signed in by this provider as far back as that is kept, so nothing is known of them. \
             Type what the provider would say of them instead.",
        pasted: Text = "Or paste what the provider sends",
        pasted_how: Text =
            "SAML: a whole response, an assertion, its AttributeStatement, or attributes alone. OpenID Connect: claims as JSON, \
             or a whole ID token, of which only the claims are read. Nothing of it is verified, kept or logged.",
        judge_pasted: Text = "Judge what is pasted",
        nothing_pasted: Text = "Nothing was pasted.",
        unreadable: Sentence = Sentence("What was pasted cannot be read: {reason}."),
        of_last: Sentence = Sentence("As their provider said when they signed in last, {since}."),
        of_paste: Text =
            "As pasted. Nothing of it was verified: whoever wrote it may say what they like. It was not kept.",
        holds: Plural = Plural {
            one: Sentence("{who} holds {count} role"),
            other: Sentence("{who} holds {count} roles"),
        },
        because: Text = "Because of",
        blocked: Sentence = Sentence("Blocked {until}: nobody lets them in, whatever the rules give."),
        suspended: Sentence = Sentence("Suspended {until}: nobody gets in now, whatever the rules give."),
        suspended_with_account: Sentence = Sentence(
            "Suspended with its account {until}: nobody gets in now, whatever the rules give."
        ),
        standing: Text = "Now",
        to_person: Text = "To the person’s page",
        by_rule: Sentence = Sentence("the rule {rule}"),
        why: Text = "Why?",
        more_roles: Sentence = Sentence("And {count} more."),
        held: Sentence = Sentence("{who} holds {role}"),
        taken: Sentence = Sentence("{who} does not hold {role}: a rule takes it away"),
        not_given: Sentence = Sentence("{who} does not hold {role}: no rule gives it"),
        of_session: Sentence = Sentence("As their provider said when they signed in, {since}."),
        of_form: Text = "As typed below.",
        more_values: Sentence = Sentence(
            "The form below has the first {count} values; {more} more were judged, and are not shown."
        ),
        revision: Sentence = Sentence("By revision {number}."),
        gives: Text = "Rules that can give it",
        gives_none: Text = "There are none: nobody holds this role.",
        takes: Text = "Rules that can take it away",
        takes_none: Text = "There are none.",
        does: Text = "does",
        does_not: Text = "does not",
        not_yet: Text = "not yet",
        over: Text = "no more",
        from: Sentence = Sentence("from {moment}"),
        until: Sentence = Sentence("until {moment}"),
        yes: Text = "Holds",
        no: Text = "Fails",
        nothing_came: Text = "has no value",
        spelled: Sentence = Sentence("{name} spells the role"),
        unspelled: Sentence = Sentence("no value of {name} spells the role"),
        such_as: Text = "such as",
        captured: Sentence = Sentence("{group} is {text}"),
        and_more: Sentence = Sentence("and {count} more"),
        more_rules: Sentence = Sentence("And {count} more."),
    }
}
