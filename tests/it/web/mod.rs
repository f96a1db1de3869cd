//! The web layer from outside: what hostile links, forms, cookies and headers come to, and what every answer carries.
//! The numbers in the tests' comments are those of the threat model's catalogue.

mod compressed;
mod cookies;
mod every_header;
mod forms;
mod headers;
pub mod kinds;
pub(crate) mod links;
mod portal;
mod relay_state;
pub(crate) mod wire;
