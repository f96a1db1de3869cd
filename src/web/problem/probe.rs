//! What keeps a role from being probed just now.

use super::Problem;
use super::advice::of;
use super::kinds;
use super::way::Way;
use crate::domain::probe::TooSoon;
use crate::web::texts::Texts;

pub(super) fn too_soon(t: &'static Texts, TooSoon { seconds, this_role }: TooSoon) -> Problem {
    let kind = if this_role {
        &kinds::PROBED_TOO_SOON
    } else {
        &kinds::PROBES_TOO_MANY
    };
    let wait = t.problem.admin.wait.of(usize::from(seconds));
    of(t, kind)
        .with("wait", wait.with("seconds", seconds).plain())
        .retry_after(seconds)
        .go([Way::AllRoles])
}
