//! A listener that nobody may contact.
//!
//! It never answers: a connection waits in its queue, and is found there afterwards, whenever it came.

use std::net::TcpListener;

/// The listener.
pub struct Canary {
    listener: TcpListener,
}

impl Canary {
    pub fn new() -> Self {
        let listener = super::listen();
        listener.set_nonblocking(true).unwrap();
        Self { listener }
    }

    /// Where not to look: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    /// Whether somebody has called since the last time this was asked.
    pub fn was_contacted(&self) -> bool {
        let mut contacted = false;
        while self.listener.accept().is_ok() {
            contacted = true;
        }
        contacted
    }
}
