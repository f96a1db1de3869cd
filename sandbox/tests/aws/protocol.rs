//! The Query protocol, the log, and planned faults.

use chrono::TimeDelta;
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};
use vestibule_sandbox::aws::request_log::Entry;
use vestibule_sandbox::tls::Authority;

use crate::support::{ACCOUNT, Aws, Reply, Signed, noon};

const STS: &str = "/sts.eu-west-1.amazonaws.com/";

#[actix_web::test]
async fn unknown_actions_versions_and_paths_are_named() {
    let aws = Aws::start();
    let post = async |path: &str, body: &str| aws.post(path, body, &[]).await;
    assert_eq!(
        post(STS, "Version=2011-06-15").await.expect("Code"),
        "MissingAction"
    );
    assert_eq!(
        post(STS, "Action=Dance&Version=2011-06-15")
            .await
            .expect("Code"),
        "InvalidAction"
    );
    let reply = post(STS, "Action=AssumeRole&Version=2010-05-08").await;
    assert_eq!(
        (reply.status, reply.expect("Code").as_str()),
        (400, "NoSuchVersion")
    );
    let reply = post(&format!("{STS}x"), "Action=AssumeRole&Version=2011-06-15").await;
    assert_eq!(reply.expect("Code"), "InvalidAction");
    for body in ["Action=%zz", "Action=a&Action=b", "Action=%ff"] {
        let reply = post(STS, body).await;
        assert_eq!(
            (reply.status, reply.expect("Code").as_str()),
            (404, "MalformedQueryString")
        );
    }
    for path in [
        "/",
        "/evil.example/",
        "/sts.mars-1.amazonaws.com/",
        "/%2e%2e/",
    ] {
        assert_eq!(post(path, "Action=AssumeRole").await.status, 404, "{path}");
    }
}

#[actix_web::test]
async fn a_call_may_come_by_get() {
    let aws = Aws::start();
    let query = "Action=GetCallerIdentity&Version=2011-06-15";
    let host = aws.server.address().to_string();
    let signed = Signed {
        method: "GET",
        host: &host,
        path: STS,
        query,
        body: "",
        region: "eu-west-1",
        service: "sts",
        time: noon(),
    };
    let mut request = aws
        .client
        .get(format!("{}{STS}?{query}", aws.server.origin()));
    for (name, value) in signed.headers(&Aws::broker()) {
        request = request.header(name, value);
    }
    let reply = Reply::read(request.send().await.unwrap()).await;
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:user/broker")
    );
}

#[actix_web::test]
async fn a_body_without_end_is_cut_off() {
    let aws = Aws::start();
    let reply = aws
        .post(STS, &format!("Action={}", "x".repeat(2_000_000)), &[])
        .await;
    assert_eq!(reply.status, 413);
}

