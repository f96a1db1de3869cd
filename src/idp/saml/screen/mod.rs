//! The screen: what a response must look like before any cryptography runs.
//!
//! At most 1 MB of strict base64 of plain UTF-8; one `Response`; one `Assertion`, its direct child; signatures only
//! as direct children of these two, each with one `Reference` to its parent's unique id, exclusive
//! canonicalisation, and SHA-2 with RSA PKCS#1 v1.5 or ECDSA. Everything else is refused by [`super::xml`] already.
//! What it reads on the way is unsigned: it may lead to a refusal and to nothing else.

mod envelope;
mod shape;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Error;
use super::xml::{Element, Step, Walker};

pub(super) use envelope::Envelope;
pub(super) use shape::{Digest, Holder, Signature};

use shape::Shapes;

/// A response may be this large, decoded.
pub(super) const MAX_RESPONSE: usize = 1_048_576;
/// Base64 of [`MAX_RESPONSE`] bytes in lines of 64, with room to spare.
const MAX_ENCODED: usize = MAX_RESPONSE / 3 * 4 * 33 / 32 + 64;
/// All attributes together may have this many values.
const MAX_VALUES: usize = 5_000;

/// A response that has passed.
pub(super) struct Screened {
    /// The document.
    pub(super) xml: String,
    /// Its base64 without line ends.
    pub(super) base64: String,
    /// What the envelope says, unsigned for all we know.
    pub(super) envelope: Envelope,
    /// One or two signatures: the response's, if any, first.
    pub(super) signatures: Vec<Signature>,
}

/// Screens the value of the form field `SAMLResponse`.
pub(super) fn screen(field: &str) -> Result<Screened, Error> {
    let (base64, xml) = decode(field)?;
    let (envelope, signatures) = inspect(&xml)?;
    Ok(Screened {
        xml,
        base64,
        envelope,
        signatures,
    })
}

fn decode(field: &str) -> Result<(String, String), Error> {
    if field.len() > MAX_ENCODED {
        return Err(Error::TooLarge);
    }
    let base64: String = field
        .split(['\r', '\n'])
        .filter(|line| !line.is_empty())
        .collect();
    let bytes = STANDARD.decode(&base64).map_err(|_| Error::NotBase64)?;
    if bytes.len() > MAX_RESPONSE {
        return Err(Error::TooLarge);
    }
    let xml = String::from_utf8(bytes).map_err(|_| Error::Encoding("the bytes"))?;
    Ok((base64, xml))
}

fn inspect(xml: &str) -> Result<(Envelope, Vec<Signature>), Error> {
    let mut walker = Walker::new(xml, Element::Response)?;
    let mut envelope = Envelope::default();
    let mut shapes = Shapes::default();
    let mut assertions = 0_usize;
    let mut values = 0_usize;
    loop {
        match walker.next()? {
            Step::Open(element) => {
                match element {
                    Element::EncryptedAssertion
                    | Element::EncryptedId
                    | Element::EncryptedAttribute => {
                        return Err(Error::Encrypted);
                    }
                    Element::Assertion => assertions += 1,
                    Element::AttributeValue => values += 1,
                    _ => {}
                }
                envelope.open(element, &walker)?;
                shapes.open(element, &walker)?;
            }
            Step::Text(text) => {
                envelope.text(&text, &walker);
                shapes.text(&text, &walker);
            }
            Step::Close(element) => shapes.close(element)?,
            Step::End => break,
        }
    }
    if values > MAX_VALUES {
        return Err(Error::Attributes("too many values"));
    }
    envelope.check_status()?;
    if assertions == 0 {
        return Err(Error::Structure("no assertion"));
    }
    Ok((envelope, shapes.finish()?))
}

#[cfg(test)]
mod tests;
