//! The parameters of STS: how long and of which letters each may be.
//!
//! Follows the STS service model of 2011-06-15.

pub(super) use crate::aws::query::{ARN, Shape, TAG_KEY, TAG_VALUE, Text, fits};
use crate::aws::query::{POLICY_LETTERS, letters};

letters!(NAME, r"[\w+=,.@-]*", r"\A[A-Za-z0-9_+=,.@-]*\z");
letters!(
    EXTERNAL_ID_LETTERS,
    r"[\w+=,.@:\/-]*",
    r"\A[A-Za-z0-9_+=,.@:/-]*\z"
);
letters!(SERIAL, r"[\w+=/:,.@-]*", r"\A[A-Za-z0-9_+=/:,.@-]*\z");
letters!(DIGITS, r"[\d]*", r"\A[0-9]*\z");

pub(super) static SESSION_NAME: Text = Text::new(2, 64, &NAME);
pub(super) static FEDERATED_NAME: Text = Text::new(2, 32, &NAME);
pub(super) static EXTERNAL_ID: Text = Text::new(2, 1224, &EXTERNAL_ID_LETTERS);
pub(super) static SERIAL_NUMBER: Text = Text::new(9, 256, &SERIAL);
pub(super) static TOKEN_CODE: Text = Text::new(6, 6, &DIGITS);
pub(super) static POLICY: Text = Text::new(1, 2048, POLICY_LETTERS);
pub(super) static SAML_ASSERTION: Text = Text::any(4, 100_000);
pub(super) static WEB_IDENTITY_TOKEN: Text = Text::any(4, 20_000);
pub(super) static PROVIDER_ID: Text = Text::any(4, 2048);
