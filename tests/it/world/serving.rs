//! `vestibule serve` as a process of its own, on a world's database: for what a process alone shows, its environment,
//! its memory and its log.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::World;

/// The process.
pub struct Serving {
    child: Child,
    pub url: String,
    log: PathBuf,
}

impl Serving {
    /// Starts it with the world's configuration, changed as `edit` says, and a changed environment.
    pub fn start(world: &World, edit: &[(&str, &str)], environment: &[(&str, &str)]) -> Self {
        // freed again at once, for the process that is about to take it
        let address = super::listen().local_addr().unwrap();
        let mut config = world.configuration_text().to_owned();
        config = config.replacen("127.0.0.1:0", &address.to_string(), 1);
        for (old, new) in edit {
            assert!(config.contains(old), "{old} is not in the configuration");
            config = config.replace(old, new);
        }
        let name = address.port();
        let file = world.folder.join(format!("serving-{name}.toml"));
        let log = world.folder.join(format!("serving-{name}.log"));
        std::fs::write(&file, config).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .args(["serve", "--config"])
            .arg(&file)
            .env_remove("RUST_LOG")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = said.next().expect("it says that it serves").unwrap();
        assert!(first.starts_with("Vestibule serves"), "{first}");
        Self {
            child,
            url: format!("http://{address}"),
            log,
        }
    }

    /// The most memory that it has had so far, in bytes.
    pub fn peak_memory(&self) -> usize {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
        kilobytes.parse::<usize>().unwrap() * 1024
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // one that has ended already needs no more
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
