//! Keys, and the code of an MFA device that a role can ask for.

use super::{Sentence, Text};

texts! {
    /// The page that asks for the code of an MFA device.
    CodeTexts {
        title: Sentence = Sentence("A code for {role}"),
        what: Sentence = Sentence(
            "AWS opens <b>{role}</b> in {account} only with the code that this MFA device shows now:"
        ),
        what_scoped: Sentence = Sentence(
            "AWS opens <b>{role}</b>, with the scope <b>{scope}</b>, in {account} only with the code that this MFA \
             device shows now:"
        ),
        digits: Text = "Its six digits",
        go: Text = "Go in",
        once: Text = "The code goes to AWS and is kept nowhere. Each serves one sign-in; the device shows the next one \
                      within 30 seconds.",
    }
}

texts! {
    /// The page that asks why somebody opens a role.
    ReasonTexts {
        title: Sentence = Sentence("Why {role}?"),
        what: Sentence = Sentence("<b>{role}</b> in {account} opens when you have said what for."),
        what_scoped: Sentence = Sentence(
            "<b>{role}</b>, with the scope <b>{scope}</b>, in {account} opens when you have said what for."
        ),
        reason: Text = "Your reason",
        who_reads: Text = "A ticket’s number or a short sentence. It is written into Vestibule’s own record, where \
                           administrators read it. AWS is not told.",
        code: Sentence = Sentence("The six digits that the MFA device <code>{serial}</code> shows now"),
        go: Text = "Go in",
        roles: Text = "Your roles",
    }
}

texts! {
    /// A role that opens no console.
    KeysOnlyTexts {
        title: Sentence = Sentence("{role} gives keys only"),
        why: Sentence = Sentence(
            "The link asks for a console, and AWS’s sign-in takes no keys of this kind. What {role} in {account} gives \
             you are temporary keys for a terminal or a program."
        ),
        keys: Sentence = Sentence("Keys for {role}"),
        roles: Text = "Your roles",
    }
}

texts! {
    /// What keys would be shown.
    KeysTexts {
        title: Sentence = Sentence("Keys for {role}"),
        what: Text = "Temporary AWS keys, for a terminal or a program: an access key id, a secret key and a session \
                      token. Until they end, whoever has them can do in AWS what you can in this role, and they cannot \
                      be called back one by one.",
        whole_user: Text = "These keys are an IAM user, whole",
        whole_user_text: Text = "They can do everything that the user can: no policy narrows them. CloudTrail shows \
                                 the user and not you; that it was you stands in Vestibule’s own record alone.",
        account: Text = "Account",
        role: Text = "Role",
        scope: Text = "Scope",
        they_last: Text = "They last",
        lasts: Sentence = Sentence("{time} <soft>because {cause}</soft>"),
        lasts_at_most: Sentence = Sentence("At most {time} <soft>because {cause}</soft>"),
        or: Text = "Or",
        code: Sentence = Sentence("The six digits that the MFA device <code>{serial}</code> shows now"),
        reason: Text = "Your reason",
        who_reads: Text = "A ticket’s number or a short sentence. It is written into Vestibule’s own record, where \
                           administrators read it. AWS is not told.",
        show: Text = "Show the keys",
        roles: Text = "Your roles",
        asked_once_more: Sentence = Sentence("{idp} is asked once more who you are, then the keys are shown."),
        recorded: Text = "That you get them is written down first: your name, the role and the time, and afterwards \
                          the access key id. The secrets are kept nowhere.",
    }
}

texts! {
    /// The keys.
    MadeKeysTexts {
        title: Sentence = Sentence("Your keys for {role}"),
        place: Sentence = Sentence("In {account}"),
        place_scoped: Sentence = Sentence("In {account}, with the scope <b>{scope}</b>"),
        end: Sentence = Sentence(
            "They end in <b>{time}</b>, at <b>{moment}</b>. They are shown this once and kept nowhere: take what you \
             need, then close the page. A click on a text marks the whole of it."
        ),
        region: Sentence = Sentence(
            "They are good in the regions of {partition} alone, so tell your tools one of those."
        ),
        shell: Sentence = Sentence("Shell <soft>sh, bash, zsh</soft>"),
        powershell: Text = "PowerShell",
        file: Sentence = Sentence("Credentials file <soft>profile {profile}</soft>"),
        file_use: Sentence = Sentence(
            "A section for <code>~/.aws/credentials</code>; then <code>aws --profile {profile} …</code>"
        ),
        json: Sentence = Sentence("JSON <soft>what a credential_process says</soft>"),
        access_key_id: Text = "Access key id",
        principal: Text = "In AWS you are",
        roles: Text = "Your roles",
        again: Text = "New keys",
    }
}
