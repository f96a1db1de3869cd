//! The use-cases of people, in four verbs: recognise, open, arrive, leave.
//!
//! How a sign-in runs, for everybody:
//!
//! 1. Somebody opens the portal or a link. [`Signin::recognise`] looks their session up; [`Signin::open`] either
//!    goes on with it or *departs*: it makes a challenge, remembers it as a pending login bound to this browser,
//!    and sends the browser to the identity provider.
//! 2. The provider sends the browser back. [`Signin::arrive`] takes the pending login (once, and only from the
//!    browser that began it), verifies the answer, starts a session, and goes on with what the person came for.
//! 3. What comes next is decided in one place, `proceed`: the portal, a choice, or a console.
//! 4. For a console: grant → credentials → sign-in token, with the audit row `begun` written beside these calls,
//!    then the last check from the database, and one redirect. Afterwards the audit row `ended`.
//! 5. [`Signin::leave`] ends the session and says what lives on.
//!
//! The order never changes: audit before power, authorise last. This folder knows nothing of HTTP.

mod error;
mod view;
mod visit;

pub use error::{AwsCause, Error};
pub use view::{AccountView, HeldRole, IdpChoice, PortalView, RoleChoice, Step};
pub use visit::{Answer, Arrival, BrowserKey, Departure, StartedSession, Visit};
