//! How much a test does: little in `make test`, in full in `make long`.

/// Whether the full counts are asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever starts the tests says how many"
)]
pub fn are_full() -> bool {
    std::env::var("PROPERTIES").is_ok_and(|asked| asked == "full")
}
