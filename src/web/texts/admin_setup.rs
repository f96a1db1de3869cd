//! What accounts need, and the issuer: what administrators set up elsewhere.

use super::{Sentence, Text};

texts! {
    /// What accounts need.
    TrustTexts {
        title: Text = "What accounts need",
        about: Sentence = Sentence(
            "Providers, roles with their trust policies, and policies of those who sign, from the current revision. \
             <code>vestibule trust</code> prints the same."
        ),
        account: Text = "Account",
        account_how: Text = "its alias, or its 12 digits",
        account_unreadable: Text = "An account is written as its alias or as its 12 digits.",
        role: Text = "Role",
        all_roles: Text = "all of them",
        signer: Sentence = Sentence("Who signs with the own credentials <code>{name}</code>"),
        signer_how: Text = "the ARN of the IAM user or role",
        forwarded: Text = "What the identity providers send along in forwarded proofs",
        tags: Text = "Session tags",
        source_identity: Text = "A source identity",
        written_as: Text = "Written as",
        cloudformation: Text = "CloudFormation template",
        terraform: Text = "Terraform",
        cli: Text = "awscli commands",
        json: Text = "JSON",
        show: Text = "Show",
        not_yet: Text = "It cannot be said yet",
        apply: Text = "To be applied in the account",
        remains: Text = "What remains",
    }
}

texts! {
    /// The issuer.
    IssuerTexts {
        title: Text = "Issuer",
        about: Sentence = Sentence(
            "Vestibule as an identity provider that AWS accounts trust, for roles with <code>proof = \"issued\"</code>. \
             Its keys are looked after by <code>vestibule issuer keys</code>; this page shows them."
        ),
        trouble: Text = "The keys cannot be read again",
        trouble_text: Text = "Their list has changed, and what it names cannot be used. Those below were read before, \
                              and go on.",
        given: Text = "What accounts are given",
        metadata: Text = "SAML metadata",
        entity_id: Sentence = Sentence("Entity id (<code>SAML:iss</code>)"),
        recipient: Sentence = Sentence("Recipient (<code>SAML:aud</code>)"),
        url: Text = "OpenID Connect issuer",
        unfit: Sentence = Sentence("IAM does not take it: it {why}."),
        audience: Text = "Audience of ID tokens",
        keys: Text = "Keys",
        none: Sentence = Sentence(
            "There are none: the issuer vouches for nobody. <code>vestibule issuer keys new</code> makes one."
        ),
        made: Text = "Made",
        since: Sentence = Sentence("{made}; {state} since {moment}"),
        ends: Text = "Ends",
        never: Text = "never by itself",
        soon: Text = "It ends within 90 days.",
        urgent: Text = "It ends within 30 days. Nobody gets into its roles after that.",
        ended: Text = "It has ended. It signs no more, and nobody gets into its roles.",
        fingerprint: Text = "SHA-256",
        next: Text = "Next step",
    }
}
