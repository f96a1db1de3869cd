//! The XML of Query answers.
//!
//! A small writer over a tree of elements; everything that came from outside is escaped, and
//! characters XML cannot hold become a replacement character.

use super::error::QueryError;
use crate::aws::http::Answer;

/// An element of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::aws) enum Element {
    Text(&'static str, String),
    Group(&'static str, Vec<Element>),
}

impl Element {
    pub(in crate::aws) fn text(name: &'static str, value: impl Into<String>) -> Self {
        Self::Text(name, value.into())
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Text(name, value) => write_text(out, name, value),
            Self::Group(name, children) => {
                out.extend(["<", name, ">"]);
                for child in children {
                    child.write(out);
                }
                out.extend(["</", name, ">"]);
            }
        }
    }
}

/// A successful answer of `action` in a service's namespace; some have no result.
pub(in crate::aws) fn success(
    namespace: &str,
    (action, result): (&str, &[Element]),
    request_id: &str,
) -> Answer {
    let mut body = format!("<{action}Response xmlns=\"{namespace}\">");
    if !result.is_empty() {
        body.extend(["<", action, "Result>"]);
        for element in result {
            element.write(&mut body);
        }
        body.extend(["</", action, "Result>"]);
    }
    body.push_str("<ResponseMetadata>");
    write_text(&mut body, "RequestId", request_id);
    body.push_str("</ResponseMetadata></");
    body.push_str(action);
    body.push_str("Response>");
    answer(200, body, request_id)
}

/// An error answer in a service's namespace.
pub(in crate::aws) fn failure(namespace: &str, error: &QueryError, request_id: &str) -> Answer {
    let mut body = format!("<ErrorResponse xmlns=\"{namespace}\"><Error>");
    write_text(
        &mut body,
        "Type",
        if error.status < 500 {
            "Sender"
        } else {
            "Receiver"
        },
    );
    write_text(&mut body, "Code", &error.code);
    write_text(&mut body, "Message", &error.message);
    body.push_str("</Error>");
    write_text(&mut body, "RequestId", request_id);
    body.push_str("</ErrorResponse>");
    answer(error.status, body, request_id)
}

fn answer(status: u16, body: String, request_id: &str) -> Answer {
    Answer::new(status, "text/xml", body).with_header("x-amzn-requestid", request_id)
}

fn write_text(out: &mut String, name: &str, value: &str) {
    out.extend(["<", name, ">"]);
    for letter in value.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(letter),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            letter if letter < ' ' => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
    out.extend(["</", name, ">"]);
}

#[cfg(test)]
mod tests {
    use super::{Element, failure, success};
    use crate::aws::query::QueryError;

    #[test]
    fn what_comes_from_outside_cannot_leave_its_element() {
        let error = QueryError::new(400, "ValidationError", "Value '</Message>&\u{0}\r' <b>");
        let body = String::from_utf8(failure("urn:x", &error, "id").body).unwrap();
        assert!(
            body.contains(
                "<Message>Value '&lt;/Message&gt;&amp;\u{fffd}&#13;' &lt;b&gt;</Message>"
            )
        );
    }

    #[test]
    fn a_result_stands_in_its_envelope() {
        let inner = Element::Group("User", vec![Element::text("Arn", "a")]);
        let answer = success("urn:x", ("GetThing", &[inner]), "id");
        let body = String::from_utf8(answer.body).unwrap();
        assert_eq!(
            body,
            "<GetThingResponse xmlns=\"urn:x\">\
             <GetThingResult><User><Arn>a</Arn></User></GetThingResult><ResponseMetadata>\
             <RequestId>id</RequestId></ResponseMetadata></GetThingResponse>"
        );
        assert!(
            answer
                .headers
                .contains(&("x-amzn-requestid".to_owned(), "id".to_owned()))
        );
    }
}
