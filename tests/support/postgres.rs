//! A throwaway `PostgreSQL` cluster for tests: one per test process, on a Unix socket in a folder of its own (no port to
//! collide on), one database per test.
//!
//! A watchdog process holds the other end of a pipe and stops the cluster when the test process ends, however it ends:
//! by success, by a panic, by a signal. Included by path where it is needed; depends on nothing but the standard library.
//! Without an installed `PostgreSQL` it panics and says what to install: no test is silently skipped.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

/// The unprivileged user that the server runs as when the tests run as root, which `PostgreSQL` refuses to do.
const SERVER_USER: &str = "postgres";

/// A running cluster.
pub(crate) struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    databases: AtomicU32,
    watchdog: Mutex<(Child, Option<ChildStdin>)>,
}

impl Cluster {
    /// The cluster of this process, started at the first call.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A cluster of its own, stopped when dropped. It does not wait for the disk: tests prove the same and are faster.
    pub(crate) fn start() -> Self {
        let programs = programs();
        let folder = make_folder();
        let data = folder.join("data");
        run(as_server(&programs.join("initdb"))
            .args([
                "-A",
                "trust",
                "-U",
                "postgres",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
                "-D",
            ])
            .arg(&data));
        // in the file and not on the command line, so that `ALTER SYSTEM` can change them
        let mut settings = OpenOptions::new()
            .append(true)
            .open(data.join("postgresql.conf"))
            .expect("the server's settings");
        settings
            .write_all(b"\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
            .expect("the settings can be written");
        let watchdog = watch(&programs, &folder);
        let options = format!(
            "-k {} -c listen_addresses= -c max_connections=300",
            folder.display()
        );
        run(as_server(&programs.join("pg_ctl"))
            .arg("-D")
            .arg(&data)
            .args(["-w", "-s", "-t", "60", "-l"])
            .arg(folder.join("log"))
            .args(["-o", &options, "start"]));
        Self {
            programs,
            folder,
            databases: AtomicU32::new(0),
            watchdog: Mutex::new(watchdog),
        }
    }

    /// Runs one statement as the superuser.
    pub(crate) fn sql(&self, statement: &str) {
        run(Command::new(self.programs.join("psql"))
            .arg("-h")
            .arg(&self.folder)
            .args([
                "-U",
                "postgres",
                "-qX",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                statement,
            ]));
    }

    /// The URL of a new, empty database.
    pub(crate) fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::SeqCst));
        self.sql(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        format!(
            "postgres://postgres@localhost/{name}?host={}",
            self.folder.display()
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Ok(watchdog) = self.watchdog.get_mut() {
            drop(watchdog.1.take());
            let _ = watchdog.0.wait();
        }
    }
}

/// Starts the process that stops the cluster and removes its folder once the pipe to it is closed.
fn watch(programs: &Path, folder: &Path) -> (Child, Option<ChildStdin>) {
    let script = "trap '' INT TERM HUP; cat >/dev/null; \
                  \"$1/pg_ctl\" -D \"$2/data\" -m immediate -s stop; rm -rf \"$2\"";
    let mut child = as_server(Path::new("/bin/sh"))
        .args(["-c", script, "watchdog"])
        .arg(programs)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell starts");
    let mut pipe = child.stdin.take().expect("its input is a pipe");
    pipe.write_all(b"\n").expect("the watchdog listens");
    (child, Some(pipe))
}

/// The folder of the server's programs: the newest installed version's.
fn programs() -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file());
    let number = |bin: &PathBuf| {
        bin.parent()
            .and_then(Path::file_name)
            .and_then(OsStr::to_str)
            .and_then(|version| version.parse::<u32>().ok())
    };
    installed.max_by_key(number).expect(
        "PostgreSQL's programs are in /usr/lib/postgresql/*/bin: install it (Debian: apt-get install postgresql)",
    )
}

/// A command that runs as an unprivileged user, whoever runs the tests.
fn as_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", SERVER_USER, "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.expect("id runs").stdout.trim_ascii() == b"0"
}

/// A folder that the server may use. Directly in the temporary folder, because a socket's path is at most 107 bytes.
fn make_folder() -> PathBuf {
    let mut made = Command::new("mktemp");
    made.args(["-d", "/tmp/vestibule-pg-XXXXXXXX"]);
    let path = run(&mut made);
    let folder = PathBuf::from(path.trim());
    if is_root() {
        run(Command::new("chown").arg(SERVER_USER).arg(&folder));
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))
        .expect("the folder's permissions can be set");
    folder
}

fn run(command: &mut Command) -> String {
    // the server inherits nothing of ours: a pipe it held open would keep the watchdog from noticing our end
    let output = command
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .expect("the system's and PostgreSQL's own programs start");
    assert!(
        output.status.success(),
        "{command:?} failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
