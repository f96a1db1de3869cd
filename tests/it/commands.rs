//! The command line: every command says what it did, and exits with 1 and the reason when it could not.

use std::path::Path;
use std::process::{Command, Output};

use sqlx::Connection as _;
use vestibule::domain::audit::EventKind;

use crate::world::World;
use crate::world::accounts::MODEL;

/// Runs a command with the configuration of a folder. The server of the test goes on beside it: one that stood still could
/// hold the database.
pub async fn vestibule(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    command
        .arg("--config")
        .arg(folder.join("vestibule.toml"))
        .args(words)
        .env_remove("RUST_LOG");
    let ran = tokio::task::spawn_blocking(move || command.output());
    ran.await.unwrap().unwrap()
}

fn says(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it says on its way out with 1.
pub fn complains(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What it says when it could.
pub fn does(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    says(output)
}

#[tokio::test]
async fn check_prints_the_effective_configuration_without_its_secrets() {
    let world = World::start().await;
    let shown = does(&vestibule(&world.folder, &["check"]).await);
    assert!(shown.contains("cookie_secret = (hidden)"), "{shown}");
    assert!(shown.contains("is right."), "{shown}");
    let secret = std::fs::read_to_string(world.folder.join("cookie-secret")).unwrap();
    assert!(!shown.contains(secret.trim()));
    world.stop().await;
}

#[tokio::test]
async fn check_names_every_problem_at_once() {
    let world = World::start().await;
    let file = world.folder.join("vestibule.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text
        .replace("idle_minutes = 60", "idle_minutes = 1")
        .replace("region = \"eu-west-1\"", "region = \"nowhere\"");
    std::fs::write(&file, text).unwrap();
    std::fs::write(world.folder.join("corp-metadata.xml"), "<nothing/>").unwrap();
    let reasons = complains(&vestibule(&world.folder, &["check"]).await);
    for place in ["sessions.idle_minutes", "aws.region", "corp"] {
        assert!(reasons.contains(place), "{place}: {reasons}");
    }
    world.stop().await;
}

#[tokio::test]
async fn what_apply_published_export_writes_and_diff_finds_no_difference() {
    let world = World::start().await;
    let file = world.folder.join("next.toml");
    let name = file.to_str().unwrap();
    std::fs::write(&file, MODEL).unwrap();
    assert!(
        does(&vestibule(&world.folder, &["access", "check", name]).await).contains("is right.")
    );
    assert!(
        does(&vestibule(&world.folder, &["access", "diff", name]).await).contains("No difference.")
    );
    let again = does(&vestibule(&world.folder, &["access", "apply", name]).await);
    assert!(again.contains("nothing to publish"), "{again}");
    std::fs::write(
        &file,
        MODEL.replace("Payments Development", "Payments Playground"),
    )
    .unwrap();
    let changes = does(&vestibule(&world.folder, &["access", "diff", name]).await);
    assert!(changes.contains("Payments Playground"), "{changes}");
    let done = does(
        &vestibule(
            &world.folder,
            &["access", "apply", name, "--note", "a better name"],
        )
        .await,
    );
    assert!(done.contains("revision 2"), "{done}");
    let exported = does(&vestibule(&world.folder, &["access", "export"]).await);
    std::fs::write(&file, &exported).unwrap();
    assert!(
        does(&vestibule(&world.folder, &["access", "diff", name]).await).contains("No difference.")
    );
    let published = world.audit(EventKind::AccessPublished).await;
    assert_eq!(
        published.last().unwrap().note.as_deref(),
        Some("a better name")
    );
    world.stop().await;
}

#[tokio::test]
async fn a_wrong_model_is_refused_with_every_problem_and_changes_nothing() {
    let world = World::start().await;
    let file = world.folder.join("wrong.toml");
    let text = MODEL
        .replace("credentials = \"payments\"", "credentials = \"nobody\"")
        .replace("\"payments-dev/*\"", "\"payments-nowhere/*\"");
    std::fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap();
    for command in ["check", "diff", "apply"] {
        let reasons = complains(&vestibule(&world.folder, &["access", command, name]).await);
        assert!(reasons.contains("nobody"), "{command}: {reasons}");
        assert!(reasons.contains("payments-nowhere"), "{command}: {reasons}");
    }
    assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    world.stop().await;
}

#[tokio::test]
async fn apply_wants_a_second_thought_confirmed_as_pages_do_and_diff_says_with_what() {
    let world = World::start().await;
    let all = "[[rules]]\nname = \"all\"\nwhen = [{ idp = \"corp\" }]\ngrant = [\"payments-prod/Admin\"]\n";
    let file = world.folder.join("next.toml");
    std::fs::write(&file, format!("{MODEL}\n{all}")).unwrap();
    let name = file.to_str().unwrap();
    let told = does(&vestibule(&world.folder, &["access", "diff", name]).await);
    for part in [
        "rule all: added",
        "of nobody it is known what their provider said",
        "production roles to everybody who signs in: payments-prod/Admin",
        "--confirm \"payments-prod\"",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let apply = async |words: &[&str]| {
        let words = [&["access", "apply", name], words].concat();
        vestibule(&world.folder, &words).await
    };
    for words in [&[][..], &["--confirm", ""], &["--confirm", "payments"]] {
        let reasons = complains(&apply(words).await);
        assert!(reasons.contains("nothing was published"), "{reasons}");
        assert!(reasons.contains("--confirm \"payments-prod\""), "{reasons}");
        assert_eq!(world.app.store().revision_number().await.unwrap(), 1);
    }
    let done = does(&apply(&["--confirm", "payments-prod"]).await);
    assert!(done.contains("revision 2"), "{done}");
    // asked once more, there is nothing left to confirm
    assert!(does(&apply(&[]).await).contains("nothing to publish"));
    world.stop().await;
}

#[tokio::test]
async fn the_record_is_exported_line_by_line_and_verified_whole() {
    let world = World::start().await;
    let browser = world.browser();
    world
        .signs_in(&browser, "/go/payments-prod/Admin?idp=corp", "erin")
        .await;
    let verified = does(&vestibule(&world.folder, &["audit", "verify"]).await);
    assert!(
        verified.contains("every one is as it was written"),
        "{verified}"
    );
    let heads = does(&vestibule(&world.folder, &["audit", "heads"]).await);
    let file = world.folder.join("heads.jsonl");
    std::fs::write(&file, heads).unwrap();
    let name = file.to_str().unwrap();
    does(&vestibule(&world.folder, &["audit", "verify", "--heads", name]).await);
    let exported = does(&vestibule(&world.folder, &["audit", "export"]).await);
    let kinds: Vec<String> = exported
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(kinds.contains(&"signin_begun".to_owned()), "{kinds:?}");
    assert!(kinds.contains(&"access_published".to_owned()), "{kinds:?}");
    world.stop().await;
}

#[tokio::test]
async fn migrate_makes_a_database_and_changes_nothing_in_one_that_is_there() {
    let world = World::builder()
        .with("sqlite:vestibule.db", "sqlite:another.db")
        .unpublished()
        .start()
        .await;
    let folder = world.folder.clone();
    world.app.stop().await;
    for name in ["another.db", "another.db-wal", "another.db-shm"] {
        // the last two are there or not
        let _ = std::fs::remove_file(folder.join(name));
    }
    // nothing is made for a look
    complains(&vestibule(&folder, &["audit", "export"]).await);
    let done = does(&vestibule(&folder, &["migrate"]).await);
    assert_eq!(done, "The database is up to date.\n");
    assert_eq!(does(&vestibule(&folder, &["audit", "export"]).await), "");
    assert_eq!(does(&vestibule(&folder, &["migrate"]).await), done);
    let file = folder.join("access.toml");
    let name = file.to_str().unwrap();
    assert!(does(&vestibule(&folder, &["access", "apply", name]).await).contains("revision 1"));
    does(&vestibule(&folder, &["migrate"]).await);
    let exported = does(&vestibule(&folder, &["access", "export"]).await);
    assert!(exported.contains("payments-prod"), "{exported}");
    world.sandbox.stop().await;
}

#[tokio::test]
async fn an_earlier_revision_is_exported_by_its_number() {
    let world = World::start().await;
    let model = MODEL.replace("Payments Development", "Payments Playground");
    world.publishes(&model).await;
    let export = async |words: &[&str]| {
        let words = [&["access", "export"], words].concat();
        vestibule(&world.folder, &words).await
    };
    let (first, second) = (
        does(&export(&["--revision", "1"]).await),
        does(&export(&["--revision", "2"]).await),
    );
    assert!(first.contains("Payments Development"), "{first}");
    assert!(second.contains("Payments Playground"), "{second}");
    assert_eq!(does(&export(&[]).await), second);
    for number in ["0", "3", "-1"] {
        let numbered = format!("--revision={number}");
        let reasons = complains(&export(&[&numbered]).await);
        assert!(reasons.contains(number), "{reasons}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_row_with_one_byte_changed_is_named_and_the_check_fails() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let page = browser
        .opens_once(&world.at("/go/payments-prod/Admin"))
        .await;
    assert_eq!(page.status, 303, "{}", page.body);
    world.signin_rows(1).await;
    does(&vestibule(&world.folder, &["audit", "verify"]).await);
    let url = format!("sqlite:{}", world.folder.join("vestibule.db").display());
    let mut beside = sqlx::SqliteConnection::connect(&url).await.unwrap();
    let mut runs = async |sql: &'static str| {
        let done = sqlx::query(sql).execute(&mut beside).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "{sql}");
    };
    let before = does(&vestibule(&world.folder, &["audit", "export"]).await);
    runs("UPDATE audit SET event = replace(event, 'Admin', 'Bdmin') WHERE kind = 'signin_begun'")
        .await;
    let output = vestibule(&world.folder, &["audit", "verify"]).await;
    let reasons = complains(&output);
    assert!(
        reasons.contains("the audit log was changed: 1 finding"),
        "{reasons}"
    );
    let position = before
        .lines()
        .position(|line| line.contains("signin_begun"))
        .unwrap()
        + 1;
    let named = says(&output);
    assert!(named.contains(&position.to_string()), "{named}");
    runs("UPDATE audit SET event = replace(event, 'Bdmin', 'Admin') WHERE kind = 'signin_begun'")
        .await;
    does(&vestibule(&world.folder, &["audit", "verify"]).await);
    // as right after an upgrade: nothing was changed, and nothing says so
    runs("UPDATE audit_indexing SET done = 0, goal = 1").await;
    let reasons = complains(&vestibule(&world.folder, &["audit", "verify"]).await);
    assert!(
        reasons.contains("nothing was changed") && reasons.contains("`vestibule audit index`"),
        "{reasons}"
    );
    does(&vestibule(&world.folder, &["audit", "index"]).await);
    does(&vestibule(&world.folder, &["audit", "verify"]).await);
    drop(beside);
    world.stop().await;
}

#[tokio::test]
async fn words_that_cannot_be_read_exit_with_two() {
    let output = vestibule(Path::new("/nonexistent"), &["serv"]).await;
    assert_eq!(output.status.code(), Some(2));
    let output = vestibule(Path::new("/nonexistent"), &["serve"]).await;
    assert!(complains(&output).contains("does not exist"));
}

#[tokio::test]
async fn serve_does_not_start_with_a_log_filter_that_means_nothing() {
    let world = World::start().await;
    let output = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .arg("--config")
        .arg(world.folder.join("vestibule.toml"))
        .arg("serve")
        .env("RUST_LOG", "vestibule=nonsense=loud")
        .output()
        .unwrap();
    let reasons = complains(&output);
    assert!(reasons.contains("RUST_LOG cannot be used"), "{reasons}");
    world.stop().await;
}
