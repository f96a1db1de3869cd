//! What merging keeps, drops and fits in, for anything that stands.
