//! An honest response with any one letter changed is the same response or none.

use crate::saml::{assume, world};
use crate::support::saml::{Level, Message};

#[actix_web::test]
async fn no_single_changed_letter_makes_another_session() {
    let aws = world();
    let honest = Message {
        level: Level::Both,
        ..Message::honest()
    }
    .signed();
    let expected = described(&assume(&aws, &honest, &[]).await.body);
    assert!(expected.contains("<Subject>ada</Subject>"), "{expected}");
    let letters: Vec<(usize, char)> = honest.char_indices().collect();
    let mut refused = 0;
    for (at, letter) in letters.into_iter().step_by(13) {
        let other = match letter {
            'A' => 'B',
            '0'..='8' => '9',
            '<' => '>',
            _ => 'A',
        };
        let mut changed = honest.clone();
        changed.replace_range(at..at + letter.len_utf8(), &other.to_string());
        let reply = assume(&aws, &changed, &[]).await;
        match reply.status {
            200 => assert_eq!(described(&reply.body), expected, "at {at}"),
            400 | 403 => refused += 1,
            other => panic!("{other} at {at}: {}", reply.body),
        }
    }
    assert!(refused > 200, "{refused}");
}

/// What an answer says of the person, without the credentials.
fn described(body: &str) -> String {
    let (_, rest) = body.split_once("</Credentials>").unwrap_or_default();
    rest.split_once("<SessionTokenSize>")
        .map_or(rest, |(user, _)| user)
        .to_owned()
        + rest
            .split_once("</SessionTokenUtilization>")
            .map_or("", |(_, rest)| {
                rest.split_once("<ResponseMetadata>")
                    .map_or(rest, |(said, _)| said)
            })
}
