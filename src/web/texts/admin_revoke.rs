//! Cutting sessions off in AWS.

use super::{Sentence, Text};

texts! {
    /// The page about it.
    RevokeTexts {
        title: Text = "Revoke",
        about: Sentence = Sentence(
            "Sessions that are open in AWS, cut off by a policy in each account, through its revoker. \
             <code>vestibule revoke</code> does the same."
        ),
        trouble: Text = "Nothing was asked of AWS",
        trouble_role: Text = "A role is written as the alias of its account, a slash and its name.",
        trouble_no_such_role: Text = "The current revision has no such role, and the audit log of the last 36 hours neither.",
        trouble_too_long: Text = "That is longer than anything there is.",
        trouble_note: Text = "A note has at most 1,000 characters, and no control characters.",
        whom_role: Sentence = Sentence("Everybody’s sessions of {role}."),
        whom_person: Sentence = Sentence("The sessions of {subject}, by {idp}, wherever they went."),
        before: Sentence = Sentence("What is meant are sessions that began before {moment}. Newer ones go on."),
        would_be: Text = "Nothing was changed yet: this is what would be",
        all_cut: Text = "Cut off",
        not_all_cut: Text = "Not everything is cut off",
        nothing_on_record: Text = "There is nothing to cut off",
        nothing_on_record_text: Text = "The audit log has no sign-in of this person whose session could still live. \
                                        AWS was not asked.",
        minutes: Text = "IAM has the policies. AWS says that it can take a few minutes until everything knows of them.",
        once_more: Sentence = Sentence(
            "Links that were handed out before can be used until {moment}, and whether AWS takes what begins by them \
             for old is not known. It is cut off once more then, up to that moment."
        ),
        will_be_once_more: Text = "Links that were handed out before can be used for 15 minutes: it will be cut off once \
                                   more then.",
        shut_out: Sentence = Sentence(
            "Nobody whom this aims at gets anything done there before {moment}, whatever they begin until then."
        ),
        planned: Text = "would be cut off",
        cut: Text = "cut off",
        pending: Sentence = Sentence("not cut off yet: tried again at {moment}"),
        not_cut: Text = "not cut off",
        places: Text = "Where, and by which policy",
        policy: Sentence = Sentence("The policy {name}, as it stands there then:"),
        policy_by_hand: Sentence = Sentence("The policy {name}, for whoever puts it in another way:"),
        policy_once_more: Sentence = Sentence(
            "The policy {name} once more, at {moment}, when links that were handed out before are worthless:"
        ),
        no_policy: Text = "No policy is left there.",
        gaps: Text = "Not cut off, because there can be no policy for it",
        apply_title: Text = "Do it",
        apply_text: Text = "What stands above is put into the accounts, together with what stands there at that moment.",
        apply: Text = "Cut these sessions off",
        note: Text = "Note: why, for the audit log",
        is_blocked: Sentence = Sentence("This person is blocked {until}: Vestibule lets them in no more."),
        blocked_first: Sentence = Sentence("This person was blocked first, {until}: Vestibule lets them in no more."),
        not_blocked: Text = "This person is not blocked: they can sign in again as soon as they are cut off.",
        not_blocked_own: Text = "This is you. You are not blocked, and nobody blocks themself: another administrator can.",
        is_suspended: Sentence = Sentence("The role is suspended {until}: Vestibule lets nobody in."),
        is_suspended_with_account: Sentence = Sentence(
            "The role is suspended with its account {until}: Vestibule lets nobody in."
        ),
        suspended_first: Sentence = Sentence("The role was suspended first, {until}: Vestibule lets nobody in."),
        role_is_gone: Text = "The current revision has no such role: Vestibule lets nobody in by it. What it gave before \
                              is known by the audit log.",
        not_suspended: Text = "The role is not suspended: people can come in again as soon as they are cut off.",
        block_first: Text = "Block them first",
        block_first_about: Text = "Their sessions with Vestibule end, and nothing more is handed to them. Only when that \
                                   holds is anything cut off, and the policies name that moment.",
        suspend_first: Text = "Suspend the role first",
        suspend_first_about: Text = "Vestibule lets nobody in any more. Only when that holds is anything cut off, and the policies \
                                     name that moment.",
        suspend_until_about: Text = "Empty: for 20 minutes, until links that were handed out before have died.",
        chosen_about: Text = "AWS is asked when you press this, and nothing is changed yet.",
        to_person: Text = "To the person’s page",
        found: Text = "People with sign-ins that can still live",
        nobody: Text = "The audit log has nobody of that name whose session could still live.",
        more: Text = "There are more. Write more of the name.",
        look: Text = "Look at it",
        links: Text = "Links that were handed out already, and can be used for 15 minutes",
        again: Text = "Cut off now, and once more in 15 minutes",
        again_text: Text = "Whoever may still come in can do so at once; who comes in to the roles listed during these 15 \
                            minutes is cut off once more at their end.",
        ahead: Text = "Cut off now, and until in 15 minutes",
        ahead_text: Text = "Whoever it aims at is shut out for 15 minutes, whatever they begin. Nothing has to be done \
                            later.",
        a_role: Text = "Everybody’s sessions of a role",
        role: Text = "Role",
        role_how: Text = "account-alias/role-name",
        a_person: Text = "One person’s sessions, everywhere",
        idp: Text = "Identity provider",
        search: Text = "Name or subject, or a part of it",
        search_how: Text = "ada@example.com",
        find: Text = "Find",
        everybodys: Sentence = Sentence("{roles}: everybody"),
        ones: Sentence = Sentence("{roles}"),
        work_first: Text = "to be cut off",
        work_once_more: Text = "to be cut off once more",
        work_tidy: Text = "a policy that has done its work",
        due: Sentence = Sentence("Due {moment}."),
        done: Sentence = Sentence("Done {moment}."),
        given_up: Sentence = Sentence("Given up {moment}."),
        open: Text = "Still to be done",
        ended: Text = "Done lately",
        limits: Text = "What this does not do",
        ways_past: Text = "Ways in that Vestibule cannot close",
        limit_past: Text = "It closes no way past Vestibule: where a role takes the identity provider’s own SAML response, \
                            whoever is active there can take one to AWS themself.",
        limit_new: Text = "By itself it keeps nobody from coming in again: the form offers to block the person, or to suspend \
                           the role, first.",
        limit_minutes: Text = "It does not work at once everywhere: AWS promises no time, and says minutes.",
        limit_chained: Text = "It does not reach sessions of further roles that somebody assumed from theirs, unless those \
                               roles are cut off as well.",
        limit_renewed: Text = "Whether a console that outlives its first credentials counts as begun then or when they were \
                               renewed is not known: the second cut, 15 minutes later, covers what AWS renews until then. What it \
                               renews after that may go on: cut again.",
    }
}
