//! The policy language, from outside: operators and whole documents.

mod documents;
mod operators;

use super::Context;

fn context() -> Context {
    let mut context = Context::new();
    context.set("aws:PrincipalTag/Team", "payments");
    context.set("aws:SourceIp", "192.0.2.77");
    context.set("aws:CurrentTime", "2026-11-22T12:00:00Z");
    context.set("aws:EpochTime", "1795348800");
    context.set("aws:MultiFactorAuthPresent", "false");
    context.set(
        "aws:PrincipalArn",
        "arn:aws:iam::111122223333:role/team/Reader",
    );
    context.set("s3:max-keys", "10");
    context.set_many("aws:TagKeys", vec!["team".to_owned(), "cost".to_owned()]);
    context
}
