//! Links of other sites to what is written down when it is read.

use reqwest::Method;
use url::Url;
use vestibule::domain::audit::EventKind;

use super::*;

const RECORD: &str = "/admin/record";

/// How a browser says from where somebody comes.
fn navigates(site: &str) -> [(&str, &str); 3] {
    let how = ("sec-fetch-mode", "navigate");
    [
        ("sec-fetch-site", site),
        how,
        ("sec-fetch-dest", "document"),
    ]
}

#[tokio::test]
async fn a_link_of_another_site_has_nobody_read_about_others_before_they_say_so() {
    let world = World::start().await;
    world.signed_in("erin").await;
    let (ada, _) = administrator(&world, LISTS).await;
    let people = ada.opens(&world.at("/admin/people?q=erin")).await;
    let mut links = people.links().into_iter();
    let erin = links
        .find(|link| link.starts_with("/admin/people/"))
        .unwrap();
    let paths = [
        RECORD,
        "/admin/record?person=erin%40example.com&before=1.1",
        "/admin/record/export?format=csv",
        "/admin/record/person?idp=corp&subject=erin%40example.com",
        "/admin/record/role?role=payments-prod/Admin",
        &erin,
    ];
    for path in paths {
        let url = Url::parse(&world.at(path)).unwrap();
        let comes = async |from: &str| ada.once(Method::GET, &url, None, &navigates(from)).await;
        for site in ["cross-site", "same-site"] {
            let page = comes(site).await;
            page.is_refused(403, "led-from-elsewhere");
            // a link on this page of ours to the very address, and not a word of what stands there
            assert!(
                page.body
                    .contains("<a class=\"button\" href=\"\">Go on</a>"),
                "{}",
                page.body
            );
            assert!(!page.body.contains("erin"), "{}", page.body);
        }
        for kind in [EventKind::RecordRead, EventKind::RecordExported] {
            let rows = world.audit(kind).await;
            assert!(rows.is_empty(), "{path}: {rows:?}");
        }
    }
    for path in paths {
        let url = Url::parse(&world.at(path)).unwrap();
        for site in ["none", "same-origin"] {
            let page = ada.once(Method::GET, &url, None, &navigates(site)).await;
            assert_eq!(page.status, 200, "{path} from {site}: {}", page.body);
        }
    }
    let reads = world.audit(EventKind::RecordRead).await.len();
    let copies = world.audit(EventKind::RecordExported).await.len();
    assert_eq!((reads, copies), (10, 2));
    // whoever is none is told what they are always told
    let erin = world.signed_in("erin").await;
    let url = Url::parse(&world.at(RECORD)).unwrap();
    let page = erin
        .once(Method::GET, &url, None, &navigates("cross-site"))
        .await;
    page.is_refused(403, "not-entitled");
    world.stop().await;
}
