//! Signatures: what is believed, and in which words the rest is not.

use chrono::TimeDelta;
use vestibule_sandbox::aws::random::Random;
use vestibule_sandbox::aws::tokens::Tokens;

use crate::support::{ACCOUNT, Aws, Keys, Reply, Signed};

const PATH: &str = "/sts.eu-west-1.amazonaws.com/";
const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
    Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const INVALID: &str = "The security token included in the request is invalid.";

async fn send(aws: &Aws, keys: &Keys, change: impl FnOnce(&mut Signed<'_>)) -> Reply {
    let host = aws.server.address().to_string();
    let mut signed = Signed {
        method: "POST",
        host: &host,
        path: PATH,
        query: "",
        body: BODY,
        region: "eu-west-1",
        service: "sts",
        time: aws.simulation().clock.now(),
    };
    change(&mut signed);
    let headers = signed.headers(keys);
    aws.post(PATH, BODY, &headers).await
}

#[actix_web::test]
async fn an_honest_signature_is_believed() {
    let aws = Aws::start();
    let reply = send(&aws, &Aws::broker(), |_| {}).await;
    assert_eq!(
        reply.expect("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:user/broker")
    );
}

#[actix_web::test]
async fn a_signature_over_anything_else_does_not_match() {
    let aws = Aws::start();
    let wrong_secret = Keys {
        secret: "x".repeat(40),
        ..Aws::broker()
    };
    send(&aws, &wrong_secret, |_| {})
        .await
        .refused(403, "SignatureDoesNotMatch", MISMATCH);
    for change in [
        (|signed: &mut Signed<'_>| signed.body = "") as fn(&mut Signed<'_>),
        |signed| signed.path = "/",
        |signed| signed.method = "GET",
        |signed| signed.host = "sts.eu-west-1.amazonaws.com",
        |signed| signed.query = "a=b",
    ] {
        let reply = send(&aws, &Aws::broker(), change).await;
        reply.refused(403, "SignatureDoesNotMatch", MISMATCH);
    }
}

#[actix_web::test]
async fn the_scope_must_be_that_of_the_host() {
    let aws = Aws::start();
    let reply = send(&aws, &Aws::broker(), |signed| signed.region = "us-east-1").await;
    let text = "Credential should be scoped to a valid region, not 'us-east-1'.";
    reply.refused(403, "SignatureDoesNotMatch", text);
    let reply = send(&aws, &Aws::broker(), |signed| signed.service = "s3").await;
    assert_eq!(reply.expect("Code"), "SignatureDoesNotMatch");
    let call = ("GetCallerIdentity", &[][..]);
    let host = "sts.amazonaws.com";
    assert_eq!(
        aws.call_host(host, "us-east-1", &Aws::broker(), call)
            .await
            .status,
        200
    );
    assert_eq!(
        aws.call_host(host, "eu-west-1", &Aws::broker(), call)
            .await
            .status,
        403
    );
}

#[actix_web::test]
async fn a_time_more_than_five_minutes_off_is_refused() {
    let aws = Aws::start();
    for (offset, status) in [(-300, 200), (300, 200), (-301, 403), (301, 403)] {
        let change = |signed: &mut Signed<'_>| signed.time += TimeDelta::seconds(offset);
        assert_eq!(
            send(&aws, &Aws::broker(), change).await.status,
            status,
            "{offset}"
        );
    }
    let reply = send(&aws, &Aws::broker(), |signed| {
        signed.time -= TimeDelta::minutes(6);
    })
    .await;
    let text = "Signature expired: 20261122T115400Z is now earlier than 20261122T115500Z \
                (20261122T120000Z - 5 min.)";
    reply.refused(403, "SignatureDoesNotMatch", text);
    aws.simulation()
        .change_switches(|switches| switches.signature_skew_minutes = 15);
    let reply = send(&aws, &Aws::broker(), |signed| {
        signed.time -= TimeDelta::minutes(6);
    })
    .await;
    assert_eq!(reply.status, 200);
}

#[actix_web::test]
async fn missing_and_broken_signatures_are_told_apart() {
    let aws = Aws::start();
    let reply = aws.unsigned("GetCallerIdentity", &[]).await;
    reply.refused(
        403,
        "MissingAuthenticationToken",
        "Request is missing Authentication Token",
    );
    for header in [
        "AWS4-HMAC-SHA256",
        "Basic abc",
        "AWS4-HMAC-SHA256 Credential=a",
        "",
        "\u{7f}",
        "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=",
    ] {
        let Ok(value) = reqwest::header::HeaderValue::from_str(header) else {
            continue;
        };
        let url = format!("{}{PATH}", aws.server.origin());
        let request = aws
            .client
            .post(url)
            .header("authorization", value)
            .body(BODY);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let reply = Reply::read(request.send().await.unwrap()).await;
        assert_eq!(reply.expect("Code"), "IncompleteSignature", "{header}");
        assert_eq!(reply.status, 400, "{header}");
    }
}

#[actix_web::test]
async fn unknown_inactive_and_foreign_keys_are_invalid() {
    let aws = Aws::start();
    let unknown = Keys::long_term("AKIAUNKNOWN000000001", "x");
    send(&aws, &unknown, |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    let gov = Keys {
        id: "AKIAGOV0000000000001".to_owned(),
        ..Aws::broker()
    };
    send(&aws, &gov, |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    {
        let mut registry = aws.simulation().iam.write();
        let user = registry
            .account_mut(ACCOUNT)
            .unwrap()
            .users
            .get_mut("broker")
            .unwrap();
        user.access_keys[0].active = false;
    }
    send(&aws, &Aws::broker(), |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
}

#[actix_web::test]
async fn a_token_must_be_there_be_right_and_be_ours() {
    let aws = Aws::start();
    let keys = aws
        .call(&Aws::broker(), "GetSessionToken", &[])
        .await
        .keys();
    let other = aws
        .call(&Aws::broker(), "GetSessionToken", &[])
        .await
        .keys();
    send(&aws, &keys, |_| {}).await.expect("Arn");
    let without = Keys {
        token: None,
        ..keys.clone()
    };
    send(&aws, &without, |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    let swapped = Keys {
        token: other.token,
        ..keys.clone()
    };
    send(&aws, &swapped, |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    let with = Keys {
        token: keys.token.clone(),
        ..Aws::broker()
    };
    send(&aws, &with, |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
    let known = aws
        .simulation()
        .tokens
        .by_access_key(&keys.id, &keys.token.unwrap())
        .unwrap();
    let foreign = Tokens::new(Random::seeded(99))
        .issue(known.session, 0)
        .unwrap();
    let foreign = Keys {
        id: foreign.access_key,
        secret: foreign.secret,
        token: Some(foreign.session_token),
    };
    send(&aws, &foreign, |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
}

#[actix_web::test]
async fn credentials_end_with_their_time_and_with_their_role() {
    let aws = Aws::start();
    let role = format!("arn:aws:iam::{ACCOUNT}:role/Reader");
    let rest = [("RoleArn", role.as_str()), ("RoleSessionName", "ada")];
    let keys = aws.call(&Aws::broker(), "AssumeRole", &rest).await.keys();
    aws.hand.advance(TimeDelta::seconds(3599));
    send(&aws, &keys, |_| {}).await.expect("Arn");
    aws.hand.advance(TimeDelta::seconds(1));
    let text = "The security token included in the request is expired";
    send(&aws, &keys, |_| {})
        .await
        .refused(403, "ExpiredToken", text);
    let keys = aws.call(&Aws::broker(), "AssumeRole", &rest).await.keys();
    {
        let mut registry = aws.simulation().iam.write();
        let account = registry.account_mut(ACCOUNT).unwrap();
        let role = account.remove_role("Reader").unwrap();
        account.put_role(role.with_id("AROAMADEANEW0000000001"));
    }
    send(&aws, &keys, |_| {})
        .await
        .refused(403, "InvalidClientTokenId", INVALID);
}

#[actix_web::test]
async fn tokens_of_the_global_endpoint_are_not_valid_in_opt_in_regions() {
    let aws = Aws::start();
    let host = "sts.amazonaws.com";
    let call = ("GetSessionToken", &[][..]);
    let keys = aws
        .call_host(host, "us-east-1", &Aws::broker(), call)
        .await
        .keys();
    let who = ("GetCallerIdentity", &[][..]);
    let opt_in = "sts.af-south-1.amazonaws.com";
    let reply = aws.call_host(opt_in, "af-south-1", &keys, who).await;
    reply.refused(403, "InvalidClientTokenId", INVALID);
    assert_eq!(aws.call(&keys, "GetCallerIdentity", &[]).await.status, 200);
    {
        let mut registry = aws.simulation().iam.write();
        registry
            .account_mut(ACCOUNT)
            .unwrap()
            .global_tokens_everywhere = true;
    }
    assert_eq!(
        aws.call_host(opt_in, "af-south-1", &keys, who).await.status,
        200
    );
}

#[actix_web::test]
async fn no_single_changed_letter_of_a_signature_is_believed() {
    let aws = Aws::start();
    let host = aws.server.address().to_string();
    let signed = Signed {
        method: "POST",
        host: &host,
        path: PATH,
        query: "",
        body: BODY,
        region: "eu-west-1",
        service: "sts",
        time: aws.simulation().clock.now(),
    };
    let headers = signed.headers(&Aws::broker());
    let (_, honest) = headers.last().unwrap();
    for at in 0..honest.len() {
        let mut changed = honest.clone().into_bytes();
        changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
        let mut headers = headers.clone();
        headers.last_mut().unwrap().1 = String::from_utf8(changed).unwrap();
        let reply = aws.post(PATH, BODY, &headers).await;
        assert!(
            matches!(reply.status, 400 | 403),
            "{} at {at}",
            reply.status
        );
    }
}
