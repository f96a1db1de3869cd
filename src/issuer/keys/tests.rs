//! Keys from making to removing, and everything that is refused.

use std::os::unix::fs::PermissionsExt as _;

use x509_cert::der::Decode as _;

use super::*;
use crate::issuer::testing::{Scratch, now, order};
use crate::random::SystemRandom;

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn chmod(path: &std::path::Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn states(folder: &Folder, purpose: Use) -> Vec<State> {
    let ring = folder.read().unwrap();
    let of_use = ring.iter().filter(|key| key.purpose == purpose);
    of_use.map(|key| key.state).collect()
}

#[test]
fn a_key_goes_from_next_to_current_to_retired_and_away() {
    let scratch = Scratch::new();
    let folder = Folder::new(&scratch.0);
    assert_eq!(folder.read().unwrap().iter().count(), 0);
    let new = || {
        let order = order(Use::Oidc, Algorithm::Es256);
        folder.add(order, now(), &SystemRandom)
    };
    let first = new().unwrap();
    assert_eq!(states(&folder, Use::Oidc), [State::Next]);
    let again = new().unwrap_err().to_string();
    assert!(
        again.contains("is the next key for oidc already"),
        "{again}"
    );
    assert_eq!(
        folder.promote(Use::Oidc, now()).unwrap(),
        (first.clone(), None)
    );
    assert!(folder.promote(Use::Oidc, now()).is_err());
    let current = folder.remove(&first).unwrap_err().to_string();
    assert!(current.contains("is the current key"), "{current}");
    let second = new().unwrap();
    assert_eq!(states(&folder, Use::Oidc), [State::Current, State::Next]);
    let promoted = folder.promote(Use::Oidc, now()).unwrap();
    assert_eq!(promoted, (second.clone(), Some(first.clone())));
    assert_eq!(states(&folder, Use::Oidc), [State::Retired, State::Current]);
    folder.remove(&first).unwrap();
    assert!(!scratch.0.join(format!("{first}.pem")).exists());
    folder.retire(&second, now()).unwrap();
    assert!(folder.retire(&second, now()).is_err());
    assert_eq!(states(&folder, Use::Oidc), [State::Retired]);
    for nobody in ["nobody", "../x", ""] {
        assert!(folder.remove(nobody).is_err());
    }
}

#[test]
fn what_is_made_is_its_owners_alone_and_nothing_else_is_left() {
    let scratch = Scratch::new();
    let folder = Folder::new(&scratch.0);
    let order = order(Use::Oidc, Algorithm::Es256);
    let id = folder.add(order, now(), &SystemRandom).unwrap();
    assert_eq!(mode(&scratch.0), 0o700);
    let mut names: Vec<String> = std::fs::read_dir(&scratch.0)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "keys.toml".to_owned(),
            "lock".to_owned(),
            format!("{id}.pem")
        ]
    );
    for name in names {
        assert_eq!(mode(&scratch.0.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn keys_that_others_may_read_are_refused_by_name_all_at_once() {
    let scratch = Scratch::with_keys();
    let folder = Folder::new(&scratch.0);
    let ids: Vec<String> = folder
        .read()
        .unwrap()
        .iter()
        .map(|key| key.id.clone())
        .collect();
    assert_eq!(ids.len(), 2);
    for bits in [0o644, 0o640, 0o604, 0o620, 0o601] {
        for id in &ids {
            chmod(&scratch.0.join(format!("{id}.pem")), bits);
        }
        let problems = folder.read().unwrap_err().to_string();
        for id in &ids {
            let name = format!("{id}.pem: others may read the private key: chmod 600");
            assert!(problems.contains(&name), "{bits:o}: {problems}");
        }
    }
    for id in &ids {
        chmod(&scratch.0.join(format!("{id}.pem")), 0o400);
    }
    assert!(folder.read().is_ok());
    chmod(&scratch.0.join("keys.toml"), 0o666);
    let problems = folder.read().unwrap_err().to_string();
    assert!(
        problems.contains("keys.toml: others may change who signs"),
        "{problems}"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn a_list_or_a_file_that_is_not_right_is_named_without_a_word_of_it() {
    let scratch = Scratch::with_keys();
    let folder = Folder::new(&scratch.0);
    let ring = folder.read().unwrap();
    let (saml, oidc) = (
        ring.current(Use::Saml).unwrap().id.clone(),
        ring.current(Use::Oidc).unwrap().id.clone(),
    );
    let list = scratch.0.join("keys.toml");
    let good = std::fs::read_to_string(&list).unwrap();
    for (text, expected) in [
        (good.replace(&saml, "../etc/passwd"), "a key's id is"),
        (good.replace(&saml, &oidc), "stands twice"),
        (
            good.replace("state = \"current\"", "state = \"best\""),
            "unknown variant",
        ),
        (good.replace("created", "made"), "unknown field"),
        ("\u{0}".to_owned(), "keys.toml: "),
    ] {
        std::fs::write(&list, text).unwrap();
        let problems = folder.read().unwrap_err().to_string();
        assert!(problems.contains(expected), "{expected}: {problems}");
    }
    let both = good
        .replace(&oidc, "saml-x")
        .replace("use = \"oidc\"", "use = \"saml\"");
    std::fs::write(&list, both).unwrap();
    let problems = folder.read().unwrap_err().to_string();
    assert!(
        problems.contains("more than one key for saml is current"),
        "{problems}"
    );
    std::fs::write(&list, &good).unwrap();
    let file = scratch.0.join(format!("{saml}.pem"));
    let other = std::fs::read_to_string(scratch.0.join(format!("{oidc}.pem"))).unwrap();
    let pem = std::fs::read_to_string(&file).unwrap();
    let (private, certificate) = pem.split_once("-----BEGIN CERTIFICATE").unwrap();
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/saml/rsa.crt.pem"
    );
    let strange = std::fs::read_to_string(fixture).unwrap();
    for (text, expected) in [
        (other.as_str(), "not of the algorithm"),
        (private, "holds no certificate"),
        (
            &format!("-----BEGIN CERTIFICATE{certificate}"),
            "holds no private key",
        ),
        (&format!("{private}{strange}"), "not around its key"),
        ("", "holds no private key"),
    ] {
        std::fs::write(&file, text).unwrap();
        let problems = folder.read().unwrap_err().to_string();
        assert!(problems.contains(expected), "{expected}: {problems}");
        assert!(!problems.contains("BEGIN"), "{problems}");
    }
    std::fs::remove_file(&file).unwrap();
    let problems = folder.read().unwrap_err().to_string();
    assert!(
        problems.contains(&format!("{saml}.pem: cannot be read")),
        "{problems}"
    );
}

#[test]
fn a_certificate_is_one_that_iam_takes() {
    let scratch = Scratch::with_keys();
    let ring = Folder::new(&scratch.0).read().unwrap();
    let key = ring.current(Use::Saml).unwrap();
    assert!(key.public_bits().unwrap().len() > 3072 / 8);
    let made = key.certificate.as_ref().unwrap();
    let until = now() + Duration::days(3650);
    assert_eq!(made.until.timestamp(), until.timestamp());
    let read = x509_cert::Certificate::from_der(&made.der)
        .unwrap()
        .tbs_certificate;
    assert_eq!(read.issuer, read.subject);
    let mut extensions: Vec<_> = read.extensions.unwrap().iter().map(|e| e.extn_id).collect();
    let count = extensions.len();
    extensions.sort_unstable();
    extensions.dedup();
    assert_eq!(extensions.len(), count, "none is repeated");
    assert_eq!(read.serial_number.as_bytes().len(), 16);
}

#[tokio::test]
async fn a_key_signs_what_its_public_half_verifies_and_shows_nothing_of_itself() {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
        VerificationAlgorithm,
    };
    let scratch = Scratch::with_keys();
    let ring = Folder::new(&scratch.0).read().unwrap();
    let algorithms: [(Use, &'static dyn VerificationAlgorithm); 2] = [
        (Use::Saml, &RSA_PKCS1_2048_8192_SHA256),
        (Use::Oidc, &ECDSA_P256_SHA256_FIXED),
    ];
    for (purpose, algorithm) in algorithms {
        let key = ring.current(purpose).unwrap();
        let signature = key.signer.sign(b"who goes there").await.unwrap();
        UnparsedPublicKey::new(algorithm, key.public_bits().unwrap())
            .verify(b"who goes there", &signature)
            .unwrap();
        let shown = format!("{:?}", key.signer);
        assert_eq!(shown, "LocalKey(…)");
    }
}

#[test]
fn an_rsa_key_serves_id_tokens_and_no_curve_serves_saml() {
    let scratch = Scratch::new();
    let folder = Folder::new(&scratch.0);
    let curve = folder.add(order(Use::Saml, Algorithm::Es256), now(), &SystemRandom);
    assert!(curve.unwrap_err().to_string().contains("RS256"));
    let rsa = order(Use::Oidc, Algorithm::Rs256);
    folder.add(rsa, now(), &SystemRandom).unwrap();
    let ring = folder.read().unwrap();
    assert_eq!(ring.next(Use::Oidc).unwrap().algorithm, Algorithm::Rs256);
    assert!(ring.next(Use::Oidc).unwrap().expires().is_none());
}

#[test]
fn retired_keys_stay_in_the_key_set_for_a_day_and_never_in_the_metadata() {
    let scratch = Scratch::with_keys();
    let folder = Folder::new(&scratch.0);
    for purpose in [Use::Saml, Use::Oidc] {
        let id = folder.read().unwrap().current(purpose).unwrap().id.clone();
        folder.retire(&id, now()).unwrap();
    }
    let ring = folder.read().unwrap();
    let shown = |purpose, hours| ring.shown(purpose, now() + Duration::hours(hours)).len();
    assert_eq!(shown(Use::Oidc, 23), 1);
    assert_eq!(shown(Use::Oidc, 25), 0);
    assert_eq!(shown(Use::Saml, 0), 0);
}
