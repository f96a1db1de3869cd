//! The parameters of IAM: how long and of which letters each may be.
//!
//! Follows the IAM service model of 2010-05-08.

pub(super) use crate::aws::query::{ARN, TAG_KEY, TAG_VALUE, Text};
use crate::aws::query::{POLICY_LETTERS, letters};

letters!(NAME_LETTERS, r"[\w+=,.@-]+", r"\A[A-Za-z0-9_+=,.@-]+\z");
letters!(PROVIDER_LETTERS, r"[\w._-]+", r"\A[A-Za-z0-9_.-]+\z");
letters!(
    PATH_LETTERS,
    r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)",
    r"\A(/|/[\x21-\x7E]+/)\z"
);
letters!(
    POLICY_PATH_LETTERS,
    r"((/[A-Za-z0-9\.,\+@=_-]+)*)/",
    r"\A(/[A-Za-z0-9.,+@=_-]+)*/\z"
);
letters!(
    PREFIX_LETTERS,
    r"\u002F[\u0021-\u007F]*",
    r"\A/[\x21-\x7F]*\z"
);
letters!(
    DESCRIPTION_LETTERS,
    r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*",
    r"\A[\x{9}\x{A}\x{D}\x{20}-\x{7E}\x{A1}-\x{FF}]*\z"
);
letters!(MARKER_LETTERS, r"[\u0020-\u00FF]+", r"\A[\x{20}-\x{FF}]+\z");
letters!(KEY_LETTERS, r"[\w]+", r"\A[A-Za-z0-9_]+\z");
letters!(DIGITS, r"[\d]+", r"\A[0-9]+\z");
letters!(
    SERIAL_LETTERS,
    r"[\w+=/:,.@-]+",
    r"\A[A-Za-z0-9_+=/:,.@-]+\z"
);
letters!(
    ALIAS_LETTERS,
    r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$",
    r"\A[a-z0-9](-?[a-z0-9])+\z"
);
letters!(
    VERSION_LETTERS,
    r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?",
    r"\Av[1-9][0-9]*(\.[A-Za-z0-9-]*)?\z"
);

pub(super) static ROLE_NAME: Text = Text::new(1, 64, &NAME_LETTERS);
pub(super) static USER_NAME: Text = Text::new(1, 64, &NAME_LETTERS);
pub(super) static POLICY_NAME: Text = Text::new(1, 128, &NAME_LETTERS);
pub(super) static DEVICE_NAME: Text = Text::new(1, 226, &NAME_LETTERS);
pub(super) static PROVIDER_NAME: Text = Text::new(1, 128, &PROVIDER_LETTERS);
pub(super) static PATH: Text = Text::new(1, 512, &PATH_LETTERS);
pub(super) static POLICY_PATH: Text = Text::new(1, 512, &POLICY_PATH_LETTERS);
pub(super) static PATH_PREFIX: Text = Text::new(1, 512, &PREFIX_LETTERS);
pub(super) static DOCUMENT: Text = Text::new(1, 131_072, POLICY_LETTERS);
pub(super) static DESCRIPTION: Text = Text::new(0, 1000, &DESCRIPTION_LETTERS);
pub(super) static MARKER: Text = Text::new(1, 320, &MARKER_LETTERS);
pub(super) static ACCESS_KEY: Text = Text::new(16, 128, &KEY_LETTERS);
pub(super) static CODE: Text = Text::new(6, 6, &DIGITS);
pub(super) static SERIAL: Text = Text::new(9, 256, &SERIAL_LETTERS);
pub(super) static ALIAS: Text = Text::new(3, 63, &ALIAS_LETTERS);
pub(super) static VERSION_ID: Text = Text::new(2, 64, &VERSION_LETTERS);
pub(super) static METADATA: Text = Text::any(1000, 10_000_000);
pub(super) static URL: Text = Text::any(1, 255);
pub(super) static CLIENT_ID: Text = Text::any(1, 255);
pub(super) static THUMBPRINT: Text = Text::any(40, 40);
