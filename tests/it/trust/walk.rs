//! For each method and proof, in both partitions: what is printed lets somebody in, and without any part of it nobody.

use serde_json::Value;

use super::account::Fresh;
use super::variants;
use crate::trusting::{COMMERCIAL, GOVERNMENT, Part, printed, world};
use crate::world::World;
use crate::world::browser::{Browser, Page};

const ALONG: [&str; 2] = ["--forwarded", "tags,source-identity"];

/// Descriptions, each with the account that it is of.
type Descriptions = Vec<(&'static str, Value)>;

/// What a role needs: descriptions of one or two accounts, and the user whose key Vestibule gets.
struct Case<'w> {
    world: &'w World,
    part: Part,
    role: &'static str,
    descriptions: Descriptions,
    /// Which account's user signs, its name, and the file of its key.
    signs: Option<(&'static str, &'static str, &'static str)>,
    browser: Browser,
}

impl<'w> Case<'w> {
    /// A role that needs its own account alone.
    fn new(world: &'w World, part: Part, role: &'static str) -> Self {
        let mut words = vec!["--role", role];
        if role.starts_with("Forwarded") {
            words.extend(ALONG);
        }
        Self {
            world,
            part,
            role,
            descriptions: vec![(part.account, asks(world, part, part.alias, &words))],
            signs: None,
            browser: world.browser(),
        }
    }

    /// One whose person is a federated user.
    fn federated(world: &'w World, part: Part) -> Self {
        let mut case = Self::new(world, part, "Federated");
        case.signs = Some((part.account, "federation", part.own.1));
        case
    }

    /// One that the hub's user assumes.
    fn assumed(world: &'w World, part: Part, role: &'static str) -> Self {
        let mut case = Self::new(world, part, role);
        let mut hub = asks(world, part, part.hub, &[]);
        // the hub role is not on this way, and the other roles that the user may assume are not tried here
        let resources = hub["resources"].as_array_mut().unwrap();
        resources.retain(|one| one["type"] != "role" && one["role"].is_null());
        let statements = hub.pointer_mut("/resources/1/policy/Statement").unwrap();
        let statements = statements.as_array_mut().unwrap();
        let ending = format!("/{role}");
        statements.retain(|one| one["Resource"].as_str().unwrap().ends_with(&ending));
        assert_eq!(statements.len(), 1);
        case.descriptions.push((part.hub, hub));
        case.signs = Some((part.hub, "vestibule", part.own.0));
        case
    }

    /// One to which a hub role leads, in the account of the user who signs.
    fn beyond(world: &'w World, part: Part) -> Self {
        let mut case = Self::new(world, part, "Beyond");
        let mut hub = asks(world, part, part.hub, &[]);
        // the policy of the user is for the roles that no hub leads to
        let resources = hub["resources"].as_array_mut().unwrap();
        resources.retain(|one| one["user"].is_null());
        // whom a role trusts has to be there first
        case.descriptions.insert(0, (part.hub, hub));
        case.signs = Some((part.hub, "vestibule", part.own.0));
        case
    }

    /// Sets the accounts up, and tries; `Err` is what IAM did not take.
    async fn works_with(&self, descriptions: &Descriptions) -> Result<bool, String> {
        for (account, description) in descriptions {
            let fresh = Fresh::empty(self.world, self.part.partition, account);
            fresh.load(description).await?;
            if let Some((signs_in, user, file)) = self.signs
                && signs_in == *account
                && let Some(key) = fresh.key_of(user).await
            {
                std::fs::write(self.world.folder.join(file), key).unwrap();
            }
        }
        self.world.aws_forgets();
        let link = link(self.part, self.role);
        let page = self.world.signs_in(&self.browser, &link, "erin").await;
        let asked = self.world.aws_saw();
        assert!(
            asked.iter().any(|entry| entry.host.starts_with("sts.")),
            "{link}: AWS was not asked: {} {}",
            page.url,
            page.body
        );
        if !self.is_console(&page) {
            let refused = ["aws-refused", "hub-refused"].contains(&page.problem());
            assert!(refused, "{}", page.body);
            return Ok(false);
        }
        Ok(self.role != "Federated" || self.may_all(&page).await)
    }

    fn is_console(&self, page: &Page) -> bool {
        let origin = self.world.sandbox.console.origin();
        page.url.as_str().starts_with(origin)
    }

    /// What the role gives a federated user.
    async fn may_all(&self, page: &Page) -> bool {
        let name = self.part.partition.name();
        let object = format!("arn:{name}:s3:::team-payments/x");
        let actions = ["PutObject", "PutObjectAcl", "DeleteObject", "GetObject"];
        for action in actions.map(|action| format!("s3:{action}")) {
            if !self.world.may(&self.browser, page, &action, &object).await {
                return false;
            }
        }
        true
    }

    /// As printed it works, and no variant does. Says how many variants there were, and how many of them IAM took.
    async fn is_all_needed(&self) -> (usize, usize) {
        let (role, whole) = (self.role, &self.descriptions);
        let works = self.works_with(whole).await;
        assert_eq!(works, Ok(true), "{role} as printed: {whole:?}");
        let (mut tried, mut taken) = (0, 0);
        for (at, (_, description)) in whole.iter().enumerate() {
            for (what, variant) in variants::of(description) {
                let mut descriptions = whole.clone();
                descriptions[at].1 = variant;
                let works = self.works_with(&descriptions).await;
                tried += 1;
                taken += usize::from(works.is_ok());
                assert_ne!(works, Ok(true), "{role} {what}: {descriptions:?}");
            }
        }
        // the walk itself broke nothing
        let works = self.works_with(whole).await;
        assert_eq!(works, Ok(true), "{role} once more");
        (tried, taken)
    }
}

/// What is printed about an account.
fn asks(world: &World, part: Part, account: &str, more: &[&str]) -> Value {
    let said = printed(world, part, (account, "json"), more);
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn link(part: Part, role: &str) -> String {
    let idp = if role == "ForwardedWeb" {
        "okta"
    } else {
        "corp"
    };
    format!("/go/{}/{role}?idp={idp}", part.alias)
}

async fn walk(part: Part) {
    let world = world().await;
    let cases = [
        (Case::new(&world, part, "IssuedSaml"), 18),
        (Case::new(&world, part, "ForwardedSaml"), 9),
        (Case::new(&world, part, "IssuedWeb"), 17),
        (Case::new(&world, part, "ForwardedWeb"), 9),
        (Case::assumed(&world, part, "Assumed"), 20),
        (Case::assumed(&world, part, "Plain"), 8),
        (Case::beyond(&world, part), 27),
        (Case::federated(&world, part), 15),
    ];
    for (case, least) in cases {
        let role = case.role;
        let (tried, taken) = case.is_all_needed().await;
        assert!(tried >= least, "{role}: only {tried} variants");
        assert!(taken * 2 >= tried, "{role}: IAM took {taken} of {tried}");
    }
    world.stop().await;
}

#[tokio::test]
async fn what_is_printed_lets_people_in_and_no_part_of_it_can_be_missing_or_another() {
    walk(COMMERCIAL).await;
}

#[tokio::test]
async fn and_likewise_in_gov_cloud() {
    walk(GOVERNMENT).await;
}

#[tokio::test]
async fn everything_of_an_account_at_once_opens_all_its_roles() {
    let world = world().await;
    for part in [COMMERCIAL, GOVERNMENT] {
        for (account, more, (user, file)) in [
            (part.hub, &[][..], ("vestibule", part.own.0)),
            (part.account, &ALONG, ("federation", part.own.1)),
        ] {
            let fresh = Fresh::empty(&world, part.partition, account);
            let description = asks(&world, part, account, more);
            fresh.load(&description).await.unwrap();
            let key = fresh.key_of(user).await.unwrap();
            std::fs::write(world.folder.join(file), key).unwrap();
        }
        for role in [
            "IssuedSaml",
            "ForwardedSaml",
            "IssuedWeb",
            "ForwardedWeb",
            "Assumed",
            "Plain",
            "Beyond",
            "Federated",
        ] {
            let browser = world.browser();
            let page = world.signs_in(&browser, &link(part, role), "erin").await;
            let console = world.console(&browser, &page).await;
            let principal = console["principal"].as_str().unwrap();
            assert!(principal.contains(part.account), "{principal}");
        }
    }
    world.stop().await;
}
