//! What the page says, in one place; `{name}` is where a value goes.

/// The texts.
#[derive(Debug)]
pub(super) struct WhyTexts {
    pub(super) held: &'static str,
    pub(super) held_lead: &'static str,
    pub(super) taken: &'static str,
    pub(super) taken_lead: &'static str,
    pub(super) taken_by: &'static str,
    pub(super) taken_who: &'static str,
    pub(super) not_given: &'static str,
    pub(super) not_given_lead: &'static str,
    pub(super) no_way: &'static str,
    pub(super) ask: &'static str,
    pub(super) ask_nobody: &'static str,
    pub(super) at_large: &'static str,
    pub(super) by_rule: &'static str,
    pub(super) a_way: &'static str,
    pub(super) more_ways: &'static str,
    pub(super) from: &'static str,
    pub(super) until: &'static str,
    pub(super) over: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) signed_in_by: &'static str,
    pub(super) not_left_out: &'static str,
    pub(super) nothing_against: &'static str,
    pub(super) yours: &'static str,
    pub(super) none_of_yours: &'static str,
    pub(super) wants_idp: &'static str,
    pub(super) wants_other_idp: &'static str,
    pub(super) is: &'static str,
    pub(super) is_one_of: &'static str,
    pub(super) begins: &'static str,
    pub(super) matches: &'static str,
    pub(super) present: &'static str,
    pub(super) spells: &'static str,
    pub(super) is_not: &'static str,
    pub(super) is_none_of: &'static str,
    pub(super) begins_not: &'static str,
    pub(super) matches_not: &'static str,
    pub(super) absent: &'static str,
    pub(super) captured: &'static str,
    pub(super) and_more: &'static str,
    pub(super) account: &'static str,
    pub(super) role: &'static str,
    pub(super) console: &'static str,
    pub(super) keys: &'static str,
    pub(super) roles: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) somebody: &'static str,
    pub(super) revision: &'static str,
}

/// In English.
pub(super) static ENGLISH: WhyTexts = WhyTexts {
    held: "Why {role} is yours",
    held_lead: "What your identity provider says about you fits a rule that gives this role.",
    taken: "Why {role} is not yours",
    taken_lead: "A rule gives you this role, and another one takes it away. What takes away counts, whatever gives.",
    taken_by: "What takes it away",
    taken_who: "It looks at this of yours. If that is not right, the people who run your identity provider can change it; \
                if the rule is not, those who look after access to AWS can.",
    not_given: "Why {role} is not yours",
    not_given_lead: "You do not hold this role. Each of these ways leads to it for whoever has all that it asks for, unless a \
                     rule takes it away.",
    no_way: "You do not hold this role, and no way to it can be shown here.",
    ask: "If you need it, ask {owner}. If you were given it just now, sign in again, so that your identity provider can \
          say so.",
    ask_nobody: "If you need it, ask the people who look after access to AWS in your organisation. If you were given it just \
                 now, sign in again, so that your identity provider can say so.",
    at_large: "Rules about many accounts at once are not shown here, whether there are any or not: administrators see them.",
    by_rule: "By the rule",
    a_way: "A way to it",
    more_ways: "And {count} more.",
    from: "Counts from {moment}.",
    until: "Counts until {moment}.",
    over: "It counted until {moment}.",
    yes: "Yes",
    no: "Missing",
    signed_in_by: "You signed in by",
    not_left_out: "You did not sign in by a provider that it leaves out.",
    nothing_against: "Nothing that it leaves out is among your {name}.",
    yours: "Your {name}:",
    none_of_yours: "Your identity provider sent no {name}.",
    wants_idp: "Signed in by",
    wants_other_idp: "Not signed in by",
    is: "{name} is",
    is_one_of: "{name} is one of",
    begins: "{name} begins with",
    matches: "{name} matches",
    present: "{name} has any value",
    spells: "{name} names this account and role",
    is_not: "{name} is not",
    is_none_of: "{name} is none of",
    begins_not: "{name} does not begin with",
    matches_not: "{name} does not match",
    absent: "{name} has no value",
    captured: "{group} is {text}",
    and_more: "and {count} more",
    account: "Account",
    role: "Role",
    console: "Open the console",
    keys: "Keys",
    roles: "Your roles",
    sign_in: "Sign in again",
    somebody: "Ask about somebody else",
    revision: "As revision {number} of the access model says.",
};

/// A text with its values in their places. What is put in is never read for places again.
pub(in crate::web::pages) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('{') {
        let (place, after) = from.split_once('}').unwrap_or((from, ""));
        filled.push_str(before);
        let value = values.iter().find(|(name, _)| *name == place);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled + rest
}
