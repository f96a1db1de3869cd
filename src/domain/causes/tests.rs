//! The lists name what was sent along, and nothing that was not.

use super::{Sent, at_hub, of};
use crate::domain::probe::testing::{Kind, role};

const ALL: Sent = Sent {
    tags: true,
    source_identity: true,
};
const NOTHING: Sent = Sent {
    tags: false,
    source_identity: false,
};

#[test]
fn what_was_not_sent_along_is_no_cause() {
    for kind in [Kind::Saml, Kind::Web, Kind::Assume, Kind::Hub] {
        let role = role(kind, true);
        let operation = role.method.operation();
        let all = of(operation, "AccessDenied", &role, ALL).join("\n");
        assert!(all.contains("sts:TagSession"), "{all}");
        assert!(all.contains("sts:SetSourceIdentity"), "{all}");
        let less = of(operation, "AccessDenied", &role, NOTHING).join("\n");
        assert!(less.contains("trust policy"), "{less}");
        assert!(less.contains("does not exist in the account"), "{less}");
        assert!(!less.contains("sts:TagSession"), "{less}");
        assert!(!less.contains("sts:SetSourceIdentity"), "{less}");
    }
}

#[test]
fn at_the_hub_a_source_identity_counts_and_tags_do_not() {
    let role = role(Kind::Hub, true);
    let all = at_hub("AccessDenied", &role, ALL).join("\n");
    assert!(all.contains("hub role's trust policy"), "{all}");
    assert!(all.contains("sts:SetSourceIdentity"), "{all}");
    assert!(!all.contains("sts:TagSession"), "{all}");
    let less = at_hub("AccessDenied", &role, NOTHING).join("\n");
    assert!(!less.contains("sts:SetSourceIdentity"), "{less}");
    let expired = at_hub("ExpiredToken", &role, ALL).join("\n");
    assert!(expired.contains("own AWS credentials"), "{expired}");
}

#[test]
fn a_federated_user_s_tags_are_the_iam_user_s_to_allow() {
    let role = role(Kind::Federated, true);
    let of = |sent| of("GetFederationToken", "AccessDenied", &role, sent).join("\n");
    assert!(of(ALL).contains("may not call sts:TagSession"));
    assert!(!of(NOTHING).contains("sts:TagSession"));
}
