//! What stands between a person and a role that is theirs, before AWS says anything of its own.

use super::{Plural, ProblemText, Sentence, Text};

texts! {
    /// Roles.
    RoleProblems {
        role_suspended: ProblemText = ProblemText {
            title: "This role is suspended",
            what: Sentence(
                "The role is yours, and it is suspended, {until}: until then nobody gets into its console, and nobody gets \
                 its keys. Nothing was handed out."
            ),
            who: Sentence("Whoever suspended it: ask {ask}."),
            now: Sentence("Ask them, or take another of your roles. When it is over, this very link works again."),
        },
        account_suspended: ProblemText = ProblemText {
            title: "This account is suspended",
            what: Sentence(
                "The role is yours, and its whole account is suspended, {until}: until then nobody gets into its consoles, \
                 and nobody gets its keys. Nothing was handed out."
            ),
            who: Sentence("Whoever suspended it: ask {ask}."),
            now: Sentence("Ask them, or take a role of another account. When it is over, this very link works again."),
        },
        claim_unusable: ProblemText = ProblemText {
            title: "Something about you cannot be used with AWS",
            what: Sentence(
                "The role wants something that your identity provider says about you, for its {what}. It is missing, or \
                 has characters in it or a length that AWS does not take."
            ),
            who: Sentence(
                "The people who look after access to AWS in your organisation, together with those who run the identity \
                 provider."
            ),
            now: Sentence("Tell them, with the reference below. Your other roles are open to you."),
        },
        issuer_expired: ProblemText = ProblemText {
            title: "The key that vouches for you has expired",
            what: Sentence(
                "Vestibule found that the role is yours, and would vouch for you towards AWS; but the certificate of its \
                 signing key has come to its end, and it signs nothing with it any more."
            ),
            who: Sentence(
                "The people who run this site: they bring the next key into force (vestibule issuer keys promote) or make \
                 one (vestibule issuer keys new), and register the new metadata in every account. The page on the issuer, \
                 under Administration, says which step is next."
            ),
            now: Sentence("Tell them: it concerns everybody who goes this way. Trying again changes nothing until then."),
        },
        issuer_without_key: ProblemText = ProblemText {
            title: "Vestibule has no key to vouch for you",
            what: Sentence(
                "The role is yours, and Vestibule itself vouches for its holders towards AWS; but no key of its issuer is \
                 in force for this kind of proof."
            ),
            who: Sentence(
                "The people who run this site: vestibule issuer keys list shows the keys and their states, and vestibule \
                 issuer keys promote brings the next one into force."
            ),
            now: Sentence("Tell them: it concerns everybody who goes this way. Trying again changes nothing until then."),
        },
        issuer_broken: ProblemText = ProblemText {
            title: "Vestibule could not vouch for you",
            what: Sentence(
                "The role is yours, and Vestibule itself vouches for its holders towards AWS; but its issuer could not \
                 make the proof. Nothing was handed out."
            ),
            who: Sentence("The people who run this site: the reference below leads to the reason in the log."),
            now: Sentence("Try again once. If it stays, give them the reference."),
        },
        code_unreadable: ProblemText = ProblemText {
            title: "That is no code",
            what: Sentence(
                "The code of an MFA device has exactly six digits, and nothing else. AWS was not asked."
            ),
            who: Sentence("You can."),
            now: Sentence("Enter the six digits that the device shows now, without spaces."),
        },
        code_refused: ProblemText = ProblemText {
            title: "AWS did not take the code",
            what: Sentence(
                "Vestibule found that the role is yours, asked AWS for it with the code that you entered, and AWS refused \
                 the code. It is spent, whatever the reason."
            ),
            who: Sentence(
                "You can. If it is refused time and again, the people who look after access to AWS in your organisation."
            ),
            now: Sentence("Wait until the device shows the next code, and enter that."),
        },
        codes_too_many: ProblemText = ProblemText {
            title: "Too many codes",
            what: Sentence(
                "You entered ten codes within five minutes, which is as many as a device shows. AWS was not asked again."
            ),
            who: Sentence(
                "You can. If it was not you, the people who run this site: somebody uses your session."
            ),
            now: Sentence("Wait five minutes, and enter the code that the device shows then. If it was not you, sign out."),
        },
        reason_needed: ProblemText = ProblemText {
            title: "This role asks for a reason by now",
            what: Sentence(
                "While AWS was being asked, a new revision of the access model came into force by which this role opens \
                 only when you have said what for. Nothing was handed out."
            ),
            who: Sentence("You can."),
            now: Sentence("Open the role again, and say what for."),
        },
        reason_unreadable: ProblemText = ProblemText {
            title: "That reason cannot be kept",
            what: Sentence(
                "A reason has 3 to 300 characters in one line, and none of them is invisible. Nothing was asked of AWS."
            ),
            who: Sentence("You can."),
            now: Sentence("Go back and write it anew. A ticket’s number is enough."),
        },
        session_too_large: ProblemText = ProblemText {
            title: "What this role asks for does not fit into a session",
            what: Sentence(
                "AWS keeps the policies and tags of a session in one token of limited size, and these are too much for \
                 it: {parts}."
            ),
            who: Sentence(
                "The people who look after access to AWS in your organisation: fewer or shorter tags, a shorter session \
                 policy, or managed policies in its place, which take little room."
            ),
            now: Sentence("Tell them, with the facts below. Trying again changes nothing until then."),
        },
        session_too_large_of_idp: Sentence = Sentence(
            "The people who look after access to AWS in your organisation: fewer or shorter tags, a shorter session \
             policy, or managed policies in its place, which take little room. Where a tag is filled with what your \
             identity provider says about you, those who run it can make that shorter."
        ),
    }
}

texts! {
    /// What there was in a session that is too large.
    TooLargeTexts {
        percent: Sentence = Sentence("It counts {percent} per cent of the space there is."),
        policy: Plural = Plural {
            one: Sentence("a session policy of {count} character"),
            other: Sentence("a session policy of {count} characters"),
        },
        managed: Plural = Plural {
            one: Sentence("one managed policy"),
            other: Sentence("{count} managed policies"),
        },
        tag: Plural = Plural {
            one: Sentence("the session tag {tag}, of {count} character"),
            other: Sentence("the session tag {tag}, of {count} characters"),
        },
        tags: Plural = Plural {
            one: Sentence("{tags} session tags of {count} character in all, the longest being {longest}"),
            other: Sentence("{tags} session tags of {count} characters in all, the longest being {longest}"),
        },
        from_proof: Text = "whatever tags your identity provider sends",
        unknown: Text = "what was asked for",
    }
}
