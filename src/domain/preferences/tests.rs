//! What people like to find again: kept in order, weighed by use, bounded.

use super::*;

fn key(number: usize) -> LastingKey {
    LastingKey::parse(&format!("111122223333/Role{number}")).unwrap()
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + Duration::minutes(minutes)
}

#[test]
fn a_role_is_remembered_by_its_account_s_digits() {
    assert_eq!(key(1).to_string(), "111122223333/Role1");
    for text in [
        "",
        "payments-prod/Role",
        "111122223333",
        "111122223333/",
        "1/Role",
        "111122223333/a/b",
    ] {
        assert_eq!(LastingKey::parse(text), Err(LastingKeyError), "{text}");
    }
}

#[test]
fn favourites_keep_their_order_and_have_an_end() {
    let mut mine = Preferences::default();
    for number in 0..MOST_FAVOURITES {
        mine.set_favourite(&key(number), true).unwrap();
    }
    let most = MOST_FAVOURITES;
    assert_eq!(mine.set_favourite(&key(999), true), Err(TooMany { most }));
    assert_eq!(mine.set_favourite(&key(7), true), Ok(()));
    assert_eq!(mine.favourites()[7], key(7));
    mine.set_favourite(&key(7), false).unwrap();
    mine.set_favourite(&key(7), false).unwrap();
    assert!(!mine.is_favourite(&key(7)));
    mine.set_favourite(&key(7), true).unwrap();
    assert_eq!(mine.favourites().last(), Some(&key(7)));
}

#[test]
fn many_and_new_uses_weigh_more() {
    let mut mine = Preferences::default();
    let day = 24 * 60;
    for times in 0..5 {
        assert!(mine.note_use(&key(1), at(times * 60)));
    }
    mine.note_use(&key(2), at(5 * 60));
    let weights = |now| (mine.weight(&key(1), at(now)), mine.weight(&key(2), at(now)));
    let (often, once) = weights(6 * 60);
    assert!(often > once && once > 0, "{often} {once}");
    let (_, later) = weights(5 * 60 + 10 * day);
    assert_eq!(later, 500);
    assert_eq!(mine.weight(&key(3), at(0)), 0);
    assert_eq!(mine.weight(&key(1), at(100_000 * day)), 0);
    // a clock that went back weighs nothing less and nothing more
    assert_eq!(mine.weight(&key(2), at(-day)), 1_000);
    assert!(mine.recents().eq([&key(2), &key(1)]));
}

#[test]
fn weights_never_rise_with_time() {
    for weight in [0, 1, 999, 1_000, HEAVIEST] {
        let mut before = u32::MAX;
        for hours in 0..2_000 {
            let now = faded(weight, Duration::hours(hours));
            assert!(now <= before, "{weight} after {hours} hours");
            before = now;
        }
    }
}

#[test]
fn the_same_use_again_at_once_is_not_worth_writing() {
    let mut mine = Preferences::default();
    assert!(mine.note_use(&key(1), at(0)));
    assert!(!mine.note_use(&key(1), at(9)));
    assert!(mine.note_use(&key(1), at(10)));
    assert!(mine.note_use(&key(2), at(11)));
    assert!(mine.note_use(&key(1), at(12)));
}

#[test]
fn an_opening_is_kept_until_it_says_nothing() {
    let mut mine = Preferences::default();
    let hours = |hours| Opening {
        hours: Some(hours),
        ..Opening::default()
    };
    mine.set_opening(&key(1), hours(1)).unwrap();
    mine.set_opening(&key(1), hours(2)).unwrap();
    assert_eq!(mine.opening(&key(1)), Some(&hours(2)));
    mine.set_opening(&key(1), Opening::default()).unwrap();
    assert_eq!(mine.opening(&key(1)), None);
    for number in 0..MOST_OPENINGS {
        mine.set_opening(&key(number), hours(1)).unwrap();
    }
    assert!(mine.set_opening(&key(999), hours(1)).is_err());
    assert!(mine.set_opening(&key(0), hours(3)).is_ok());
}

/// The fullest document that can come about.
fn fullest() -> Preferences {
    let long = |number: usize| {
        let name = format!("{number:064}");
        LastingKey::parse(&format!("111122223333/{name}")).unwrap()
    };
    let mut mine = Preferences {
        region: Region::parse("us-gov-west-1").ok(),
        consoles: Some(Consoles::Replace),
        ..Preferences::default()
    };
    for number in 0..MOST_FAVOURITES.max(MOST_USES) {
        mine.set_favourite(&long(number), true).unwrap();
        mine.note_use(&long(number), at(0));
    }
    for number in 0..MOST_OPENINGS {
        let opening = Opening {
            destination: Some("\"".repeat(2_048)),
            region: Region::parse("us-gov-west-1").ok(),
            hours: Some(36),
            scope: ScopeName::parse(&"s".repeat(64)).ok(),
        };
        mine.set_opening(&long(number), opening).unwrap();
    }
    mine
}

#[test]
fn what_is_written_is_read_back_and_the_fullest_document_can_be_stored() {
    let full = fullest();
    let text = full.write().unwrap();
    assert_eq!(Preferences::read(&text).unwrap(), full);
    assert!(text.len() <= LARGEST, "{}", text.len());
    assert_eq!(Preferences::read("{}").unwrap(), Preferences::default());
    // what a later version may add is no reason to lose the rest
    let later = r#"{"favourites":["111122223333/Role1"],"theme":"dark"}"#;
    assert!(Preferences::read(later).unwrap().is_favourite(&key(1)));
    assert!(Preferences::read(r#"{"favourites":["x"]}"#).is_err());
}

#[test]
fn the_words_for_consoles_are_read_back() {
    for choice in [Consoles::Add, Consoles::Replace] {
        assert_eq!(Consoles::parse(choice.word()), Some(choice));
    }
    for word in ["", "Add", "both", "add "] {
        assert_eq!(Consoles::parse(word), None, "{word}");
    }
}
