//! The `vestibule-sandbox` command.

fn main() {}
