//! What keeps a role from being probed: there is none of that name, or it was done a moment ago.

use actix_web::http::StatusCode;

use super::advice::of;
use super::texts::Text;
use super::{Problem, WayOut};
use crate::domain::probe::TooSoon;

const ALL_ROLES: WayOut = WayOut {
    label: "The roles",
    href: "/admin/access?show=roles",
};
const NO_SUCH_ROLE: Text = Text {
    status: StatusCode::NOT_FOUND,
    code: "no-such-role",
    title: "There is no such role",
    what: "The current revision of the access model has no role of that name. AWS was not asked.",
    who: "You: the list names every role there is.",
};

const PROBED_TOO_SOON: Text = Text {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "probed-too-soon",
    title: "Not again so soon",
    what: "",
    who: "You: wait, and do it again from the list of roles. Nothing was asked of AWS.",
};

pub(super) fn no_such_role() -> Problem {
    of(&NO_SUCH_ROLE).go([ALL_ROLES])
}

pub(super) fn too_soon(soon: TooSoon) -> Problem {
    of(&PROBED_TOO_SOON)
        .what(when_again(soon))
        .retry_after(soon.seconds)
        .go([ALL_ROLES])
}

fn when_again(TooSoon { seconds, this_role }: TooSoon) -> String {
    let why = if this_role {
        "This role was probed less than a minute ago."
    } else {
        "Other roles are being probed, and AWS is not asked for too many at once."
    };
    let seconds = if seconds == 1 {
        "a second".to_owned()
    } else {
        format!("{seconds} seconds")
    };
    format!("{why} It can be probed in {seconds}.")
}
