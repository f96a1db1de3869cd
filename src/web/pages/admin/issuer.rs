//! The issuer's addresses and keys, each key with what to do next.

use askama::Template;

use super::{AdminFrame, Standing, moment};
use crate::admin::{IssuerView, KeyView, Pressing};
use crate::web::pages::Frame;
use crate::web::texts::IssuerTexts;

/// The page.
#[derive(Debug, Template)]
#[template(path = "admin/issuer.html")]
pub(in crate::web) struct IssuerPage<'a> {
    frame: Frame<'a>,
    admin: Standing<'a>,
    here: &'static str,
    issuer: &'a IssuerView,
    keys: Vec<KeyLine<'a>>,
}

/// A key in words.
#[derive(Debug)]
struct KeyLine<'a> {
    key: &'a KeyView,
    created: String,
    since: String,
    expires: Option<String>,
    pressing: Option<&'static str>,
}

impl<'a> IssuerPage<'a> {
    pub(in crate::web) fn new(
        AdminFrame { frame, admin }: AdminFrame<'a>,
        issuer: &'a IssuerView,
    ) -> Self {
        let t = &frame.t.issuer;
        Self {
            keys: issuer.keys.iter().map(|key| line(t, key)).collect(),
            frame,
            admin,
            here: "issuer",
            issuer,
        }
    }
}

fn line<'a>(t: &IssuerTexts, key: &'a KeyView) -> KeyLine<'a> {
    KeyLine {
        key,
        created: moment(key.created),
        since: moment(key.since),
        expires: key.expires.map(moment),
        pressing: key.pressing.map(|pressing| match pressing {
            Pressing::Soon => t.soon,
            Pressing::Urgent => t.urgent,
            Pressing::Ended => t.ended,
        }),
    }
}
