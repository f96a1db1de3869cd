//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// Runs Vestibule with demo identity providers and a simulated AWS, all on loopback.
#[derive(Debug, Parser)]
#[command(name = "vestibule-sandbox", version)]
pub(crate) struct Arguments {
    /// Where Vestibule listens: a loopback address; port 0 means any free port. [default: 127.0.0.1:8080, or a free
    /// port if that is taken]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Option<SocketAddr>,

    /// Where the database, the configuration and the keys of the demo are kept. [default: a folder that is removed at
    /// the end]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Written, whole, when everything answers: a JSON object that says where everything is.
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
}
