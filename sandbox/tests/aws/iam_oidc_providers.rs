//! `OpenID` Connect providers by IAM's API: which URLs, how many audiences, and what registering one opens.

use serde_json::json;

use crate::iam::is_refused;
use crate::support::issuer::{Issuer, Signer};
use crate::support::saml::role_arn;
use crate::support::{ACCOUNT, Aws, Reply};

async fn register(aws: &Aws, url: &str, rest: &[(&str, &str)]) -> Reply {
    let all = [&[("Url", url)][..], rest].concat();
    aws.iam(&Aws::admin(), "CreateOpenIDConnectProvider", &all)
        .await
}

#[actix_web::test]
async fn an_issuer_registered_by_the_api_lets_people_in_for_its_audiences() {
    let aws = Aws::start();
    let issuer = Issuer::start(None);
    let arn = format!(
        "arn:aws:iam::{ACCOUNT}:oidc-provider/{}",
        issuer.authority()
    );
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Federated": arn }, "Action": "sts:AssumeRoleWithWebIdentity",
    }] });
    let trust = trust.to_string();
    let role = [("RoleName", "Web"), ("AssumeRolePolicyDocument", &*trust)];
    aws.iam(&Aws::admin(), "CreateRole", &role).await;
    let token = Signer::rsa().sign(&issuer.claims());
    let present = async || {
        let role = role_arn("Web");
        let rest = [
            ("RoleArn", &*role),
            ("RoleSessionName", "ada"),
            ("WebIdentityToken", &*token),
        ];
        aws.unsigned("AssumeRoleWithWebIdentity", &rest).await
    };
    let unknown = format!(
        "No OpenIDConnect provider found in your account for {}",
        issuer.url
    );
    present()
        .await
        .refused(400, "InvalidIdentityToken", &unknown);
    let made = register(&aws, &issuer.url, &[("ClientIDList.member.1", "other")]).await;
    assert_eq!(made.expect("OpenIDConnectProviderArn"), arn);
    present()
        .await
        .refused(400, "InvalidIdentityToken", "Incorrect token audience");
    let client = [
        ("OpenIDConnectProviderArn", &*arn),
        ("ClientID", "vestibule"),
    ];
    for _ in 0..2 {
        let reply = aws
            .iam(&Aws::admin(), "AddClientIDToOpenIDConnectProvider", &client)
            .await;
        assert_eq!(reply.status, 200, "adding one twice changes nothing");
    }
    present().await.keys();
    let shown = aws
        .iam(&Aws::admin(), "GetOpenIDConnectProvider", &client[..1])
        .await;
    assert_eq!(shown.expect("Url"), issuer.authority());
    assert!(
        shown
            .body
            .contains("<member>other</member><member>vestibule</member>")
    );
    let reply = aws
        .iam(
            &Aws::admin(),
            "RemoveClientIDFromOpenIDConnectProvider",
            &client,
        )
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(present().await.status, 400);
    let listed = aws
        .iam(&Aws::admin(), "ListOpenIDConnectProviders", &[])
        .await;
    assert_eq!(listed.expect("Arn"), arn);
    let gone = &client[..1];
    assert_eq!(
        aws.iam(&Aws::admin(), "DeleteOpenIDConnectProvider", gone)
            .await
            .status,
        200
    );
    is_refused(
        &aws.iam(&Aws::admin(), "DeleteOpenIDConnectProvider", gone)
            .await,
        404,
        "NoSuchEntity",
    );
    present()
        .await
        .refused(400, "InvalidIdentityToken", &unknown);
}

#[actix_web::test]
async fn a_token_can_be_made_good_for_one_use() {
    let aws = Aws::start();
    let issuer = Issuer::start(None);
    let arn = format!(
        "arn:aws:iam::{ACCOUNT}:oidc-provider/{}",
        issuer.authority()
    );
    register(&aws, &issuer.url, &[("ClientIDList.member.1", "vestibule")]).await;
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Federated": arn }, "Action": "sts:AssumeRoleWithWebIdentity",
    }] });
    let trust = trust.to_string();
    let role = [("RoleName", "Web"), ("AssumeRolePolicyDocument", &*trust)];
    aws.iam(&Aws::admin(), "CreateRole", &role).await;
    let token = Signer::rsa().sign(&issuer.claims());
    let role = role_arn("Web");
    let rest = [
        ("RoleArn", &*role),
        ("RoleSessionName", "ada"),
        ("WebIdentityToken", &*token),
    ];
    for _ in 0..2 {
        aws.unsigned("AssumeRoleWithWebIdentity", &rest)
            .await
            .keys();
    }
    aws.simulation()
        .change_switches(|switches| switches.web_identity.token_single_use = true);
    aws.unsigned("AssumeRoleWithWebIdentity", &rest)
        .await
        .keys();
    let again = aws.unsigned("AssumeRoleWithWebIdentity", &rest).await;
    is_refused(&again, 400, "InvalidIdentityToken");
}

