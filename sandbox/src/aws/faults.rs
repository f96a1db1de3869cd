//! Failures on purpose: what a test wants a simulated host to do instead of its duty.
//!
//! Faults are queued per kind of host and action and used up in order. Waiting is done on latches
//! that a test releases, never by sleeping; the one fixed delay is for benchmarks.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use super::http::Answer;
use super::partition::Host;

/// The kinds of simulated host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// STS.
    Sts,
    /// IAM.
    Iam,
    /// The sign-in host.
    Signin,
    /// The console.
    Console,
}

impl From<&Host> for HostKind {
    fn from(host: &Host) -> Self {
        match host {
            Host::Sts(_) => Self::Sts,
            Host::Iam(_) => Self::Iam,
            Host::Signin { .. } => Self::Signin,
            Host::Console { .. } => Self::Console,
        }
    }
}

/// What to do to one request.
#[derive(Clone)]
pub enum Fault {
    /// Answer this without looking at the request.
    Answer(Answer),
    /// Hold the request until the latch is released, then do the usual.
    Hold(Latch),
    /// Do the usual, then hold the answer until the latch is released.
    HoldAnswer(Latch),
    /// Never answer.
    Hang,
    /// Begin an answer and break the connection in the middle of it.
    Reset,
    /// Do the usual, but send the answer one byte at a time with this pause before each.
    Drip(Duration),
    /// Do the usual, then change the answer.
    Alter(Arc<dyn Fn(&mut Answer) + Send + Sync>),
}

impl Fault {
    /// An STS error.
    pub fn sts_error(status: u16, code: &str, message: &str) -> Self {
        let body = format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
             <Type>{}</Type><Code>{code}</Code><Message>{message}</Message></Error>\
             <RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>",
            if status < 500 { "Sender" } else { "Receiver" },
        );
        Self::Answer(Answer::new(status, "text/xml", body))
    }

    /// An IAM error.
    pub fn iam_error(status: u16, code: &str, message: &str) -> Self {
        let sts = "https://sts.amazonaws.com/doc/2011-06-15/";
        match Self::sts_error(status, code, message) {
            Self::Answer(answer) => {
                let body = String::from_utf8_lossy(&answer.body);
                let body = body.replace(sts, "https://iam.amazonaws.com/doc/2010-05-08/");
                Self::Answer(Answer::new(status, "text/xml", body))
            }
            other => other,
        }
    }

    /// AWS asks to slow down.
    pub fn throttling() -> Self {
        Self::sts_error(400, "Throttling", "Rate exceeded")
    }

    /// STS is not active in the region.
    pub fn region_disabled(account: &str) -> Self {
        let message = format!(
            "STS is not activated in this region for account:{account}. Your account \
             administrator can activate STS in this region using the IAM Console."
        );
        Self::sts_error(403, "RegionDisabledException", &message)
    }

    /// A server error without a useful body.
    pub fn server_error(status: u16) -> Self {
        Self::Answer(Answer::new(
            status,
            "text/html",
            "<html><body>error</body></html>",
        ))
    }

    /// A 200 whose body is nothing anybody can read.
    pub fn garbage() -> Self {
        Self::Answer(Answer::new(
            200,
            "text/xml",
            &b"<\x00\xff}{\"not\":<xml"[..],
        ))
    }

    /// A 200 with an empty body.
    pub fn empty() -> Self {
        Self::Answer(Answer::new(200, "text/xml", ""))
    }

    /// A 200 with a body of `size` bytes.
    pub fn huge(size: usize) -> Self {
        Self::Answer(Answer::new(200, "text/xml", vec![b'x'; size]))
    }

    /// The usual answer, but for another role.
    pub fn wrong_role(arn: &str) -> Self {
        Self::replace_element("Arn", arn)
    }

    /// The usual answer, but with credentials that are said to have ended at `when`.
    pub fn expired_credentials(when: chrono::DateTime<chrono::Utc>) -> Self {
        Self::replace_element("Expiration", &super::identity::timestamp(when))
    }

    /// The usual answer with the text of every element of that name replaced.
    pub fn replace_element(name: &str, text: &str) -> Self {
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let text = text.to_owned();
        Self::Alter(Arc::new(move |answer| {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            let mut pieces = body.split(&open);
            let mut changed = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                let rest = piece.split_once(&close).map_or("", |(_, rest)| rest);
                changed.extend([&open, &text, &close, rest]);
            }
            answer.body = changed.into_bytes();
        }))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Answer(_) => "Answer",
            Self::Hold(_) => "Hold",
            Self::HoldAnswer(_) => "HoldAnswer",
            Self::Hang => "Hang",
            Self::Reset => "Reset",
            Self::Drip(_) => "Drip",
            Self::Alter(_) => "Alter",
        })
    }
}

