//! The audit key's file: made once, for its owner alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::world::Folder;
use crate::random::SystemRandom;
use crate::store::Error;
use crate::store::audit_key::{load, load_or_create};

#[test]
fn the_key_is_made_at_the_first_start_for_its_owner_alone_and_kept() {
    let folder = Folder::new();
    let path = folder.0.join("audit-key");
    assert!(load(&path).expect("an answer").is_none());
    load_or_create(&path, &SystemRandom).expect("made");
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = fs::read_to_string(&path).expect("a key");
    assert_eq!(first.trim_end().len(), 43);
    load_or_create(&path, &SystemRandom).expect("read");
    assert_eq!(fs::read_to_string(&path).expect("a key"), first);
    assert_eq!(
        fs::read_dir(&folder.0).expect("the folder").count(),
        1,
        "no draft is left behind"
    );
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let folder = Folder::new();
    let path = folder.0.join("audit-key");
    load_or_create(&path, &SystemRandom).expect("made");
    for mode in [0o640, 0o604, 0o620, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("permissions");
        let refused = load_or_create(&path, &SystemRandom).expect_err("readable by others");
        assert!(
            matches!(
                refused,
                Error::Key {
                    what: "audit key",
                    ..
                }
            ),
            "{mode:o}"
        );
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("permissions");
    load_or_create(&path, &SystemRandom).expect("read-only is fine");
}

#[test]
fn a_file_that_is_no_key_is_refused_and_not_overwritten() {
    let folder = Folder::new();
    let path = folder.0.join("audit-key");
    for content in [
        &b""[..],
        b"short",
        b"\xff\xfe",
        &[b'A'; 44],
        &vec![b'A'; 100_000],
    ] {
        fs::write(&path, content).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
        let refused = load_or_create(&path, &SystemRandom).expect_err("no key");
        assert!(matches!(
            refused,
            Error::Key {
                what: "audit key",
                ..
            }
        ));
        assert_eq!(fs::read(&path).expect("the file"), content);
    }
    assert!(load(&folder.0).is_err(), "a folder is no key");
    assert!(load_or_create(&folder.0.join("no/such/folder"), &SystemRandom).is_err());
}

#[test]
fn of_many_who_start_at_once_all_get_the_same_key() {
    let folder = Folder::new();
    let path = folder.0.join("audit-key");
    let keys: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                scope.spawn(|| {
                    let key = load_or_create(&path, &SystemRandom).expect("a key");
                    format!("{:?}", aws_lc_rs::hmac::sign(&key.hmac(), b"x"))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|t| t.join().expect("no panic"))
            .collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}
