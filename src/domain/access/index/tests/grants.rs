//! What a grant proves, and when there is none.

use super::*;

#[test]
fn a_grant_says_who_what_and_by_which_rule_of_which_revision() {
    let index = index(SCOPED);
    let eng = Arc::new(identity("corp", &[("groups", &["eng"])]));
    let key = RoleKey::parse("payments-prod/ReadOnly").unwrap();
    let scope = ScopeName::parse("read-only").unwrap();
    let grant = index.grant(&eng, &key, Some(&scope), at(NOW)).unwrap();
    assert_eq!((grant.revision(), grant.rule()), (7, "eng"));
    assert_eq!((&grant.role().key, grant.identity()), (&key, &*eng));
    assert_eq!(grant.scope().unwrap().name, scope);
    assert!(
        index
            .grant(&eng, &key, None, at(NOW))
            .unwrap()
            .scope()
            .is_none()
    );
}

#[test]
fn a_role_not_held_and_one_that_does_not_exist_give_the_same_answer() {
    let index = index(SCOPED);
    let eng = Arc::new(identity("corp", &[("groups", &["eng"])]));
    let scope = ScopeName::parse("nothing").unwrap();
    for key in [
        "payments-prod/Admin",
        "payments-prod/Nothing",
        "nowhere/ReadOnly",
        "payments-prod/readonly",
    ] {
        let key = RoleKey::parse(key).unwrap();
        for scope in [None, Some(&scope)] {
            assert_eq!(
                index.grant(&eng, &key, scope, at(NOW)).unwrap_err(),
                Refusal::NotHeld
            );
        }
    }
    let held = RoleKey::parse("payments-prod/ReadOnly").unwrap();
    assert_eq!(
        index.grant(&eng, &held, Some(&scope), at(NOW)).unwrap_err(),
        Refusal::UnknownScope
    );
}

#[test]
fn a_scope_is_refused_where_it_would_widen_or_belongs_elsewhere() {
    let index = index(SCOPED);
    let eng = Arc::new(identity("corp", &[("groups", &["eng"])]));
    let scope = ScopeName::parse("read-only").unwrap();
    let gov = RoleKey::parse("gov/ReadOnly").unwrap();
    assert_eq!(
        index.grant(&eng, &gov, Some(&scope), at(NOW)).unwrap_err(),
        Refusal::UnknownScope
    );
    let mut role = Role::clone(
        index
            .role(&RoleKey::parse("payments-prod/ReadOnly").unwrap())
            .unwrap(),
    );
    assert_eq!(index.scopes_for(&role).count(), 1);
    role.managed_policies = vec!["arn:aws:iam::aws:policy/AmazonS3FullAccess".to_owned()];
    assert_eq!(index.scopes_for(&role).count(), 0);
}

#[test]
fn a_former_alias_is_for_links_and_gives_nothing() {
    let accounts = crate::domain::access::fixtures::ACCOUNTS.replace(
        "alias = \"payments-dev\"\n",
        "alias = \"payments-dev\"\nformer_aliases = [\"old-dev\"]\n",
    );
    let rules = r#"
        [[rules]]
        name = "spelled"
        when = [{ attribute = "groups", matches = '^(?<account>[a-z-]+)/(?<role>[A-Za-z]+)$' }]
        grant = ["{account}/{role}"]
    "#;
    let document =
        crate::domain::access::Document::from_toml(&format!("{accounts}\n{rules}")).unwrap();
    let model =
        crate::domain::access::check(&document, &crate::domain::access::fixtures::surroundings())
            .unwrap();
    let index = AccessIndex::new(Arc::new(model), 1);
    let old = AccountRef::Alias(Alias::parse("old-dev").unwrap());
    assert!(index.find(&old).is_none());
    assert_eq!(
        index.find_renamed(&old).unwrap().alias.as_str(),
        "payments-dev"
    );
    for other in ["payments-dev", "nowhere"] {
        let other = AccountRef::Alias(Alias::parse(other).unwrap());
        assert!(index.find_renamed(&other).is_none());
    }
    // a value that spells the old name spells nothing
    let who = Arc::new(identity("corp", &[("groups", &["old-dev/ReadOnly"])]));
    assert!(index.held(&who, at("2027-01-01T00:00:00Z")).is_empty());
    for key in ["old-dev/ReadOnly", "payments-dev/ReadOnly"] {
        let key = RoleKey::parse(key).unwrap();
        assert!(
            index
                .grant(&who, &key, None, at("2027-01-01T00:00:00Z"))
                .is_err()
        );
    }
}
