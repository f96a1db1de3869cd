//! The script finds what the server finds, in the same order, with the same letters marked, among 5,000 roles.

use serde::Deserialize;
use vestibule::domain::search::{Account, Field, Found, Query, Role};

use crate::chromium::Chromium;
use crate::world::World;

/// How many texts are looked for.
const TEXTS: usize = 300;
/// The most that both show.
const MOST: usize = 50;

/// What stands on the board, read back.
const BOARD: &str = r"Array.from(document.querySelectorAll('#board > .account'), (account) => {
  const text = (css) => account.querySelector('summary ' + css)?.textContent ?? '';
  return {
    name: text('h3'), alias: text('.alias'), id: text('.id'), environment: text('.environment'), partition: text('.partition'),
    labels: Array.from(account.querySelectorAll('.label'), (label) => label.textContent),
    roles: Array.from(account.querySelectorAll('li'), (row) => ({
      name: row.firstChild.textContent, description: row.querySelector('.what').textContent.trim(),
      used: Number(row.dataset.used ?? 0), is_favourite: row.lastChild.name === 'remove',
    })),
  };
})";

/// Types the texts one after the other, and says what was shown.
const TYPE: &str = r"((texts) => {
  const field = document.getElementById('q');
  return texts.map((text) => {
    field.value = text;
    field.dispatchEvent(new Event('input'));
    return {
      count: document.getElementById('count').textContent,
      rows: Array.from(document.querySelectorAll('#found .hit'), (row) => ({
        path: row.firstChild.pathname,
        marks: Array.from(row.querySelectorAll('mark'), (mark) => mark.textContent).sort(),
      })),
    };
  });
})";

#[derive(Deserialize)]
struct ReadAccount {
    name: String,
    alias: String,
    id: String,
    environment: String,
    partition: String,
    labels: Vec<String>,
    roles: Vec<ReadRole>,
}

#[derive(Deserialize)]
struct ReadRole {
    name: String,
    description: String,
    used: u32,
    is_favourite: bool,
}

#[derive(Debug, Deserialize)]
struct Shown {
    count: String,
    rows: Vec<Row>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
struct Row {
    path: String,
    marks: Vec<String>,
}

fn as_texts(accounts: &[ReadAccount]) -> Vec<Account<'_>> {
    let texts = accounts.iter().map(|account| {
        let roles = account.roles.iter().map(|role| Role {
            name: &role.name,
            description: &role.description,
            weight: if role.used == 0 {
                0
            } else {
                1 << (role.used - 1)
            },
            is_favourite: role.is_favourite,
        });
        Account {
            name: &account.name,
            alias: &account.alias,
            id: &account.id,
            environment: &account.environment,
            partition: &account.partition,
            labels: account.labels.iter().map(String::as_str).collect(),
            roles: roles.collect(),
        }
    });
    texts.collect()
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most.max(1)).unwrap()).unwrap()
    }
}

/// Texts that people type: pieces of what there is, whole, cut, with letters left out, shouted, accented, one or several.
fn texts(accounts: &[ReadAccount]) -> Vec<String> {
    let mut dice = Dice(0x5eed);
    let mut texts: Vec<String> = [
        "",
        " ",
        "/",
        "e",
        "prod",
        "zzz",
        "É",
        "ﬁ",
        "PROD adm",
        "0",
        "\u{1f512}",
        "straße",
    ]
    .map(str::to_owned)
    .into();
    while texts.len() < TEXTS {
        let account = &accounts[dice.up_to(accounts.len())];
        let role = &account.roles[dice.up_to(account.roles.len())];
        let mut words = Vec::new();
        for _ in 0..=dice.up_to(3) {
            let whole = [
                &account.name,
                &account.alias,
                &account.id,
                &account.environment,
                &role.name,
                &role.name,
                &role.description,
                account.labels.first().unwrap_or(&account.name),
            ][dice.up_to(8)];
            let chars: Vec<char> = whole.chars().collect();
            let from = if dice.up_to(2) == 0 {
                0
            } else {
                dice.up_to(chars.len())
            };
            let to = (from + 1 + dice.up_to(9)).min(chars.len());
            let mut piece = chars[from..to].to_vec();
            if piece.len() > 3 && dice.up_to(3) == 0 {
                piece.remove(1 + dice.up_to(piece.len() - 2));
            }
            let piece: String = piece.into_iter().collect();
            words.push(match dice.up_to(6) {
                0 => piece.to_uppercase(),
                1 => piece.replace('e', "é"),
                _ => piece,
            });
        }
        texts.push(words.join(" "));
    }
    texts
}

