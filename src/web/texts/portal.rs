//! The roles somebody holds: the portal, the choice of a role, and the board on both.

use super::{Sentence, Text};

texts! {
    /// The portal.
    PortalTexts {
        title: Text = "Your roles",
        find: Text = "Find an account or a role",
        go: Text = "Find",
        // the script fills these in, too
        summary: Sentence = Sentence("{roles} in {accounts}"),
        one_role: Sentence = Sentence("{n} role"),
        roles: Sentence = Sentence("{n} roles"),
        one_account: Sentence = Sentence("{n} account"),
        accounts: Sentence = Sentence("{n} accounts"),
        more: Sentence = Sentence("These match best. {n} more match, too: another word narrows them."),
        found: Text = "Roles found",
        copy: Text = "Copy link",
        copied: Text = "Link copied",
        nothing_found: Text = "Nothing you hold matches that.",
        all: Text = "All your roles",
        favourites: Text = "Favourites",
        recents: Text = "Recent",
        by_account: Text = "Accounts",
        which: Text = "Which one?",
        which_text: Text = "No role of yours is named exactly so, or more than one is. Nothing is guessed: choose one.",
        nothing: Text = "There is no role for you yet",
        nothing_why: Sentence = Sentence(
            "You are signed in as <b>{name}</b> by {idp}, and no rule gives you a role in any AWS account."
        ),
        nothing_who: Sentence = Sentence(
            "The people who look after access to AWS in your organisation can change that. Tell them the name above and \
             which account you need. When they have, sign out and in again, so that {idp} can say what is new about you."
        ),
        request: Sentence = Sentence("<out>Ask for a role</out>"),
        foot: Text = "A role’s name opens its console. The time beside it is how long that lasts, and leads to why. “Keys” \
                      are for a terminal or a program. The star keeps a role at the top.",
        no_choice: Sentence = Sentence(
            "If a console is open already, AWS may ask you to sign out of it first. <a>Choose what happens then</a>"
        ),
        revision: Sentence = Sentence("Access model, revision {number}"),
    }
}

texts! {
    /// Accounts with their roles.
    BoardTexts {
        owner: Sentence = Sentence("Owner: {owner}"),
        suspended: Sentence = Sentence("suspended {until}"),
        asks: Sentence = Sentence("asks for {what}"),
        yours: Text = "opens as you like it:",
        your_page: Text = "your page",
        your_hours: Sentence = Sentence("{hours} h"),
        keys: Text = "Keys",
        keys_only: Text = "Keys only",
        favourite: Text = "Favourite",
        notes: Text = "Why no longer",
        because: Sentence = Sentence("No longer, because {because}."),
    }
}

texts! {
    /// A choice among one's roles, for a link that leaves it open.
    ChooseRoleTexts {
        title: Text = "Choose a role",
        what: Text = "The link says where to go and leaves open as whom. These are the roles you hold there.",
        scope: Sentence = Sentence("Whichever you choose, you hold no more of it than the scope <b>{scope}</b> leaves."),
        all: Text = "All your roles",
    }
}
