//! Virtual MFA devices: time-based codes, each good for one use.
//!
//! Follows RFC 6238 with SHA-1, six digits and steps of thirty seconds, as virtual devices do, and
//! takes the code of the step before and after too.

use std::fmt;

use aws_lc_rs::hmac;

use super::identity::{Identity, Who};
use super::query::QueryError;
use super::simulation::Simulation;
use super::tokens::Principal;

const STEP: i64 = 30;

/// A virtual MFA device of an IAM user.
#[derive(Clone)]
pub struct MfaDevice {
    /// Its serial number, an ARN.
    pub serial: String,
    seed: Vec<u8>,
    last_step: i64,
}

impl MfaDevice {
    /// A device with this serial number and seed.
    pub fn new(serial: &str, seed: &[u8]) -> Self {
        Self {
            serial: serial.to_owned(),
            seed: seed.to_vec(),
            last_step: i64::MIN,
        }
    }

    /// The code it shows at a time, in seconds since 1970.
    pub fn code_at(&self, seconds: i64) -> String {
        let step = seconds.div_euclid(STEP);
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.seed);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let bytes = tag.as_ref();
        let offset = bytes.last().map_or(0, |last| usize::from(last & 0x0f));
        let number = bytes
            .iter()
            .skip(offset)
            .take(4)
            .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
    }

    /// Takes two codes that follow on one another and are right now, as registering a device asks.
    pub(super) fn redeem_pair(&mut self, (first, second): (&str, &str), now: i64) -> bool {
        let step = now.div_euclid(STEP);
        let pair = (step - 2..=step + 1).find(|step| {
            self.code_at(step * STEP) == first && self.code_at((step + 1) * STEP) == second
        });
        if let Some(step) = pair {
            self.last_step = step + 1;
        }
        pair.is_some()
    }

    /// Its seed, as a person types it into an authenticator.
    pub(super) fn base32_seed(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = String::new();
        for chunk in self.seed.chunks(5) {
            let mut block = [0_u8; 8];
            block[3..3 + chunk.len()].copy_from_slice(chunk);
            let bits = u64::from_be_bytes(block);
            let letters = (chunk.len() * 8).div_ceil(5);
            for letter in 0..letters {
                let index = (bits >> (35 - 5 * letter)) & 31;
                text.push(char::from(ALPHABET[usize::try_from(index).unwrap_or(0)]));
            }
        }
        text
    }

    /// Takes a code that is right now, unless its step or a later one was used before.
    fn redeem(&mut self, code: &str, now: i64) -> bool {
        let step = now.div_euclid(STEP);
        let found = (step - 1..=step + 1)
            .filter(|step| *step > self.last_step)
            .find(|step| self.code_at(step * STEP) == code);
        if let Some(step) = found {
            self.last_step = step;
        }
        found.is_some()
    }
}

impl fmt::Debug for MfaDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MfaDevice")
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

/// Whether MFA was given, or AWS's reason for refusing what was.
pub(super) fn check(
    simulation: &Simulation,
    identity: &Identity,
    serial: Option<&str>,
    code: Option<&str>,
) -> Result<bool, QueryError> {
    let refused = |why: &str| {
        let message = format!("MultiFactorAuthentication failed{why}");
        QueryError::new(403, "AccessDenied", message)
    };
    let (serial, code) = match (serial, code) {
        (None, None) => return Ok(false),
        (Some(serial), Some(code)) => (serial, code),
        _ => {
            return Err(refused(
                ", must provide both MFA serial number and one time pass code.",
            ));
        }
    };
    let unknown = || {
        refused(
            ", unable to validate MFA code.  Please verify your MFA serial number is valid and \
             associated with this user.",
        )
    };
    let name = match &identity.who {
        Who::User { name, .. } => Some(name),
        Who::Session(session) => match &session.principal {
            Principal::User { user, .. } => user.as_ref(),
            _ => None,
        },
        Who::Root => None,
    };
    let name = name.ok_or_else(unknown)?.clone();
    let mut registry = simulation.iam.write();
    let user = registry
        .account_mut(&identity.account)
        .and_then(|one| one.users.get_mut(&name));
    let device = user
        .and_then(|user| user.mfa.as_mut())
        .filter(|device| device.serial == serial);
    let device = device.ok_or_else(unknown)?;
    if !device.redeem(code, simulation.clock.now().timestamp()) {
        return Err(refused(" with invalid MFA one time pass code. "));
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::MfaDevice;

    #[test]
    fn codes_are_those_of_the_standard_s_own_examples() {
        let device = MfaDevice::new("arn:aws:iam::111122223333:mfa/ada", b"12345678901234567890");
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(device.code_at(seconds), code);
        }
    }

    #[test]
    fn the_seed_is_written_as_the_standard_writes_it() {
        let seed = |bytes: &[u8]| MfaDevice::new("serial", bytes).base32_seed();
        assert_eq!(seed(b"fooba"), "MZXW6YTB");
        assert_eq!(seed(b"foo"), "MZXW6");
        assert_eq!(seed(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn two_codes_that_follow_on_one_another_register_a_device_and_are_spent() {
        let mut device = MfaDevice::new("serial", b"12345678901234567890");
        let [first, second, third] = [0, 30, 60].map(|at| device.code_at(at));
        assert!(!device.redeem_pair((&second, &first), 30));
        assert!(!device.redeem_pair((&first, &third), 30));
        assert!(device.redeem_pair((&first, &second), 30));
        assert!(!device.redeem(&second, 30));
        assert!(device.redeem(&third, 60));
    }

    #[test]
    fn a_code_is_good_for_one_use() {
        let mut device =
            MfaDevice::new("arn:aws:iam::111122223333:mfa/ada", b"12345678901234567890");
        assert!(!device.redeem("000000", 59));
        assert!(device.redeem("287082", 59));
        assert!(!device.redeem("287082", 59));
    }
}
