//! Connections that are kept ready between clicks.

use std::sync::Arc;

use vestibule::aws::Aws;
use vestibule::clock::{SharedClock, ShiftedClock};
use vestibule::domain::account::PartitionName;

use crate::world::World;

#[tokio::test]
async fn a_connection_is_opened_before_the_click_kept_and_asks_nothing() {
    let world = World::start().await;
    let config = world.configuration();
    let clock: SharedClock = Arc::<ShiftedClock>::clone(&world.clock);
    let aws = Aws::new(&config.aws, &config.credentials, &clock).unwrap();
    let partition = PartitionName::parse("aws").unwrap();
    let connections = || world.sandbox.simulation().log.connections();
    let before = connections();
    world.aws_forgets();

    aws.sts.keep_warm(&partition).await;
    aws.federation.keep_warm(&partition).await;
    assert_eq!(connections() - before, 2, "one to each host");

    aws.sts.keep_warm(&partition).await;
    aws.federation.keep_warm(&partition).await;
    assert_eq!(connections() - before, 2, "the same ones again");
    for entry in world.aws_saw() {
        assert_eq!(entry.action, None, "{entry:?}");
        assert!(!entry.signed && entry.parameters.is_empty(), "{entry:?}");
    }
    world.stop().await;
}
