//! What the sign-in hosts show: an application server's error pages, as AWS's are, and two pages that ask something.

use askama::Template;

use crate::aws::http::Answer;

/// The page for every request that is refused, with no reason that would help.
pub(super) fn invalid(message: &str) -> Answer {
    error(400, message)
}

/// The page for a sign-in token that is not good.
pub(super) fn bad_token(status: u16) -> Answer {
    error(status, "Invalid signin token")
}

pub(super) fn not_found() -> Answer {
    error(404, "Not found")
}

/// The same with another status.
pub(super) fn error(status: u16, message: &str) -> Answer {
    let description = match status {
        404 => "The requested resource is not available.",
        _ => "The request sent by the client was syntactically incorrect.",
    };
    render(
        status,
        &ErrorPage {
            status,
            message,
            description,
        },
    )
}

/// Sends the browser on.
pub(super) fn redirect(location: &str) -> Answer {
    Answer::new(302, "text/html;charset=utf-8", "")
        .with_header("location", location)
        .with_header("cache-control", "no-store")
}

/// The page that a browser with another session gets.
pub(super) fn sign_out_first(status: u16, link: &str) -> Answer {
    render(
        status,
        &AskPage {
            title: "You must first log out before logging into a different AWS account",
            text: "This browser already holds a console session of another identity.",
            link: Some(link),
            sessions: &[],
        },
    )
}

/// The page that a browser with five sessions gets.
pub(super) fn too_many_sessions(status: u16, sessions: &[SessionLink]) -> Answer {
    render(
        status,
        &AskPage {
            title: "You are signed in to the most sessions that a browser can hold",
            text: "Sign out of one of your five sessions, then try again.",
            link: None,
            sessions,
        },
    )
}

fn render(status: u16, template: &impl Template) -> Answer {
    let body = template.render().unwrap_or_default();
    Answer::new(status, "text/html;charset=utf-8", body).with_header("cache-control", "no-store")
}

/// An application server's error page.
#[derive(Template)]
#[template(path = "aws/error.html")]
struct ErrorPage<'a> {
    status: u16,
    message: &'a str,
    description: &'a str,
}

/// A page that asks for something before it goes on.
#[derive(Template)]
#[template(path = "aws/ask.html")]
struct AskPage<'a> {
    title: &'a str,
    text: &'a str,
    link: Option<&'a str>,
    sessions: &'a [SessionLink],
}

/// A session that can be closed, and where.
pub(super) struct SessionLink {
    pub(super) principal: String,
    pub(super) link: String,
}
