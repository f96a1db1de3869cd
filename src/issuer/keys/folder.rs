//! The folder of keys: `keys.toml` and one PEM file for each key, readable by their owner alone.
//!
//! Reading finds everything that is wrong at once. Changing goes under a lock, writes files whole and renames them;
//! nothing is ever overwritten but the list.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use chrono::Duration;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use zeroize::Zeroizing;

use super::certificate::{self, Wish};
use super::files::{
    block, io, number, private, private_folder, read_bytes, refuse_open, write, write_new,
};
use super::manifest::{Entry, Manifest, is_id};
use super::signer::LocalKey;
use super::{Algorithm, Certificate, Key, KeyProblem, KeyProblems, Ring, State, Use};
use crate::domain::Timestamp;
use crate::random::{self, Random};

const LIST: &str = "keys.toml";
/// A certificate begins a little before it is made: clocks differ.
const BEFORE: Duration = Duration::hours(1);

/// The folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

/// What tells one writing of the list from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp(Option<(SystemTime, u64, u64)>);

/// A key to be made.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// What for.
    pub purpose: Use,
    /// How it signs.
    pub algorithm: Algorithm,
    /// For how many days its certificate is valid.
    pub days: u32,
}

impl Folder {
    /// The folder at a path; it need not exist.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What the list is at this moment.
    pub fn stamp(&self) -> Stamp {
        let about = fs::metadata(self.0.join(LIST)).ok();
        Stamp(about.and_then(|about| Some((about.modified().ok()?, about.len(), number(&about)))))
    }

