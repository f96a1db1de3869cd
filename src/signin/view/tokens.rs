//! The page of one's tokens, as data.

use crate::domain::token::{Token, TokenLife};

/// The person's tokens for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokensView {
    /// Their name for readers.
    pub display_name: String,
    /// Whether they may see the administrators' pages, and make tokens for what is done there.
    pub administrator: bool,
    /// The token for the forms.
    pub form_token: String,
    /// The newest first.
    pub tokens: Vec<Token>,
    /// How long one can live.
    pub life: TokenLife,
}
