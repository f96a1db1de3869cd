//! How long a console lasts, and why.
