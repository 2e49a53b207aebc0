//! `cargo kata serve`: the book, alive.
//!
//! The book is up at once; bundles are compiled in the background and whenever a
//! page asks for one. Nothing that a reader writes can take the server down: what
//! does not compile is a state of a bundle, and a chapter that does not build is
//! a banner over the last one that did.

mod accept;
mod bundles;
mod compile;
mod door;
mod folder;
mod guard;
mod lab;
mod progress;
mod proxy;
mod routes;
mod service;
mod shelf;
mod site;
mod source;
mod watch;
mod worker;
mod workshop;

use crate::cli::Serve;
use anyhow::{Context, bail};
use bundles::Bundles;
use compile::Desk;
use guard::Names;
use kata_lab::{Lab, LabOptions};
use kata_zones::Workspace;
use serde::Serialize;
use site::Site;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

/// What pages are told through `-/events`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(super) enum News {
    /// The book changed: load it again.
    Reload {},
    /// A bundle was rebuilt after an edit.
    Bundle {
        slug: String,
        variant: String,
        status: &'static str,
    },
    /// The book could not be rebuilt, and why.
    Problem { message: String },
}

/// Removes the site when the server ends, however it ends and whoever else still holds it.
struct Closing(Arc<App>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.site.close();
    }
}

/// What the parts of the server share.
pub(super) struct App {
    pub ws: Workspace,
    pub site: Site,
    /// Where texts are compiled, and the bundles of the book are.
    pub desk: Arc<Desk>,
    /// The lab's own address.
    pub lab: String,
    pub lab_client: lab::LabClient,
    pub names: Names,
    /// Other servers below paths of the book, if the reader has asked for any.
    pub proxy: Option<proxy::Proxy>,
    /// What a page of this launch can bring back.
    pub token: String,
    pub news: broadcast::Sender<News>,
}

impl App {
    pub fn bundles(&self) -> &Bundles {
        &self.desk.bundles
    }

    /// Tells every open page; nobody may be listening.
    pub fn tell(&self, news: News) {
        let _ = self.news.send(news);
    }
}

pub async fn run(ws: &Workspace, args: &Serve) -> anyhow::Result<ExitCode> {
    let listener = match TcpListener::bind((args.listen, args.port)).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "port {} is taken by another program (perhaps another `cargo kata serve`); \
             choose one with --port, or --port 0 for any free one",
            args.port
        ),
        Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {
            bail!("{} is no address of this machine", args.listen)
        }
        Err(error) => {
            let wanted = SocketAddr::new(args.listen, args.port);
            return Err(error).with_context(|| format!("listening on {wanted}"));
        }
    };
    let listening = listener.local_addr().context("asking for the port")?;
    if let Some(origin) = &args.compile_for {
        return service::run(ws, listener, origin).await;
    }
    let lab = Lab::start(LabOptions {
        addr: (Ipv4Addr::LOCALHOST, 0).into(),
        ..LabOptions::default()
    })?;
    let names = Names::new(args.listen, &args.host);
    let proxy = proxy::new(ws.root(), &names, listening.port())?;
    let (news, _) = broadcast::channel(64);
    let app = Arc::new(App {
        ws: ws.clone(),
        site: Site::new(ws)?,
        desk: Arc::new(Desk::new(ws, "-/")),
        lab: lab.base_url(),
        lab_client: lab::client(),
        names,
        proxy,
        token: progress::new_token(),
        news,
    });
    let _closing = Closing(app.clone());
    // First, so that no edit is missed.
    let watching = watch::start(&app);
    eprintln!("building the book");
    if let Err(error) = app.site.rebuild(&app.ws) {
        eprintln!("the book does not build: {error:#}");
    }
    let building = tokio::spawn(worker::work(app.clone()));
    let address = format!("http://{}/", here(listening));
    println!("The book is at {address} (Ctrl-C ends it)");
    if !listening.ip().is_loopback() {
        eprintln!(
            "note: everybody who reaches {listening} can read this book, read and change your katas, mark them \
             as solved, and have any Rust compiled here; CONTRIBUTING says what is guarded"
        );
    }
    if args.open {
        open(&address);
    }
    accept::serve(listener, routes::router(app)).await;
    building.abort();
    drop(watching);
    Ok(ExitCode::SUCCESS)
}

/// The address for a browser of this machine.
fn here(listening: SocketAddr) -> SocketAddr {
    match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, listening.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, listening.port()).into(),
        _ => listening,
    }
}

/// Asks the desktop to show the book; a machine without one just goes on.
fn open(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    if let Err(error) = std::process::Command::new(opener).arg(address).spawn() {
        eprintln!("note: {opener} could not be run ({error}); open {address} yourself");
    }
}
