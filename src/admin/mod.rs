//! The use-cases of administrators.
