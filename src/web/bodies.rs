//! Bodies, read with a cap and a deadline, whatever is in them.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};
use futures_util::StreamExt as _;

use super::problem::Failure;

/// How long a body may take to come.
const BODY_DEADLINE: Duration = Duration::from_secs(15);

/// Reads a body of any kind, of at most `cap` bytes.
pub(super) async fn read(
    headers: &HeaderMap,
    payload: Payload,
    cap: usize,
) -> Result<Vec<u8>, Failure> {
    check_length(announced(headers), cap)?;
    in_time(payload, cap).await
}

pub(super) fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(super) fn check_length(announced: Option<usize>, cap: usize) -> Result<(), Failure> {
    if announced.is_some_and(|length| length > cap) {
        return Err(Failure::TooLarge);
    }
    Ok(())
}

pub(super) async fn in_time(payload: Payload, cap: usize) -> Result<Vec<u8>, Failure> {
    let read = tokio::time::timeout(BODY_DEADLINE, collect(payload, cap));
    read.await.map_err(|_| Failure::TooSlow)?
}

pub(super) async fn collect(mut payload: Payload, cap: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Failure::NotAForm)?;
        if body.len() + chunk.len() > cap {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
