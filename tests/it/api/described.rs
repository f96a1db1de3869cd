//! The description and the table of routes say the same, and what it says is kept.

use std::collections::BTreeSet;

use vestibule::web::ROUTES;

use super::Program;
use crate::world::World;

#[tokio::test]
async fn every_endpoint_is_described_and_everything_described_is_there() {
    let world = World::start().await;
    let program = Program::with(&world, None).await;
    let description = &program.description;
    let mut described = BTreeSet::new();
    for (path, operations) in description["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let routes = ROUTES.iter().filter(|row| row.path.starts_with("/api/v1/"));
    let routes: BTreeSet<String> = routes
        .map(|row| format!("{} {}", row.method, row.path))
        .collect();
    assert_eq!(described, routes);
    insta::assert_json_snapshot!("openapi", description);
    world.stop().await;
}
