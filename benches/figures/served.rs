//! `vestibule serve` as a process of its own, so that its CPU time and memory are its own.

use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cpu;
use crate::report::Trouble;
use crate::world::{Left, WorldBuilder, listen};

/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server in another process; it goes with this value.
pub(crate) struct Server {
    process: Child,
}

impl Server {
    /// Starts a program, and waits until somebody listens at the address.
    pub(crate) fn start(command: &mut Command, address: SocketAddr) -> Result<Self, Trouble> {
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Trouble::Failed(format!("a server does not start: {error}")))?;
        let server = Self { process };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > PATIENCE {
                return Err(Trouble::Failed("a server does not listen".to_owned()));
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(server)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// The CPU time that it has used.
    pub(crate) fn cpu(&self) -> Duration {
        cpu::of_process(self.pid())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A world whose Vestibule is a process of its own, started anew at will.
pub(crate) struct Served {
    pub(crate) world: Left,
    address: SocketAddr,
}

impl Served {
    pub(crate) async fn prepare(world: WorldBuilder) -> Self {
        let listener = listen();
        let address = listener.local_addr().expect("an address");
        let world = world
            .with(
                "[server]\nlisten = \"127.0.0.1:0\"",
                &format!("[server]\nlisten = \"{address}\""),
            )
            .start_on(listener)
            .await;
        Self {
            world: world.without_vestibule().await,
            address,
        }
    }

    pub(crate) fn start(&self) -> Result<Server, Trouble> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command
            .arg("--config")
            .arg(self.world.folder.join("vestibule.toml"))
            .arg("serve");
        Server::start(&mut command, self.address)
    }

    /// An absolute address there.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.world.url)
    }

    pub(crate) async fn stop(self) {
        self.world.sandbox.stop().await;
    }
}