#[actix_web::test]
async fn the_log_shows_what_was_asked_and_no_secret() {
    let aws = Aws::start();
    let role = format!("arn:aws:iam::{ACCOUNT}:role/Long");
    let rest = [
        ("RoleArn", role.as_str()),
        ("RoleSessionName", "ada"),
        ("TokenCode", "123456"),
    ];
    aws.call(&Aws::broker(), "AssumeRole", &rest).await;
    aws.unsigned(
        "AssumeRoleWithSAML",
        &[("SAMLAssertion", "c2VjcmV0"), ("RoleArn", &role)],
    )
    .await;
    let url = aws.server.request_log_url();
    let text = aws
        .client
        .get(&url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        !text.contains("123456") && !text.contains("c2VjcmV0"),
        "{text}"
    );
    let entries: Vec<Entry> = serde_json::from_str(&text).unwrap();
    let [first, second] = entries.as_slice() else {
        panic!("two entries in {text}")
    };
    assert_eq!(first.host, "sts.eu-west-1.amazonaws.com");
    assert_eq!((first.method.as_str(), first.path.as_str()), ("POST", "/"));
    assert_eq!(first.action.as_deref(), Some("AssumeRole"));
    assert!(first.signed && !second.signed);
    assert_eq!(first.access_key.as_deref(), Some("AKIABROKER0000000001"));
    assert_eq!(first.parameters["RoleSessionName"], "ada");
    assert_eq!(second.parameters["RoleArn"], role);
    aws.client.delete(&url).send().await.unwrap();
    let text = aws
        .client
        .get(&url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(text, "[]");
}

#[actix_web::test]
async fn connections_are_counted_and_kept() {
    let aws = Aws::start();
    for _ in 0..5 {
        aws.call(&Aws::broker(), "GetCallerIdentity", &[]).await;
    }
    assert_eq!(aws.simulation().log.connections(), 1);
    let another = reqwest::Client::builder().no_proxy().build().unwrap();
    another
        .get(aws.server.request_log_url())
        .send()
        .await
        .unwrap();
    assert_eq!(aws.simulation().log.connections(), 2);
}

#[actix_web::test]
async fn planned_faults_come_once_and_in_order() {
    let aws = Aws::start();
    let faults = &aws.simulation().faults;
    faults.plan(
        HostKind::Sts,
        Some("GetCallerIdentity"),
        Fault::throttling(),
    );
    faults.plan(
        HostKind::Sts,
        None,
        Fault::wrong_role("arn:aws:iam::1:user/x"),
    );
    faults.plan(HostKind::Sts, None, Fault::garbage());
    faults.plan(HostKind::Sts, None, Fault::huge(3_000_000));
    let who = async || aws.call(&Aws::broker(), "GetCallerIdentity", &[]).await;
    who().await.refused(400, "Throttling", "Rate exceeded");
    assert_eq!(who().await.expect("Arn"), "arn:aws:iam::1:user/x");
    assert_eq!(who().await.get("Arn"), None);
    assert_eq!(who().await.body.len(), 3_000_000);
    assert_eq!(who().await.status, 200);
    let expired = Fault::expired_credentials(noon() - TimeDelta::hours(1));
    faults.plan(HostKind::Sts, Some("GetSessionToken"), expired);
    let reply = aws.call(&Aws::broker(), "GetSessionToken", &[]).await;
    assert_eq!(reply.seconds_from(noon()), -3600);
}

#[actix_web::test]
async fn a_reset_breaks_the_answer_and_a_hang_never_answers() {
    let aws = Aws::start();
    let faults = &aws.simulation().faults;
    faults.plan(HostKind::Sts, None, Fault::Reset);
    let url = aws.server.url("sts.eu-west-1.amazonaws.com");
    let broken = async { aws.client.get(&url).send().await?.bytes().await };
    assert!(broken.await.is_err());
    faults.plan(HostKind::Sts, None, Fault::Hang);
    let patient = aws
        .client
        .get(&url)
        .timeout(std::time::Duration::from_millis(200));
    assert!(patient.send().await.unwrap_err().is_timeout());
}

#[actix_web::test]
async fn an_answer_that_drips_is_whole_in_the_end() {
    let aws = Aws::start();
    let pause = std::time::Duration::from_micros(1);
    aws.simulation()
        .faults
        .plan(HostKind::Sts, None, Fault::Drip(pause));
    let reply = aws.call(&Aws::broker(), "GetCallerIdentity", &[]).await;
    assert_eq!(reply.expect("Account"), ACCOUNT);
}

#[actix_web::test]
async fn a_latch_holds_a_request_until_it_is_released() {
    let aws = Aws::start();
    let latch = Latch::new();
    aws.simulation()
        .faults
        .plan(HostKind::Sts, None, Fault::HoldAnswer(latch.clone()));
    let broker = Aws::broker();
    let held = aws.call(&broker, "GetCallerIdentity", &[]);
    let release = async {
        latch.arrived(1).await;
        let logged = aws.simulation().log.entries().len();
        latch.release();
        logged
    };
    let (reply, logged) = futures_util::future::join(held, release).await;
    assert_eq!((reply.status, logged), (200, 1));
}

#[actix_web::test]
async fn on_https_nothing_reaches_it_from_a_caller_that_does_not_trust_it() {
    let authority = Authority::new().unwrap();
    let aws = Aws::start_on(Some(authority.identity(&["127.0.0.1"]).unwrap().server));
    assert!(aws.server.origin().starts_with("https://127.0.0.1:"));
    let url = aws.server.url("sts.eu-west-1.amazonaws.com");
    assert!(aws.client.get(&url).send().await.unwrap_err().is_connect());
    assert!(aws.simulation().log.entries().is_empty());
    let trusted = reqwest::Certificate::from_pem(authority.pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_merge([trusted])
        .build()
        .unwrap();
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(Reply::read(answer).await.expect("Code"), "MissingAction");
}
