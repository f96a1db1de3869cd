//! A click on a link with a live session: what AWS is asked, on which connections, and how long the person waits.
//!
//! The one figure of wall time. AWS's two answers are delayed, as those of the real one are, and what is left beyond the
//! delays is Vestibule's.

use std::time::{Duration, Instant};

use vestibule_sandbox::aws::faults::HostKind;

use crate::measure::median;
use crate::report::{Line, Trouble};
use crate::scratch::runtime;
use crate::world::browser::Browser;
use crate::world::{SAML, World};

const CLICKS: u32 = 101;

/// Milliseconds that each of the two hosts takes for an answer: in the same region, on the same continent, beyond an
/// ocean.
const DELAYS: [u64; 3] = [10, 40, 160];

pub(crate) fn run() -> Result<(), Trouble> {
    runtime().block_on(async {
        let world = World::start().await;
        let browser = world.browser();
        let link = "/go/payments-prod/Admin";
        world
            .signs_in(&browser, &format!("{link}?idp={SAML}"), "erin")
            .await;
        for delay in DELAYS {
            let delay = Duration::from_millis(delay);
            measure(&world, &browser, link, delay).await;
        }
        world.stop().await;
        Ok(())
    })
}

async fn measure(world: &World, browser: &Browser, link: &str, delay: Duration) {
    let faults = &world.sandbox.simulation().faults;
    faults.delay(HostKind::Sts, delay);
    faults.delay(HostKind::Signin, delay);
    world.aws_forgets();
    let connections = world.sandbox.simulation().log.connections();
    let mut waited = Vec::new();
    let mut requests = 0;
    for _ in 0..CLICKS {
        let clicked = Instant::now();
        let answer = browser.opens_once(&world.at(link)).await;
        waited.push(clicked.elapsed().as_secs_f64() * 1e3);
        assert_eq!(answer.status, 303, "{}", answer.body);
        requests += world.aws_saw().len();
        world.aws_forgets();
    }
    let connections = world.sandbox.simulation().log.connections() - connections;
    let delays = delay.as_secs_f64() * 2e3;
    let clicks = usize::try_from(CLICKS).expect("few");
    let waited = median(waited);
    Line::about("click on a link with a live session, to its 303")
        .with("clicks", CLICKS)
        .with("requests_to_aws", requests)
        .with("new_connections", connections)
        .number("injected_delays_ms", delays)
        .number("median_wall_ms", waited)
        .must("two_requests_each", requests == clicks * 2)
        .must("no_new_connection", connections == 0)
        .at_most("beyond_the_delays_ms", waited - delays, 5.0)
        .print();
}
