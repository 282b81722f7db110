//! `octo serve`: open the data folder, load the pack, listen, and say where.

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::bail;
use course::Severity;
use desk::{Desk, Shelf, World};
use web::{App, HostList};

use crate::Answer;
use crate::cli::ServeArgs;
use crate::{data, pack};

pub(crate) fn run(args: ServeArgs) -> anyhow::Result<Answer> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).with_target(false).without_time().init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args))?;
    // Runs that nobody waits for any more must not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(Answer::Fine)
}

async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let public_url = args.public_url.as_deref().map(check_public_url).transpose()?;
    let shelf = shelf(args.pack.as_deref())?;
    let folder = args.data.folder()?;
    // The store first: it holds the folder against another Octo.
    let store = args.data.store(&folder).await?;
    for warning in store.warnings() {
        tracing::warn!("{warning}");
    }
    let keys = data::keys(&folder)?;
    let listener = tokio::net::TcpListener::bind(args.listen).await.map_err(|error| listen_problem(args.listen, &error))?;
    let address = listener.local_addr()?;
    let mut hosts = web::local_names(address);
    let issuer = match &public_url {
        Some((host, url)) => {
            hosts.insert(host.clone());
            url.clone()
        }
        None => "an Octo on the learner's own machine".to_owned(),
    };
    let desk = Arc::new(Desk::new(store.clone(), keys, issuer, shelf, World { now: data::now, entropy: data::entropy }));
    let app = Arc::new(App::new(Arc::clone(&desk), HostList(hosts), public_url.map(|(_, url)| url), args.pack.is_some()));
    if let Some(dir) = args.pack {
        tokio::spawn(watch(Arc::clone(&desk), dir));
    }
    let warm = Arc::clone(&desk);
    tokio::spawn(async move {
        if let Err(error) = warm.warm_committed().await {
            tracing::warn!("{error}");
        }
    });
    announce(address, &folder, store.engine(), args.no_browser);
    web::serve(app, listener, stopped()).await?;
    store.close().await;
    Ok(())
}

fn listen_problem(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "The address {address} is in use, perhaps by another Octo; stop that one, or choose another with --listen 127.0.0.1:0."
        ),
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("This user may not listen on {address}; choose a port above 1023 with --listen.")
        }
        _ => anyhow::anyhow!("Octo cannot listen on {address} ({error}); choose another address with --listen."),
    }
}

/// The course page's address for a person, and the browser where there is one.
fn announce(address: SocketAddr, folder: &Path, engine: store::Engine, no_browser: bool) {
    let shown = if address.ip().is_unspecified() { SocketAddr::new(std::net::Ipv4Addr::LOCALHOST.into(), address.port()) } else { address };
    let url = format!("http://{shown}/");
    tell(&format!("Octo is running at {url}"));
    let kept = match engine {
        store::Engine::Sqlite => format!("Your record is kept in {}.", folder.display()),
        store::Engine::Postgres => {
            format!("Your record is kept in the PostgreSQL that you named, the signing keys in {}.", folder.display())
        }
    };
    tell(&format!("{kept} Stop with Ctrl-C; it will be here when you come back."));
    if !address.ip().is_loopback() {
        tell("Other machines see the page of the course and can check certificates; lessons open on this machine alone.");
    }
    if !no_browser && has_screen() {
        // Nothing depends on it: the address stands above.
        drop(open::that_detached(&url));
    }
}

/// A line for whoever watches; a server does not end because nobody does.
fn tell(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// Whether a browser could open: a person at a terminal with a screen.
fn has_screen() -> bool {
    let screen =
        cfg!(any(target_os = "macos", windows)) || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    screen && std::io::stdout().is_terminal() && std::env::var_os("CI").is_none()
}

/// The course of a folder, or the one inside. A pack with problems is served; one that cannot be
/// taught at all is not.
pub(crate) fn shelf(dir: Option<&Path>) -> anyhow::Result<Shelf> {
    let files = match dir {
        Some(dir) => pack::read(dir)?,
        None => pack::inside(),
    };
    let loaded = course::load(&files);
    let errors = loaded.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if errors > 0 {
        tracing::warn!("The pack has {errors} problems; octo pack check names them.");
    }
    Shelf::new(loaded).map_err(|problems| anyhow::anyhow!("This pack cannot be taught: {}", problems.join(" ")))
}

/// Rereads a working copy when one of its files changes.
async fn watch(desk: Arc<Desk>, dir: PathBuf) {
    let mut seen = newest(&dir);
    loop {
        tokio::time::sleep(Duration::from_millis(700)).await;
        let now = newest(&dir);
        if now == seen {
            continue;
        }
        seen = now;
        let from = dir.clone();
        match tokio::task::spawn_blocking(move || shelf(Some(&from))).await {
            Ok(Ok(shelf)) => desk.reshelve(shelf),
            Ok(Err(error)) => tracing::warn!("The pack was not reread: {error:#}"),
            Err(_) => tracing::warn!("The pack was not reread."),
        }
    }
}

/// How many files there are and when the last of them changed.
fn newest(dir: &Path) -> (usize, Option<SystemTime>) {
    fn walk(dir: &Path, depth: usize, found: &mut (usize, Option<SystemTime>)) {
        let Ok(entries) = std::fs::read_dir(dir) else { return };
        for entry in entries.flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            if meta.is_dir() && depth < 8 {
                walk(&entry.path(), depth + 1, found);
            } else if meta.is_file() {
                found.0 += 1;
                found.1 = found.1.max(meta.modified().ok());
            }
        }
    }
    let mut found = (0, None);
    walk(dir, 0, &mut found);
    found
}

/// "https://octo.example.org" -> its host, and itself without a slash at the end.
fn check_public_url(url: &str) -> anyhow::Result<(String, String)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(host) =
        rest.map(|rest| rest.trim_end_matches('/')).filter(|host| !host.is_empty() && !host.contains(['/', '@', '?', '#', ' ']))
    else {
        bail!("“{url}” is not an address such as https://octo.example.org; paths are not supported.");
    };
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    Ok((name.to_ascii_lowercase(), url.trim_end_matches('/').to_owned()))
}

/// Completes on Ctrl-C or when the system asks the process to end.
async fn stopped() {
    let interrupt = async {
        // Without a handler Ctrl-C ends the process at once, which loses nothing acknowledged.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    () = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => interrupt.await,
        }
    }
    #[cfg(not(unix))]
    interrupt.await;
}
