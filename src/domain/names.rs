//! Names that AWS shows for a person, and templates filled from what a provider proved.

/// Text with `{attribute.NAME}` placeholders, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
}

impl Template {
    /// The text as written.
    pub fn source(&self) -> &str {
        &self.text
    }
}