/// Holds requests until it is released, and says when one has arrived.
#[derive(Clone, Debug)]
pub struct Latch {
    released: Arc<watch::Sender<bool>>,
    arrived: Arc<watch::Sender<usize>>,
}

impl Default for Latch {
    fn default() -> Self {
        Self {
            released: Arc::new(watch::Sender::new(false)),
            arrived: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Latch {
    /// A latch that holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets everything go on, now and later.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    /// Waits until `count` requests have arrived at the latch.
    pub async fn arrived(&self, count: usize) {
        let mut seen = self.arrived.subscribe();
        // The sender lives in `self`, so the channel cannot close while this waits.
        let _ = seen.wait_for(|arrived| *arrived >= count).await;
    }

    pub(super) async fn pass(&self) {
        self.arrived.send_modify(|count| *count += 1);
        let mut released = self.released.subscribe();
        let _ = released.wait_for(|released| *released).await;
    }
}

/// The queued faults, shared.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Queues>>);

#[derive(Debug, Default)]
struct Queues {
    faults: VecDeque<Planned>,
    delays: Vec<(HostKind, Duration)>,
}

#[derive(Debug)]
struct Planned {
    host: HostKind,
    action: Option<String>,
    fault: Fault,
}

impl Faults {
    /// Plans a fault for the next request to that kind of host, of that action when one is named.
    pub fn plan(&self, host: HostKind, action: Option<&str>, fault: Fault) {
        let action = action.map(str::to_owned);
        self.queues(|queues| {
            queues.faults.push_back(Planned {
                host,
                action,
                fault,
            });
        });
    }

    /// Plans the same fault for the next `count` requests.
    pub fn plan_times(&self, count: usize, host: HostKind, action: Option<&str>, fault: &Fault) {
        for _ in 0..count {
            self.plan(host, action, fault.clone());
        }
    }

    /// Delays every answer of that kind of host, until set to zero.
    pub fn delay(&self, host: HostKind, delay: Duration) {
        self.queues(|queues| {
            queues.delays.retain(|(kind, _)| *kind != host);
            queues.delays.push((host, delay));
        });
    }

    /// Forgets all plans and delays.
    pub fn clear(&self) {
        self.queues(|queues| *queues = Queues::default());
    }

    /// How many planned faults nobody has met yet.
    pub fn remaining(&self) -> usize {
        self.queues(|queues| queues.faults.len())
    }

    pub(super) fn take(&self, host: HostKind, action: Option<&str>) -> Option<Fault> {
        self.queues(|queues| {
            let fits = |planned: &Planned| {
                planned.host == host
                    && planned
                        .action
                        .as_deref()
                        .is_none_or(|wanted| Some(wanted) == action)
            };
            let at = queues.faults.iter().position(fits)?;
            queues.faults.remove(at).map(|planned| planned.fault)
        })
    }

    pub(super) fn delay_of(&self, host: HostKind) -> Option<Duration> {
        self.queues(|queues| {
            let found = queues.delays.iter().find(|(kind, _)| *kind == host);
            found
                .map(|(_, delay)| *delay)
                .filter(|delay| !delay.is_zero())
        })
    }

    fn queues<T>(&self, f: impl FnOnce(&mut Queues) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Fault, Faults, HostKind};

    #[test]
    fn faults_are_used_up_in_order_by_the_requests_they_name() {
        let faults = Faults::default();
        faults.plan(HostKind::Sts, Some("AssumeRole"), Fault::Hang);
        faults.plan(HostKind::Sts, None, Fault::Reset);
        assert!(faults.take(HostKind::Signin, Some("login")).is_none());
        assert!(matches!(
            faults.take(HostKind::Sts, Some("GetCallerIdentity")),
            Some(Fault::Reset)
        ));
        assert!(matches!(
            faults.take(HostKind::Sts, Some("AssumeRole")),
            Some(Fault::Hang)
        ));
        assert!(faults.take(HostKind::Sts, Some("AssumeRole")).is_none());
        assert_eq!(faults.remaining(), 0);
    }

    #[test]
    fn an_altered_answer_has_every_such_element_replaced() {
        let mut answer = Answer::new(200, "text/xml", "<a><Arn>x</Arn><b>1</b><Arn>y</Arn></a>");
        let Fault::Alter(alter) = Fault::wrong_role("z") else {
            panic!("it alters")
        };
        alter(&mut answer);
        assert_eq!(answer.body, b"<a><Arn>z</Arn><b>1</b><Arn>z</Arn></a>");
    }
}
