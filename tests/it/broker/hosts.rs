//! B10: no host of somebody else's gets credentials, whatever the configuration, a redirect or a message says. S17: nor
//! can the configuration stretch the limits of times.

use vestibule::config::Config;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::aws::http::Answer;

use super::{ADMIN, signed_in};
use crate::world::World;
use crate::world::canary::Canary;

/// What is no region, though a careless reader would put it into a host's name.
const NO_REGIONS: &[&str] = &[
    "us-east-1.evil.com/",
    "us-east-1.evil.com",
    "evil.com/us-east-1",
    "us-east-1@evil.com",
    "@evil.com",
    "us-east-1#",
    "us-east-1?",
    "../us-east-1",
    "us-east-1/..",
    "us-east-1%2f..",
    "us-east-1:443",
    "https://evil.com",
    "us-east-1 ",
    " us-east-1",
    "us-east-1\\n",
    "US-EAST-1",
    "us_east_1",
    "us-east-",
    "us-east-1a",
    "us--east-1",
    "\u{ff55}s-east-1",
    "us\u{2010}east-1",
    "169.254.169.254",
    "localhost",
    "",
    "global.evil.com",
    "mars-north-1",
];

/// What is no host.
const NO_HOSTS: &[&str] = &[
    "https://evil.com",
    "http://evil.com",
    "//evil.com",
    "evil.com/",
    "evil.com/path",
    "user@evil.com",
    "user:word@evil.com",
    "evil.com:8443",
    "evil.com?x",
    "evil.com#x",
    "evil.com\\\\",
    "../evil.com",
    "evil..com",
    ".evil.com",
    "evil.com.",
    "-evil.com",
    "evil-.com",
    "EVIL.com",
    "evil_host.com",
    "ev il.com",
    "evil.com\\n",
    "\u{435}vil.com",
    "evil\u{3002}com",
    "*.evil.com",
    "{region}.evil.com",
    "[::1]",
    "[fd00:ec2::254]",
    "localhost",
    "",
];

/// The configuration of a world and what is wrong with it, when it says so in this place.
struct Place {
    world: World,
    text: String,
}

impl Place {
    async fn new() -> Self {
        let world = World::start().await;
        let text = std::fs::read_to_string(world.folder.join("vestibule.toml")).unwrap();
        Self { world, text }
    }

    fn problems(&self, old: &str, new: &str) -> Option<String> {
        assert!(self.text.contains(old), "{old} is not in the configuration");
        let text = self.text.replacen(old, new, 1);
        let read = Config::parse(&text, &self.world.folder);
        read.err().map(|problems| problems.to_string())
    }

    fn refuses(&self, old: &str, new: &str, key: &str) {
        let problems = self.problems(old, new);
        let problems = problems.unwrap_or_else(|| panic!("{new} was taken"));
        assert!(
            problems.contains(key) || problems.starts_with("line "),
            "{new}: {problems}"
        );
    }

    fn takes(&self, old: &str, new: &str) {
        let problems = self.problems(old, new);
        assert!(problems.is_none(), "{new}: {problems:?}");
    }
}

const GOV: &str = "[aws.partitions.aws-us-gov]\nregion = \"us-gov-west-1\"\n";

#[tokio::test]
async fn b10_no_region_of_the_configuration_moves_a_host() {
    let place = Place::new().await;
    let region = "region = \"eu-west-1\"";
    for wrong in NO_REGIONS {
        place.refuses(region, &format!("region = \"{wrong}\""), "aws.region");
        for key in [
            "region",
            "default_region",
            "signin_bare_region",
            "console_bare_region",
        ] {
            let entry = format!("[aws.partitions.aws-us-gov]\n{key} = \"{wrong}\"\n");
            place.refuses(GOV, &entry, "aws.partitions.aws-us-gov");
        }
        let entry = format!("[aws.partitions.aws-us-gov]\nregion_prefixes = [\"{wrong}\"]\n");
        place.refuses(GOV, &entry, "aws.partitions.aws-us-gov");
    }
    // a partition's hosts get no region of another's
    for foreign in ["eu-west-1", "cn-north-1", "us-gov-west-1-evil"] {
        let entry = format!("[aws.partitions.aws-us-gov]\nregion = \"{foreign}\"\n");
        place.refuses(GOV, &entry, "aws.partitions.aws-us-gov.region");
    }
    for right in ["us-east-2", "global", "ap-southeast-7"] {
        place.takes(region, &format!("region = \"{right}\""));
    }
    place.world.stop().await;
}

