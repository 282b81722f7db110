//! nginx with one worker: files that it compresses on the way, or a service behind it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{How, Server, free_port, program, try_ask};
use crate::wire::{Protocol, http};

/// What it serves.
pub(crate) enum Serves<'a> {
    /// Files by name, compressed for each request anew.
    Compressed(&'a [(String, String)]),
    /// Whatever this one answers.
    Behind(SocketAddr),
}

pub(crate) fn start(folder: &Path, core: u32, serves: &Serves<'_>, probe: &str) -> anyhow::Result<(Server, SocketAddr)> {
    let own = folder.join("nginx");
    let site = own.join("site");
    fs::create_dir_all(&site)?;
    open_to_workers(&[folder, &own, &site])?;
    if let Serves::Compressed(files) = serves {
        for (name, text) in *files {
            fs::write(site.join(name), text).with_context(|| format!("writing {name}"))?;
        }
    }
    let at = free_port()?;
    let (log, settings) = (own.join("log"), own.join("nginx.conf"));
    fs::write(&settings, config(&own, at, serves))?;
    let nginx = program("nginx")?;
    let how = How { name: "nginx", program: &nginx, core, user: None, signal: "TERM", log: &log };
    let mut server = Server::start(&how, |command| {
        command.arg("-p").arg(&own).arg("-c").arg(&settings).arg("-e").arg(own.join("error.log"));
    })?;
    server.wait(&log, || try_ask(at, Protocol::Http, &http::get(probe)))?;
    Ok((server, at))
}

/// Workers run as another user when nginx is started by root.
fn open_to_workers(folders: &[&Path]) -> anyhow::Result<()> {
    #[cfg(unix)]
    for folder in folders {
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    }
    let _ = folders;
    Ok(())
}

fn config(folder: &Path, at: SocketAddr, serves: &Serves<'_>) -> String {
    let site: PathBuf = folder.join("site");
    let (upstream, place) = match serves {
        Serves::Compressed(_) => {
            (String::new(), format!("root {}; gzip on; gzip_comp_level 6; gzip_min_length 0; gzip_types text/plain;", site.display()))
        }
        Serves::Behind(service) => (
            format!("upstream service {{ server {service}; keepalive 512; keepalive_requests 100000000; }}"),
            "location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection \"\"; }".to_owned(),
        ),
    };
    let folder = folder.display();
    format!(
        "daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{ worker_connections 2048; }}
http {{
  sendfile on;
  tcp_nopush on;
  default_type text/plain;
  access_log off;
  open_file_cache max=100;
  keepalive_timeout 600s;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {upstream}
  server {{
    listen {at};
    {place}
  }}
}}
"
    )
}
