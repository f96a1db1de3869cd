//! How SQL is written down: as named constants beside the functions that use them, each file's listed in its
//! `STATEMENTS`, so that a test can prepare every one of them on both engines.

/// A statement's name and text.
#[cfg(test)]
pub(super) type Named = (&'static str, &'static str);

/// Declares the statements of a file and lists them in `STATEMENTS`.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)+) => {
        $($(#[$meta])* const $name: &str = $sql;)+
        /// The statements of this file.
        #[cfg(test)]
        pub(in crate::store) const STATEMENTS: &[crate::store::statements::Named] =
            &[$((stringify!($name), $name)),+];
    };
}
pub(super) use statements;