#[actix_web::test]
async fn an_issuer_s_url_is_https_without_port_and_query_or_stands_on_loopback() {
    let aws = Aws::start();
    let long = format!("https://idp.example/{}", "x".repeat(240));
    for url in [
        "http://idp.example",
        "https://idp.example:8443",
        "https://idp.example:443",
        "https://idp.example?x=y",
        "https://idp.example/#x",
        "https://user@idp.example",
        "idp.example",
        "",
        &long,
        "http://10.0.0.1:80",
        "ftp://127.0.0.1",
    ] {
        is_refused(&register(&aws, url, &[]).await, 400, "ValidationError");
    }
    for url in [
        "https://idp.example",
        "https://idp.example/",
        "https://idp.example/Tenant",
        "https://idp.example/tenant",
        "http://127.0.0.1:8400",
    ] {
        let reply = register(&aws, url, &[]).await;
        let (_, key) = url.split_once("://").unwrap();
        let arn = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{key}");
        assert_eq!(
            reply.expect("OpenIDConnectProviderArn"),
            arn,
            "all of it counts, slash and case"
        );
    }
    is_refused(
        &register(&aws, "https://idp.example", &[]).await,
        409,
        "EntityAlreadyExists",
    );
}

#[actix_web::test]
async fn audiences_and_thumbprints_and_providers_are_limited() {
    let aws = Aws::start();
    let list = |name: &str, count: usize, value: &dyn Fn(usize) -> String| {
        (1..=count)
            .map(|index| (format!("{name}.member.{index}"), value(index)))
            .collect::<Vec<_>>()
    };
    let ask = async |url: &str, list: &[(String, String)]| {
        let list: Vec<(&str, &str)> = list.iter().map(|(a, b)| (&**a, &**b)).collect();
        register(&aws, url, &list).await
    };
    let client = |index: usize| format!("client-{index}");
    let full = list("ClientIDList", 100, &client);
    let made = ask("https://full.example", &full).await;
    let arn = made.expect("OpenIDConnectProviderArn");
    let reply = ask("https://over.example", &list("ClientIDList", 101, &client)).await;
    is_refused(&reply, 409, "LimitExceeded");
    let more = [("OpenIDConnectProviderArn", &*arn), ("ClientID", "more")];
    let reply = aws
        .iam(&Aws::admin(), "AddClientIDToOpenIDConnectProvider", &more)
        .await;
    is_refused(&reply, 409, "LimitExceeded");
    let wide = |_| "x".repeat(256);
    let reply = ask("https://wide.example", &list("ClientIDList", 1, &wide)).await;
    is_refused(&reply, 400, "ValidationError");
    let thumbprint = |index: usize| format!("{index:040x}");
    let made = ask(
        "https://five.example",
        &list("ThumbprintList", 5, &thumbprint),
    )
    .await;
    assert_eq!(made.status, 200);
    let reply = ask(
        "https://six.example",
        &list("ThumbprintList", 6, &thumbprint),
    )
    .await;
    is_refused(&reply, 400, "InvalidInput");
    let short = |_| "ab".to_owned();
    let reply = ask("https://short.example", &list("ThumbprintList", 1, &short)).await;
    is_refused(&reply, 400, "ValidationError");
    let text = |_| "z".repeat(40);
    let reply = ask("https://text.example", &list("ThumbprintList", 1, &text)).await;
    is_refused(&reply, 400, "InvalidInput");
    let update = [
        ("OpenIDConnectProviderArn", &*arn),
        ("ThumbprintList.member.1", &*"a".repeat(40)),
    ];
    let reply = aws
        .iam(
            &Aws::admin(),
            "UpdateOpenIDConnectProviderThumbprint",
            &update,
        )
        .await;
    assert_eq!(reply.status, 200);
    let shown = aws
        .iam(&Aws::admin(), "GetOpenIDConnectProvider", &update[..1])
        .await;
    assert!(shown.body.contains(&"a".repeat(40)));
    for index in 2..100 {
        assert_eq!(
            ask(&format!("https://{index}.example"), &[]).await.status,
            200
        );
    }
    is_refused(
        &ask("https://one-more.example", &[]).await,
        409,
        "LimitExceeded",
    );
    aws.simulation()
        .change_switches(|switches| switches.iam.oidc_providers = 700);
    assert_eq!(ask("https://one-more.example", &[]).await.status, 200);
}
