//! The server's one builder, and whose turn it is: there is one build at a time, whoever asks for it.

use kata_builder::Builder;
use kata_zones::Workspace;
use tokio::sync::{Mutex, MutexGuard, OnceCell};

/// The builder, made when it is first asked for.
#[derive(Default)]
pub struct Workshop {
    builder: OnceCell<Result<Builder, String>>,
    turn: Mutex<()>,
}

impl Workshop {
    /// The builder, or why there is none.
    pub async fn builder(&self, ws: &Workspace) -> &Result<Builder, String> {
        let make = async || {
            let ws = ws.clone();
            match tokio::task::spawn_blocking(move || Builder::new(&ws)).await {
                Ok(made) => made.map_err(|error| format!("{error:#}")),
                Err(error) => Err(error.to_string()),
            }
        };
        self.builder.get_or_init(make).await
    }

    /// Waits for its turn, after those who wait already. It ends when this is dropped.
    pub async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }
}
