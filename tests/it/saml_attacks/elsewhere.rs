//! Who takes the answers to logins that were begun at the world's own server.

use std::sync::atomic::{AtomicBool, Ordering};

use vestibule::app::App;

use crate::world::serving::Serving;

/// Who takes them.
#[derive(Default)]
pub enum Elsewhere {
    /// The server itself.
    #[default]
    Nowhere,
    /// The server and a replica of it, in turn.
    Replica {
        app: Box<App>,
        url: String,
        is_next: AtomicBool,
    },
    /// A process of its own.
    Process(Serving),
}

impl Elsewhere {
    pub fn replica((app, url): (App, String)) -> Self {
        Self::Replica {
            app: Box::new(app),
            url,
            is_next: AtomicBool::new(false),
        }
    }

    pub fn process(&self) -> &Serving {
        match self {
            Self::Process(process) => process,
            _ => panic!("no process was started"),
        }
    }

    /// Where the next answer goes.
    pub fn next<'a>(&'a self, own: &'a str) -> &'a str {
        match self {
            Self::Nowhere => own,
            Self::Process(process) => &process.url,
            Self::Replica { url, is_next, .. } => {
                if is_next.fetch_not(Ordering::SeqCst) {
                    url
                } else {
                    own
                }
            }
        }
    }

    pub async fn stop(self) {
        if let Self::Replica { app, .. } = self {
            app.stop().await;
        }
    }
}
