//! What the server takes before anybody comes: CPU until it listens, and memory while it waits.

use std::time::Duration;

use crate::cpu;
use crate::measure::median;
use crate::report::{Line, Trouble};
use crate::scratch::runtime;
use crate::served::Served;
use crate::world::World;

const STARTS: u32 = 5;

/// After so long nothing of the start goes on.
const SETTLED: Duration = Duration::from_millis(1500);

pub(crate) fn run() -> Result<(), Trouble> {
    runtime().block_on(async {
        let served = Served::prepare(World::builder()).await;
        let (mut starts, mut memories, mut private) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..STARTS {
            let server = served.start()?;
            starts.push(server.cpu().as_secs_f64());
            std::thread::sleep(SETTLED);
            memories.push(megabytes(server.pid(), "VmRSS"));
            private.push(megabytes(server.pid(), "RssAnon"));
        }
        Line::about("idle server")
            .with("starts", STARTS)
            .at_most("start_cpu_s", median(starts), 0.1)
            .number("of_it_private_mb", median(private))
            .at_most("idle_resident_mb", median(memories), 30.0)
            .print();
        served.stop().await;
        Ok(())
    })
}

fn megabytes(pid: u32, line: &str) -> f64 {
    let kilobytes = u32::try_from(cpu::kilobytes(pid, line));
    f64::from(kilobytes.expect("not so much")) / 1024.0
}
