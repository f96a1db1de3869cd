//! The whole of Vestibule, from outside: the real server over HTTP, with the sandbox at the wire.

mod architecture;
mod broker;
mod errors;
mod journeys;
mod world;
