//! The wish to stop, whoever utters it.

use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C, `SIGTERM` or a terminal that goes away.
///
/// From the first call on these signals no longer end the process by themselves.
pub async fn shutdown_signal() {
    tokio::select! {
        () = one(SignalKind::interrupt()) => {}
        () = one(SignalKind::terminate()) => {}
        () = one(SignalKind::hangup()) => {}
    }
}

async fn one(kind: SignalKind) {
    match signal(kind) {
        Ok(mut stream) => {
            stream.recv().await;
        }
        // Then the signal keeps its own effect, which is to end us: the guard does the rest.
        Err(_) => std::future::pending().await,
    }
}
