//! nginx with one worker and the settings Debian ships, serving pages that Octo made as static
//! files: same bytes, same encoding. Ended when dropped.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;

use crate::bench::http;
use crate::steps;

pub(super) struct Nginx {
    child: Child,
    folder: TempDir,
    pub(super) at: SocketAddr,
}

impl Nginx {
    /// Serves `/NAME` for each page, gzipped bytes as they are.
    pub(super) fn start(pages: &[(&str, &[u8])]) -> anyhow::Result<Self> {
        let program = steps::find("nginx").context("nginx is not here; on Debian: apt-get install nginx-light")?;
        let folder = tempfile::tempdir()?;
        open_to_workers(folder.path())?;
        let site = folder.path().join("site");
        fs::create_dir(&site)?;
        for (name, gzipped) in pages {
            // The plain file must exist for gzip_static; who accepts gzip never gets it.
            fs::write(site.join(name), "not compressed")?;
            fs::write(site.join(format!("{name}.gz")), gzipped)?;
        }
        // A port that was free a moment ago; nginx cannot take one by itself and say which.
        let at = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        fs::write(folder.path().join("nginx.conf"), config(folder.path(), at))?;
        let child = Command::new(program)
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(folder.path().join("nginx.conf"))
            .arg("-e")
            .arg(folder.path().join("error.log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut nginx = Self { child, folder, at };
        nginx.wait(pages[0].0)?;
        Ok(nginx)
    }

    fn wait(&mut self, page: &str) -> anyhow::Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if http::get(self.at, &format!("/{page}"), "gzip").is_ok() {
                return Ok(());
            }
            let ended = self.child.try_wait()?.is_some();
            ensure!(!ended, "nginx ended at once:\n{}", fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default());
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("nginx did not answer:\n{}", fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its worker; killed outright it would leave it behind.
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}

/// Workers run as another user when nginx is started by root.
fn open_to_workers(folder: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    let _ = folder;
    Ok(())
}

fn config(folder: &Path, at: SocketAddr) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 768; }}
http {{
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  default_type \"text/html; charset=utf-8\";
  access_log off;
  keepalive_requests 10000000;
  gzip_static on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen {at};
    root {folder}/site;
  }}
}}
"
    )
}
