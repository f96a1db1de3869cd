//! Own credentials from where AWS's own tools look for them, in a process whose environment says where that is.

use crate::world::World;
use crate::world::serving::Serving;

const HUB: &str = "name = \"hub\"\nsource = \"file\"\nfile = \"hub\"\n";

/// A profile whose key AWS does not know: whoever reads it gets nowhere.
const STRANGER: &str =
    "aws_access_key_id = AKIASTRANGERSTRANGER\naws_secret_access_key = nothing\n";

/// The hub's profile under another name, after one of a stranger's that is the default.
fn named(world: &World, name: &str) -> String {
    let hub = std::fs::read_to_string(world.folder.join("hub")).unwrap();
    let hub = hub.replace("[default]", &format!("[{name}]"));
    format!("[default]\n{STRANGER}\n{hub}")
}

/// Whether a click at a process with this source and environment opens the console, as the hub.
async fn opens_the_console(world: &World, source: &str, environment: &[(&str, &str)]) {
    // nothing but what is named here may say anything, and nobody is asked on the network
    let mut whole = vec![
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("HOME", "/nonexistent"),
    ];
    whole.extend_from_slice(environment);
    let source = format!("name = \"hub\"\n{source}\n");
    let serving = Serving::start(world, &[(HUB, &source)], &whole);
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let link = format!("{}/go/payments-prod/Admin", serving.url);
    let page = browser.opens(&link).await;
    world.console(&browser, &page).await;
    let call = world.sts_call();
    assert_eq!(call.access_key.as_deref(), Some("AKIAHUBHUBHUBHUBHUB1"));
    // a long-term key: the console lasts as long as the role says
    let exchange = world
        .aws_saw()
        .into_iter()
        .find(|entry| entry.action.as_deref() == Some("getSigninToken"));
    assert_eq!(exchange.unwrap().parameters["SessionDuration"], "28800");
}

#[tokio::test]
async fn the_chain_finds_what_the_environment_names() {
    let world = World::start().await;
    let hub = world.folder.join("hub");
    let file = hub.to_str().unwrap();
    let source = "source = \"chain\"";
    opens_the_console(&world, source, &[("AWS_SHARED_CREDENTIALS_FILE", file)]).await;

    let other = world.folder.join("credentials");
    std::fs::write(&other, named(&world, "work")).unwrap();
    let environment = [
        ("AWS_SHARED_CREDENTIALS_FILE", other.to_str().unwrap()),
        ("AWS_PROFILE", "work"),
    ];
    opens_the_console(&world, source, &environment).await;

    let secret = std::fs::read_to_string(&hub).unwrap();
    let secret = secret
        .lines()
        .find_map(|line| line.strip_prefix("aws_secret_access_key = "));
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIAHUBHUBHUBHUBHUB1"),
        ("AWS_SECRET_ACCESS_KEY", secret.unwrap()),
    ];
    opens_the_console(&world, source, &environment).await;
    world.stop().await;
}

#[tokio::test]
async fn a_profile_is_read_by_its_name() {
    let world = World::start().await;
    let file = world.folder.join("credentials");
    std::fs::write(&file, named(&world, "broker")).unwrap();
    let environment = [
        ("AWS_SHARED_CREDENTIALS_FILE", file.to_str().unwrap()),
        // names another one, and does not count
        ("AWS_PROFILE", "default"),
    ];
    let source = "source = \"profile\"\nprofile = \"broker\"";
    opens_the_console(&world, source, &environment).await;
    world.stop().await;
}

#[tokio::test]
async fn own_credentials_that_are_gone_are_named_as_the_cause_and_found_again() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let (hub, away) = (world.folder.join("hub"), world.folder.join("away"));
    std::fs::rename(&hub, &away).unwrap();
    world.aws_forgets();
    let link = world.at("/go/payments-prod/Admin");
    let page = browser.opens_once(&link).await;
    page.is_refused(403, "aws-refused");
    assert!(page.body.contains("OwnCredentials"), "{}", page.body);
    assert!(
        page.body
            .contains("the file, profile or instance role behind them is missing")
    );
    assert!(!page.body.contains(world.folder.to_str().unwrap()));
    assert!(world.aws_saw().is_empty());
    std::fs::rename(&away, &hub).unwrap();
    assert_eq!(browser.opens_once(&link).await.status, 303);
    world.stop().await;
}