fn expected(accounts: &[ReadAccount], texts: &[Account<'_>], found: &Found) -> Vec<Row> {
    let hits = found.hits.iter().map(|hit| {
        let (account, role) = (
            &accounts[hit.account],
            &accounts[hit.account].roles[hit.role],
        );
        let marks = hit.marks.iter().map(|(field, range)| {
            let text = match field {
                Field::Role => role.name.as_str(),
                Field::Account => &account.name,
                Field::Alias => &account.alias,
                Field::Label(at) => texts[hit.account].labels[*at],
                Field::Id => &account.id,
                Field::Environment => &account.environment,
                Field::Partition => &account.partition,
                Field::Description => &role.description,
            };
            text[range.clone()].to_owned()
        });
        let mut marks: Vec<String> = marks.collect();
        // in the order of the script's sort, by UTF-16
        marks.sort_by_key(|mark| mark.encode_utf16().collect::<Vec<_>>());
        Row {
            path: format!("/go/{}/{}", account.alias, role.name),
            marks,
        }
    });
    hits.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_finds_what_the_server_finds_in_the_same_order_with_the_same_marks() {
    let world = World::builder().company().start().await;
    // some roles are used, and some are favourites
    let used = world.browser();
    let page = world.signs_in(&used, "/?idp=corp", "grace").await;
    let roles = page.links();
    for role in roles
        .iter()
        .filter(|link| link.starts_with("/go/"))
        .step_by(911)
    {
        used.opens_once(&world.at(role)).await;
    }
    let browser = Chromium::start().await;
    browser.opens(&world.at("/?idp=corp")).await;
    browser.signs_in("grace").await;
    browser.clicks("#board summary").await;
    browser.clicks("#board .account[open] button[form]").await;
    browser.sees(".tiles").await;
    let accounts: Vec<ReadAccount> = serde_json::from_value(browser.asks(BOARD).await).unwrap();
    let searched = as_texts(&accounts);
    assert!(searched.len() > 700, "{} accounts", searched.len());
    assert!(
        accounts
            .iter()
            .any(|account| account.roles.iter().any(|role| role.used > 0))
    );
    assert!(
        accounts
            .iter()
            .any(|account| account.roles.iter().any(|role| role.is_favourite))
    );
    let texts = texts(&accounts);
    let mut shown: Vec<Shown> = Vec::new();
    for some in texts.chunks(10) {
        let typed = format!("{TYPE}({})", serde_json::to_string(some).unwrap());
        let answer = browser.asks(&typed).await;
        shown.extend(serde_json::from_value::<Vec<Shown>>(answer).unwrap());
    }
    let mut hits = 0;
    for (text, shown) in texts.iter().zip(&shown) {
        let Some(query) = Query::parse(text) else {
            assert!(shown.rows.is_empty(), "{text:?}");
            continue;
        };
        let found = query.find(&searched, MOST);
        assert_eq!(
            shown.rows,
            expected(&accounts, &searched, &found),
            "{text:?}"
        );
        let count = shown.count.split(' ').next().unwrap();
        assert_eq!(count, found.roles.to_string(), "{text:?}");
        hits += found.hits.len();
    }
    assert!(hits > TEXTS, "only {hits} roles were found");
    world.stop().await;
}
