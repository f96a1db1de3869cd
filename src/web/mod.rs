//! HTTP: the table of all routes.
