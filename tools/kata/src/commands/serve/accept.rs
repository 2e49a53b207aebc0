//! The connections of a server: so many at once, and none that says nothing for ever.

use super::lab::Line;
use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustix::process::{Resource, getrlimit, setrlimit};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tower::ServiceExt;

/// Connections at once: thirty browsers with a few tabs each. More wait before the door.
const AT_ONCE: usize = 1024;

/// How long the head of a request may take to arrive, and how long a connection may be idle.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long nobody is let in when the machine has no room for another connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers connections until it is dropped. Each request knows by which one it came.
pub async fn serve(listener: TcpListener, router: Router) {
    open_more_files();
    let room = Arc::new(Semaphore::new(AT_ONCE));
    // Nobody closes the semaphore.
    while let Ok(place) = room.clone().acquire_owned().await {
        // One that was gone before it was let in is no reason to end, and neither is a machine that is out of files.
        let Ok((stream, _)) = listener.accept().await else {
            sleep(PAUSE).await;
            continue;
        };
        let (line, router) = (ConnectInfo(Line::of(&stream)), router.clone());
        let answer = service_fn(move |mut request: hyper::Request<_>| {
            request.extensions_mut().insert(line.clone());
            router.clone().oneshot(request.map(Body::new))
        });
        tokio::spawn(async move {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .serve_connection(TokioIo::new(stream), answer)
                .with_upgrades();
            // Whoever goes in the middle of an answer is told nothing more.
            let _ = connection.await;
            drop(place);
        });
    }
}

/// Allows this process as many open files as the system lets it have. The usual 1,024 are fewer than a class of thirty takes:
/// each connection is two, and each compiler some more.
fn open_more_files() {
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, files) {
        eprintln!("note: the limit of open files stays as it is ({error})");
    }
}
