//! Policies as they are written: statements that allow, with whom, what and under which conditions.
//!
//! Follows IAM's policy grammar. Decides nothing about what a policy says.

use super::node::Node;

/// The most characters of a trust policy, white space not counted, before AWS has raised the quota.
pub(super) const USUAL_TRUST_POLICY: usize = 2_048;
/// The most characters of a trust policy that AWS raises the quota to.
pub(super) const LONGEST_TRUST_POLICY: usize = 4_096;

/// A policy document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// One of ours: it allows.
    Allow(Allow),
    /// One of a session policy, as written.
    Written(Node),
}

/// What a statement of ours allows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allow {
    /// To whom; `None` in a policy that stands on its principal.
    pub principal: Option<Principal>,
    /// What.
    pub actions: Vec<&'static str>,
    /// On what; none in a trust policy.
    pub resources: Vec<String>,
    /// When.
    pub conditions: Conditions,
}

/// Whom a trust policy lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Those for whom an IAM provider vouches, by its ARN.
    Federated(String),
    /// A user or a role, by its ARN.
    Aws(String),
}

/// Conditions, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions(Vec<(&'static str, Keys)>);

/// Condition keys, each with its values.
type Keys = Vec<(String, Vec<String>)>;

impl Conditions {
    /// Adds one.
    pub fn add(&mut self, operator: &'static str, key: impl Into<String>, values: Vec<String>) {
        let entry = (key.into(), values);
        match self.0.iter_mut().find(|(known, _)| *known == operator) {
            Some((_, keys)) => keys.push(entry),
            None => self.0.push((operator, vec![entry])),
        }
    }

    /// Adds `StringEquals` with one value.
    pub fn equals(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.add("StringEquals", key, vec![value.into()]);
    }

    fn node(&self) -> Option<Node> {
        let keys = |keys: &[(String, Vec<String>)]| {
            Node::map(
                keys.iter()
                    .map(|(key, values)| (key.clone(), Node::one_or_list(values))),
            )
        };
        let operators = self
            .0
            .iter()
            .map(|(operator, entries)| (*operator, keys(entries)));
        (!self.0.is_empty()).then(|| Node::map(operators))
    }
}

impl Policy {
    /// As it is written.
    pub fn node(&self) -> Node {
        let statements = self.statements.iter().map(|statement| match statement {
            Statement::Allow(allow) => allow.node(),
            Statement::Written(node) => node.clone(),
        });
        Node::map([
            ("Version", Node::text("2012-10-17")),
            ("Statement", Node::List(statements.collect())),
        ])
    }

    /// Whether it lets somebody in whose ARN ends like this.
    pub fn names(&self, arn_end: &str) -> bool {
        self.statements.iter().any(|statement| match statement {
            Statement::Allow(Allow {
                principal: Some(Principal::Federated(arn) | Principal::Aws(arn)),
                ..
            }) => arn
                .strip_suffix(arn_end)
                .is_some_and(|rest| rest.ends_with(':')),
            _ => false,
        })
    }

    /// How many characters IAM counts.
    pub fn length(&self) -> usize {
        let text = self.node().compact();
        text.chars().filter(|c| !c.is_ascii_whitespace()).count()
    }
}

impl Allow {
    fn node(&self) -> Node {
        let mut entries = vec![("Effect", Node::text("Allow"))];
        entries.extend(self.principal.as_ref().map(|principal| {
            let (kind, arn) = match principal {
                Principal::Federated(arn) => ("Federated", arn),
                Principal::Aws(arn) => ("AWS", arn),
            };
            ("Principal", Node::map([(kind, Node::text(arn))]))
        }));
        entries.push(("Action", Node::one_or_list(&self.actions)));
        if !self.resources.is_empty() {
            entries.push(("Resource", Node::one_or_list(&self.resources)));
        }
        entries.extend(self.conditions.node().map(|node| ("Condition", node)));
        Node::map(entries)
    }
}