#[tokio::test]
async fn b10_no_host_of_the_configuration_is_more_than_a_host() {
    let place = Place::new().await;
    for key in [
        "sts_suffix",
        "sts_global_host",
        "signin_host",
        "console_host",
    ] {
        let entry = |host: &str| format!("{GOV}{key} = \"{host}\"\n");
        for wrong in NO_HOSTS {
            place.refuses(
                GOV,
                &entry(wrong),
                &format!("aws.partitions.aws-us-gov.{key}"),
            );
        }
        place.takes(GOV, &entry("amazonaws.example"));
    }
    // what stands in for AWS is on loopback; it never is a host of the network
    let endpoint = format!(
        "endpoint = \"{}\"",
        place.world.sandbox.aws.endpoint_template()
    );
    for wrong in [
        "http://169.254.169.254/{host}",
        "http://[fd00:ec2::254]/{host}",
        "http://evil.com/{host}",
        "https://evil.com/{host}",
        "http://127.0.0.1@evil.com/{host}",
        "http://127.0.0.1.evil.com/{host}",
        "http://localhost.evil.com/{host}",
        "http://0x7f000001.evil.com/{host}",
        "https://{host}",
        "https://{host}/",
        "http://{host}.evil.com/{host}",
        "file:///{host}",
        "ftp://127.0.0.1/{host}",
        "http://127.0.0.1/",
        "http://10.0.0.1/{host}",
        "//127.0.0.1/{host}",
    ] {
        place.refuses(
            &endpoint,
            &format!("endpoint = \"{wrong}\""),
            "aws.endpoint",
        );
    }
    place.world.stop().await;
}

#[tokio::test]
async fn b10_redirects_of_aws_are_not_followed() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let canary = Canary::new();
    let faults = &world.sandbox.simulation().faults;
    for to in [
        canary.url(),
        format!("{}/latest/meta-data/", canary.url()),
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/".to_owned(),
        format!("//{}", canary.url().trim_start_matches("http://")),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let mut answer = Answer::new(status, "text/html", "");
            answer.headers.push(("Location".to_owned(), to.clone()));
            for kind in [HostKind::Sts, HostKind::Signin] {
                faults.plan_times(4, kind, None, &Fault::Answer(answer.clone()));
                let page = browser.opens_once(&world.at(ADMIN)).await;
                assert!(
                    [403, 502, 503].contains(&page.status),
                    "{status} {to}: {}",
                    page.status
                );
                assert_eq!(page.header("location"), "", "{status} {to}");
                assert!(!page.body.contains("169.254"), "{}", page.body);
                faults.clear();
            }
        }
    }
    assert!(!canary.was_contacted());
    let page = browser.opens(&world.at(ADMIN)).await;
    world.console(&browser, &page).await;
    world.stop().await;
}

// S17: the leeway is 60 seconds by default and 180 at most; an assertion is ten minutes old at most
#[tokio::test]
async fn s17_no_configuration_stretches_the_limits_of_times() {
    let place = Place::new().await;
    let saml = "metadata_file = \"corp-metadata.xml\"";
    let oidc = "client_id = \"vestibule\"";
    for (file, key, right, wrong) in [
        (
            saml,
            "leeway_seconds",
            &["0", "60", "180"][..],
            &["181", "3600", "-1", "4294967296", "1.5", "\"60\"", "inf"][..],
        ),
        (
            saml,
            "max_age_seconds",
            &["30", "300", "600"],
            &["0", "29", "601", "86400", "-1", "\"300\""],
        ),
        (
            oidc,
            "leeway_seconds",
            &["0", "60"],
            &["61", "180", "3600", "-1"],
        ),
    ] {
        for value in right {
            place.takes(file, &format!("{file}\n{key} = {value}"));
        }
        for value in wrong {
            place.refuses(file, &format!("{file}\n{key} = {value}"), key);
        }
    }
    // a session's own maximum has one, too
    for (old, key, wrong) in [
        ("absolute_hours = 12", "absolute_hours", ["0", "169", "-1"]),
        ("idle_minutes = 60", "idle_minutes", ["0", "4", "1441"]),
    ] {
        for value in wrong {
            place.refuses(old, &format!("{key} = {value}"), key);
        }
    }
    place.world.stop().await;
}
