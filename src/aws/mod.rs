//! STS and the federation endpoint.
