//! The names that things have within a template: words of letters and digits, no two alike.

use super::super::resource::Resource;

/// A name for each of the resources, of its own among all.
pub(super) fn names(resources: &[Resource]) -> Vec<String> {
    let labels = resources.iter().map(Resource::label);
    let labels = labels.map(|(kind, name)| ("", camel(kind, name)));
    apart(labels)
}

/// A name for each of the resources, of its own among those of its kind.
pub(super) fn names_by_kind(resources: &[Resource]) -> Vec<String> {
    let labels = resources.iter().map(Resource::label);
    apart(labels.map(|(kind, name)| (kind, snake(name))))
}

fn apart<'a>(labels: impl Iterator<Item = (&'a str, String)>) -> Vec<String> {
    let mut taken: Vec<(&str, String)> = Vec::new();
    for (kind, plain) in labels {
        let mut free = (kind, plain.clone());
        let mut number = 2;
        while taken.contains(&free) {
            free.1 = format!("{plain}{number}");
            number += 1;
        }
        taken.push(free);
    }
    taken.into_iter().map(|(_, name)| name).collect()
}

/// `SamlProviderVestibule`.
fn camel(kind: &str, name: &str) -> String {
    let words = kind.split(' ').chain(words(name));
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    // a logical id has at most 255
    words
        .map(capital)
        .collect::<String>()
        .chars()
        .take(200)
        .collect()
}

/// `vestibule_reader`; the kind stands beside it in Terraform.
fn snake(name: &str) -> String {
    let words: Vec<String> = words(name).map(str::to_ascii_lowercase).collect();
    let name = words.join("_");
    let lettered = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if lettered { name } else { format!("r_{name}") }
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}
