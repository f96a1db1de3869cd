//! The whole story of those who look after access: a new team gets its rule, a rule goes wrong and is taken back,
//! somebody leaves, and the record has all of it. Two browsers: hers who administers, and his who works.

use serde_json::json;
use vestibule_sandbox::aws::iam::Role;
use vestibule_sandbox::aws::policy::Policy;
use vestibule_sandbox::people::Person;

use crate::chromium::Chromium;
use crate::world::World;
use crate::world::accounts::{DEV, HUB, MODEL};

const DEVELOPER: &str = "a[href='/go/payments-dev/Developer']";
const ADMIN: &str = "a[href='/go/payments-prod/Admin']";

/// Tim is of a team that no rule knows yet; the account of his role-to-be has a revoker.
async fn world() -> World {
    let line = "alias = \"payments-dev\"\n";
    let revoker = "revoker = { role = \"VestibuleRevoker\", method = \"AssumeRole\", credentials = \"hub\" }\n";
    let world = World::builder()
        .model(&MODEL.replacen(line, &format!("{line}{revoker}"), 1))
        .start()
        .await;
    let tim = Person::new("tim", "Tim Thorne").in_groups(["platform-eng"]);
    world.sandbox.people().put(tim);
    let hub = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": { "AWS": format!("arn:aws:iam::{HUB}:user/vestibule") },
    }] });
    let leave = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": ["iam:GetRole", "iam:*RolePolic*"], "Resource": "*",
    }] });
    {
        let mut iam = world.sandbox.simulation().iam.write();
        let role = Role::new("VestibuleRevoker", Policy::trust(&hub.to_string()).unwrap())
            .with_policy("revoke", Policy::identity(&leave.to_string()).unwrap());
        iam.account_mut(DEV).unwrap().put_role(role);
    }
    world
}

/// She who administers.
struct Ada<'w> {
    world: &'w World,
    browser: Chromium,
}

impl Ada<'_> {
    async fn opens(&self, path: &str) {
        self.browser.opens(&self.world.at(path)).await;
    }

    /// Begins a draft, and stands on its page.
    async fn begins(&self, name: &str) {
        self.opens("/admin/drafts").await;
        self.browser.types("#name", name).await;
        self.browser.clicks("#begin button").await;
        self.browser.sees("textarea#document").await;
    }

    /// Writes a rule into the form for one, with one condition.
    async fn writes_a_rule(
        &self,
        name: &str,
        (attribute, operator, value): (&str, &str, &str),
        grant: &str,
    ) {
        self.browser.clicks("a[href$='/entries/rules']").await;
        self.browser
            .clicks("a.button[href*='/entries/rules/edit']")
            .await;
        self.browser.types("#name", name).await;
        if self.browser.lists("#when-0-attribute").await.is_empty() {
            self.browser.clicks("#conditions button[value='add']").await;
        }
        self.browser.types("#when-0-attribute", attribute).await;
        self.browser
            .clicks(&format!("#when-0-operator option[value='{operator}']"))
            .await;
        self.browser.types("#when-0-value", value).await;
        self.browser.types("#grant", grant).await;
        self.browser.clicks(".actions button[value='save']").await;
        self.browser.clicks("a[href$='/review']").await;
        self.browser.sees("#changes").await;
    }

    /// Publishes what she reviews.
    async fn publishes(&self, note: &str) {
        self.browser.types("#note", note).await;
        self.browser.clicks("#publish form button").await;
        self.browser.sees(".current-mark").await;
    }
}

impl Ada<'_> {
    /// A new team, its rule, and whom it concerns.
    async fn lets_a_team_in(&self) {
        self.begins("the platform team").await;
        let team = ("groups", "is", "platform-eng");
        self.writes_a_rule("platform engineers", team, "payments-dev/Developer")
            .await;
        let gains = self.browser.reads("#gains").await;
        assert!(
            gains.contains("1 person gains") && gains.contains("tim@example.com"),
            "{gains}"
        );
        self.publishes("the platform team joins").await;
    }

    /// A rule that lets everybody into production wants to be typed; and it is, all the same.
    async fn lets_everybody_in(&self) {
        self.begins("in a hurry").await;
        let everybody = ("", "idp", "corp");
        self.writes_a_rule(
            "whoever is of this company",
            everybody,
            "payments-prod/Admin",
        )
        .await;
        let phrase = self.browser.reads("label[for='typed'] code").await;
        self.browser.types("#typed", &phrase).await;
        self.publishes("in a hurry").await;
    }

    /// Back to the revision before, by the same review.
    async fn takes_it_back(&self) {
        self.opens("/admin/access/revisions/2").await;
        self.browser.clicks("#back form button").await;
        let losses = self.browser.reads("#losses").await;
        assert!(losses.contains("tim@example.com"), "{losses}");
        self.publishes("that was wrong").await;
    }

    /// No session of Tim's, and no new one.
    async fn blocks_tim(&self) {
        self.opens("/admin/people?q=tim").await;
        self.browser.clicks(".entry h2 a").await;
        self.browser.types("#stop [name='note']", "has left").await;
        self.browser.clicks("#stop button[value='block']").await;
        self.browser.sees("#block").await;
    }

    /// The console that he has is cut off.
    async fn revokes_tim(&self) {
        self.opens("/admin/revoke").await;
        self.browser.types("#search", "tim").await;
        self.browser.clicks("#person_form button").await;
        self.browser.clicks("#found button").await;
        let policy = self.browser.reads("#places pre").await;
        assert!(
            policy.contains("tim") && policy.contains("aws:TokenIssueTime"),
            "{policy}"
        );
        self.browser.clicks("#apply button").await;
        self.browser.sees("[data-state='cut']").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_comes_a_rule_goes_wrong_somebody_leaves_and_the_record_has_it_all() {
    let world = world().await;
    let tim = Chromium::start().await;
    tim.opens(&world.at("/?idp=corp")).await;
    tim.signs_in("tim").await;
    tim.sees(".empty").await;
    let ada = Ada {
        world: &world,
        browser: Chromium::start().await,
    };
    ada.opens("/admin/access?idp=corp").await;
    ada.browser.signs_in("ada").await;
    ada.browser.sees("nav.tabs").await;

    ada.lets_a_team_in().await;
    // Tim has it without signing in again
    tim.opens(&world.at("/")).await;
    tim.clicks(DEVELOPER).await;
    let principal = tim.arrives(&world).await;
    assert!(principal.contains("assumed-role/Developer/"), "{principal}");
    ada.lets_everybody_in().await;
    tim.opens(&world.at("/")).await;
    tim.sees(ADMIN).await;
    ada.takes_it_back().await;
    tim.opens(&world.at("/")).await;
    tim.sees(DEVELOPER).await;
    assert!(tim.lists(ADMIN).await.is_empty());
    ada.blocks_tim().await;
    tim.opens(&world.at("/?idp=corp")).await;
    tim.sees("[data-problem='blocked']").await;
    ada.revokes_tim().await;

    ada.opens("/admin/record").await;
    ada.browser.sees("#found .plate code").await;
    let kinds = ada.browser.lists("#found .plate code").await;
    for kind in [
        "access_published",
        "signin_begun",
        "signin_ended",
        "person_blocked",
        "revoke_begun",
        "revoke_ended",
    ] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
    }
    world.stop().await;
}
