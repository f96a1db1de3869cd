//! The page about a role.

use super::{Sentence, Text};

texts! {
    /// What a role is, and how to open it.
    AboutRoleTexts {
        title: Sentence = Sentence("{role} in {account}"),
        account: Text = "Account",
        how: Text = "How you get in",
        by: Sentence = Sentence("{how} <soft>{operation}</soft>"),
        forwarded: Sentence = Sentence(
            "What {idp} says of you is passed on to AWS, so {idp} is asked once more at every click."
        ),
        issued: Text = "Vestibule vouches for you towards the account.",
        assumed: Text = "Vestibule becomes the role for you, by AWS credentials of its own.",
        by_hub: Text = "Vestibule becomes the role for you, by AWS credentials of its own and by way of a hub role.",
        federated: Text = "You become a federated user under an IAM user of the account.",
        whole_user: Text = "You get keys of an IAM user of the account, whole.",
        lasts: Text = "It lasts",
        time: Sentence = Sentence("{time} <soft>because {cause}</soft>"),
        asks: Text = "It asks for",
        page: Text = "It opens on",
        owner: Text = "Whom to ask",
        open: Text = "Open the console",
        keys: Text = "Keys",
        why: Text = "Why you hold it",
        others: Sentence = Sentence("Another role in {account}"),
        roles: Text = "Your roles",
        your_way: Text = "Open it your way",
        destination: Text = "Page",
        destination_like: Text = "https://eu-west-1.console.aws.amazon.com/…",
        destination_means: Text = "The address of a page in the AWS console. Empty: the role’s own page, or the \
                                   console’s first.",
        region: Text = "Region",
        region_like: Text = "eu-west-1",
        region_means: Text = "Empty: the page’s own, or the one of your settings.",
        hours: Text = "How long",
        hours_none: Text = "As long as it can",
        scope: Text = "How much of it",
        scope_none: Text = "All that the role gives",
        go: Text = "Open",
        make_link: Text = "Make a link",
        remember: Text = "Remember this for me",
        kept: Text = "You have a way of your own to open this role, and your portal opens it so.",
        forget: Text = "Forget it",
        links: Text = "Links to it",
        link: Text = "With this role",
        link_means: Text = "Opens it as the form above stands: for a bookmark, or for somebody who holds the role too.",
        share: Text = "With any role",
        share_means: Sentence = Sentence(
            "Opens the same page in {account} with whichever role its reader holds there, or says whom to ask."
        ),
    }
}
