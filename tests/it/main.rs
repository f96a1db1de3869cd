//! The whole of Vestibule, from outside: the real server over HTTP, with the sandbox at the wire.

mod architecture;
mod journeys;
mod world;
