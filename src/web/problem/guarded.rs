//! What people are told at roles with a guard of their own on the way: a hub role, an MFA device.

use actix_web::http::StatusCode;

use super::texts::Text;

pub(super) const HUB_REFUSED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "hub-refused",
    title: "The hub role refused",
    what: "",
    who: "The people who look after access to AWS in your organisation: it concerns everybody who goes that way.",
};

pub(super) const CODE_UNREADABLE: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "code-unreadable",
    title: "That is no code",
    what: "The code of an MFA device has exactly six digits, and nothing else. AWS was not asked.",
    who: "You: enter the six digits that the device shows now, without spaces.",
};

pub(super) const CODE_REFUSED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "code-refused",
    title: "AWS did not take the code",
    what: "Vestibule found that the role is yours, asked AWS for it with the code that you entered, and AWS refused the \
            code. It is spent, whatever the reason.",
    who: "You: wait until the device shows the next code, and enter that. If it is refused time and again, the people \
            who look after access to AWS in your organisation.",
};

pub(super) const CODES_TOO_MANY: Text = Text {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "codes-too-many",
    title: "Too many codes",
    what: "You entered ten codes within five minutes, which is as many as a device shows. AWS was not asked again.",
    who: "You: wait five minutes. If it was not you, tell the people who run this site: somebody uses your session.",
};
