//! What people are told at roles with something of their own on the way: a hub role, an MFA device, more policies and tags
//! than a session holds.

use actix_web::http::StatusCode;

use super::Problem;
use super::advice::aws_refused;
use super::texts::Text;
use crate::signin::TooLarge;

pub(super) const HUB_REFUSED: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "hub-refused",
    title: "The hub role refused",
    what: "",
    who: "The people who look after access to AWS in your organisation: it concerns everybody who goes that way.",
};

pub(super) const REASON_NEEDED: Text = Text {
    status: StatusCode::CONFLICT,
    code: "reason-needed",
    title: "This role asks for a reason by now",
    what: "While AWS was being asked, a new revision of the access model came into force by which this role opens only \
            when you have said what for. Nothing was handed out.",
    who: "You: open the role again, and say what for.",
};

pub(super) const REASON_UNREADABLE: Text = Text {
    status: StatusCode::BAD_REQUEST,
    code: "reason-unreadable",
    title: "That reason cannot be kept",
    what: "A reason has 3 to 300 characters in one line, and none of them is invisible. Nothing was asked of AWS.",
    who: "You: go back and write it anew. A ticket’s number is enough.",
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

const TOO_LARGE: Text = Text {
    status: StatusCode::FORBIDDEN,
    code: "session-too-large",
    title: "What this role asks for does not fit into a session",
    what: "",
    who: "",
};

/// Says what there was, so that whoever repairs it sees what is large.
pub(super) fn too_large(large: &TooLarge) -> Problem {
    let percent = large.percent.map_or_else(String::new, |percent| {
        format!(" It counts {percent} per cent of the space there is.")
    });
    let idp = if large.tags > 0 || large.from_proof {
        " Where a tag is filled with what your identity provider says about you, those who run it can make that shorter."
    } else {
        ""
    };
    aws_refused(&TOO_LARGE, &large.cause)
        .what(format!(
            "AWS keeps the policies and tags of a session in one token of limited size, and these are too much for it: {}.{percent}",
            parts(large).join("; ")
        ))
        .who(format!(
            "The people who look after access to AWS in your organisation: fewer or shorter tags, a shorter session policy, or \
             managed policies in its place, which take little room.{idp}"
        ))
}

fn parts(large: &TooLarge) -> Vec<String> {
    let mut parts = Vec::new();
    if large.policy > 0 {
        parts.push(format!("a session policy of {}", characters(large.policy)));
    }
    match large.managed_policies {
        0 => {}
        1 => parts.push("one managed policy".to_owned()),
        count => parts.push(format!("{count} managed policies")),
    }
    let tags = characters(large.tag_characters);
    match (large.tags, &large.longest_tag) {
        (0, _) | (_, None) => {}
        (1, Some(key)) => parts.push(format!("the session tag {key}, of {tags}")),
        (count, Some(longest)) => parts.push(format!(
            "{count} session tags of {tags} in all, the longest being {longest}"
        )),
    }
    if large.from_proof {
        parts.push("whatever tags your identity provider sends".to_owned());
    }
    if parts.is_empty() {
        parts.push("what was asked for".to_owned());
    }
    parts
}

fn characters(count: usize) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} character{plural}")
}
