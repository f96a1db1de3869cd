//! Requests written byte by byte, for what no client library would send.

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::world::World;
use crate::world::browser::Browser;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The status line and the headers, as they stand.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header's value; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }

    /// The word for what went wrong, from the page.
    pub(crate) fn problem(&self) -> &str {
        let rest = self
            .body
            .split("data-problem=\"")
            .nth(1)
            .unwrap_or_default();
        rest.split('"').next().unwrap_or_default()
    }

    /// The page without what differs from request to request.
    pub(crate) fn without_reference(&self) -> String {
        let (before, after) = self.body.split_once("<dt>Reference</dt><dd>").unwrap();
        format!("{before}{}", &after[16..])
    }
}

/// Sends `METHOD target` with further header lines and a body, and reads all that comes.
pub(crate) async fn sends(world: &World, line: &str, headers: &[&str], body: &[u8]) -> Answer {
    let host = world.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).await.unwrap();
    let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\n").into_bytes();
    if !headers.iter().any(|header| header.starts_with("Host:")) {
        request.extend_from_slice(format!("Host: {host}\r\n").as_bytes());
    }
    for header in headers {
        request.extend_from_slice(header.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    if !body.is_empty() {
        request.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    // a server that has heard enough may close before everything is written
    let _ = stream.write_all(&request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Answer {
        status: head.split(' ').nth(1).unwrap_or("0").parse().unwrap_or(0),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// The `Cookie` line that a browser would send to Vestibule.
pub(crate) fn cookie_line(world: &World, browser: &Browser) -> String {
    let url = world.url.parse().unwrap();
    let cookies = browser.cookies_for(&url);
    let pairs: Vec<String> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
    format!("Cookie: {}", pairs.join("; "))
}

/// The name of the session's cookie.
pub(crate) fn session_cookie(world: &World) -> String {
    let port = world.url.rsplit(':').next().unwrap();
    format!("vestibule-session-{port}")
}

/// A connection that is kept, for asking often.
pub(crate) struct Line {
    host: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Line {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            host: url.trim_start_matches("http://").to_owned(),
            stream: None,
        }
    }

    /// Sends `METHOD target` with further header lines, which may hold any bytes, and a body.
    pub(crate) async fn asks(&mut self, line: &str, headers: &[&[u8]], body: &[u8]) -> Answer {
        let mut request = format!("{line} HTTP/1.1\r\nHost: {}\r\n", self.host).into_bytes();
        for header in headers {
            request.extend_from_slice(header);
            request.extend_from_slice(b"\r\n");
        }
        let length = format!("Content-Length: {}\r\n\r\n", body.len());
        request.extend_from_slice(length.as_bytes());
        request.extend_from_slice(body);
        // a kept connection may have been closed on the other side, which is found out by asking
        for _ in 0..2 {
            if let Some(answer) = self.tries(&request).await {
                return answer;
            }
        }
        panic!("{line}: nobody answers");
    }

    async fn tries(&mut self, request: &[u8]) -> Option<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => BufReader::new(TcpStream::connect(&self.host).await.unwrap()),
        };
        stream.write_all(request).await.ok()?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        head.truncate(head.len() - 4);
        let mut answer = Answer {
            status: head.split(' ').nth(1)?.parse().ok()?,
            head,
            body: String::new(),
        };
        let length: usize = answer.header("content-length").parse().unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.ok()?;
        answer.body = String::from_utf8_lossy(&body).into_owned();
        if !answer.header("connection").eq_ignore_ascii_case("close") {
            self.stream = Some(stream);
        }
        Some(answer)
    }
}