    /// All keys; none when there is no folder or no list.
    pub fn read(&self) -> Result<Ring, KeyProblems> {
        let manifest = self.manifest()?;
        let mut problems = Vec::new();
        let mut keys = Vec::new();
        for entry in &manifest.keys {
            match self.key(entry) {
                Ok(key) => keys.push(Arc::new(key)),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(Ring(keys))
        } else {
            Err(KeyProblems(problems))
        }
    }

    /// Makes a key, as the next one of its use.
    pub fn add(
        &self,
        order: Order,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<String, KeyProblem> {
        let Order {
            purpose, algorithm, ..
        } = order;
        if purpose == Use::Saml && algorithm != Algorithm::Rs256 {
            let message = "keys for SAML are RS256: AWS is known to take no other";
            return Err(KeyProblem::Refused(message.to_owned()));
        }
        self.make_folder()?;
        self.change(|manifest| {
            if let Some(entry) = manifest.with(purpose, State::Next).next() {
                return Err(KeyProblem::Refused(format!(
                    "{} is the next key for {} already: promote or remove it first",
                    entry.id,
                    purpose.word()
                )));
            }
            let id = format!(
                "{}-{}-{}",
                purpose.word(),
                now.format("%Y%m%d"),
                random::hex::<4>(random)
            );
            let path = self.file(&id);
            let pem = pem(&id, order, &path, (now, random::bytes(random)))?;
            write_new(&path, &pem)?;
            manifest.keys.push(Entry {
                id: id.clone(),
                purpose,
                algorithm,
                state: State::Next,
                created: now,
                since: now,
            });
            Ok(id)
        })
    }

    /// The next key becomes the current one, and the current one retires. The ids of both.
    pub fn promote(
        &self,
        purpose: Use,
        now: Timestamp,
    ) -> Result<(String, Option<String>), KeyProblem> {
        self.change(|manifest| {
            let word = purpose.word();
            let Some(next) = manifest.with(purpose, State::Next).next() else {
                return Err(KeyProblem::Refused(format!(
                    "there is no next key for {word}: vestibule issuer keys new --use {word}"
                )));
            };
            let next = next.id.clone();
            let mut retired = None;
            for entry in manifest.keys.iter_mut().filter(|e| e.purpose == purpose) {
                match entry.state {
                    State::Next => (entry.state, entry.since) = (State::Current, now),
                    State::Current => {
                        (entry.state, entry.since) = (State::Retired, now);
                        retired = Some(entry.id.clone());
                    }
                    State::Retired => {}
                }
            }
            Ok((next, retired))
        })
    }

    /// A key signs no more, without another in its place.
    pub fn retire(&self, id: &str, now: Timestamp) -> Result<(), KeyProblem> {
        self.change(|manifest| {
            let entry = find(manifest, id)?;
            if entry.state == State::Retired {
                return Err(KeyProblem::Refused(format!("{id} has retired already")));
            }
            (entry.state, entry.since) = (State::Retired, now);
            Ok(())
        })
    }

    /// A key goes from the list, and its file after it.
    pub fn remove(&self, id: &str) -> Result<(), KeyProblem> {
        self.change(|manifest| {
            if find(manifest, id)?.state == State::Current {
                return Err(KeyProblem::Refused(format!(
                    "{id} is the current key: promote another, or retire it first"
                )));
            }
            manifest.keys.retain(|entry| entry.id != id);
            Ok(())
        })?;
        let path = self.file(id);
        fs::remove_file(&path).map_err(io(&path, "it is off the list, and could not be deleted"))
    }

    fn file(&self, id: &str) -> PathBuf {
        self.0.join(format!("{id}.pem"))
    }

    fn manifest(&self) -> Result<Manifest, KeyProblem> {
        let path = self.0.join(LIST);
        if !path.exists() {
            return Ok(Manifest::default());
        }
        for path in [&self.0, &path] {
            refuse_open(path, 0o022, ("others may change", "who signs", "go-w"))?;
        }
        let bytes = read_bytes(&path)?;
        let message = |message: String| KeyProblem::List {
            path: path.clone(),
            message,
        };
        let text = std::str::from_utf8(&bytes).map_err(|_| message("is not UTF-8".to_owned()))?;
        Manifest::parse(text).map_err(message)
    }

    fn key(&self, entry: &Entry) -> Result<Key, KeyProblem> {
        let path = self.file(&entry.id);
        let bytes = read_bytes(&path)?;
        refuse_open(&path, 0o077, ("others may", "read the private key", "600"))?;
        let wrong = |what| KeyProblem::File {
            path: path.clone(),
            what,
        };
        let private = PrivatePkcs8KeyDer::from_pem_slice(&bytes)
            .map_err(|_| wrong("holds no private key (PKCS#8 in PEM)"))?;
        let private = Zeroizing::new(private.secret_pkcs8_der().to_vec());
        let bad = |bad| KeyProblem::Key {
            path: path.clone(),
            bad,
        };
        let local = LocalKey::from_pkcs8(entry.algorithm, &private).map_err(bad)?;
        let public = local.public().map_err(bad)?;
        let certificate = match entry.purpose {
            Use::Oidc => None,
            Use::Saml => {
                let der = CertificateDer::from_pem_slice(&bytes)
                    .map_err(|_| wrong("holds no certificate"))?;
                let read = certificate::read(&der)
                    .ok()
                    .filter(|read| read.public == public)
                    .ok_or_else(|| wrong("holds a certificate that is not around its key"))?;
                Some(Certificate {
                    der: der.to_vec(),
                    until: read.until,
                })
            }
        };
        Ok(Key {
            id: entry.id.clone(),
            purpose: entry.purpose,
            algorithm: entry.algorithm,
            state: entry.state,
            created: entry.created,
            since: entry.since,
            public,
            certificate,
            signer: Arc::new(local),
        })
    }

    /// Changes the list under a lock, and replaces it whole.
    fn change<T>(
        &self,
        change: impl FnOnce(&mut Manifest) -> Result<T, KeyProblem>,
    ) -> Result<T, KeyProblem> {
        let lock_path = self.0.join("lock");
        let lock = private(&lock_path, false).map_err(io(&lock_path, "cannot be opened"))?;
        lock.lock().map_err(io(&lock_path, "cannot be locked"))?;
        let mut manifest = self.manifest()?;
        let done = change(&mut manifest)?;
        let path = self.0.join(LIST);
        let text = manifest.to_text().map_err(|error| KeyProblem::List {
            path: path.clone(),
            message: error.to_string(),
        })?;
        write(&path, &text)?;
        Ok(done)
    }

    fn make_folder(&self) -> Result<(), KeyProblem> {
        if self.0.is_dir() {
            return Ok(());
        }
        private_folder(&self.0).map_err(io(&self.0, "the folder cannot be made"))
    }
}

fn find<'m>(manifest: &'m mut Manifest, id: &str) -> Result<&'m mut Entry, KeyProblem> {
    let entry = manifest
        .keys
        .iter_mut()
        .find(|entry| is_id(id) && entry.id == id);
    entry.ok_or_else(|| KeyProblem::Refused("there is no key of that id".to_owned()))
}

/// A new private key in PEM, with its certificate where it needs one.
fn pem(
    id: &str,
    order: Order,
    path: &Path,
    (now, serial): (Timestamp, [u8; 16]),
) -> Result<Zeroizing<String>, KeyProblem> {
    let bad = |bad| KeyProblem::Key {
        path: path.to_owned(),
        bad,
    };
    let key = LocalKey::generate(order.algorithm).map_err(bad)?;
    let private = key.to_pkcs8().map_err(bad)?;
    // room for all of it, so that no copy is left behind in growing
    let mut text = Zeroizing::new(String::with_capacity(16 * 1024));
    block(&mut text, "PRIVATE KEY", &private);
    if order.purpose == Use::Saml {
        let wish = Wish {
            name: id,
            serial,
            from: now - BEFORE,
            until: now + Duration::days(order.days.into()),
        };
        let public = key.public().map_err(bad)?;
        let der =
            certificate::make(&key, &public, &wish).map_err(|source| KeyProblem::Certificate {
                path: path.to_owned(),
                source,
            })?;
        block(&mut text, "CERTIFICATE", &der);
    }
    Ok(text)
}
