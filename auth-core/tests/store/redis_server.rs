//! A redis-server of its own for a test.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longer than anything takes that does not hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Ends with its drop.
pub(crate) struct Server {
    process: Child,
    folder: Folder,
    pub(crate) port: u16,
    arguments: Vec<String>,
}

impl Server {
    pub(crate) async fn start(arguments: &[&str]) -> Option<Self> {
        let port = free_port();
        let folder = Folder::new(&port.to_string());
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        match spawn(port, &folder.0, &arguments) {
            Ok(process) => {
                let server = Self { process, folder, port, arguments };
                server.ready().await;
                Some(server)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let missing =
                    "not checked: `redis-server` is missing; apt-get install redis-server";
                assert!(std::env::var_os("CI").is_none(), "{missing}");
                eprintln!("{missing}");
                None
            }
            Err(error) => panic!("redis-server does not start: {error}"),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Takes connections; whether it answers is another matter.
    async fn ready(&self) {
        let connected =
            async || tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok();
        eventually("the server starts", connected).await;
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) async fn restart(&mut self) {
        self.kill();
        self.process = spawn(self.port, &self.folder.0, &self.arguments).unwrap();
        self.ready().await;
    }

    /// `-STOP` makes it hang, and `-CONT` goes on.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }
}

fn spawn(port: u16, folder: &Path, arguments: &[String]) -> std::io::Result<Child> {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--daemonize", "no"])
        .args(["--save", "", "--dir"])
        .arg(folder)
        .args(arguments)
        .stdout(Stdio::null())
        .spawn()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder of its own, which goes with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("auth-core-redis-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub(crate) async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "{what}: not within {PATIENCE:?}");
}
