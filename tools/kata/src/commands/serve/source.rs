//! The reader's own file: read by a page, and written by one on request.
//!
//! A write is whole or nothing, and never over a text that the page has not seen: the file may have been changed in
//! another editor or another tab meanwhile.

use super::App;
use super::door::{Brought, refusal, refused};
use crate::commands::owner;
use anyhow::{Context, bail};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kata_zones::{Zone, sha256};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::io::Write;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::process::Command;
use tokio::task::spawn_blocking;

/// Names the program that opens a file outside of a terminal, such as `code -g`.
const EDITOR: &str = "KATA_EDITOR";

/// Held from the look at the file to its replacement: two tabs do not meet.
static SAVING: Mutex<()> = Mutex::new(());

/// A text and the hash by which its next version refers to it.
#[derive(Serialize)]
pub struct Text {
    text: String,
    hash: String,
}

/// What a page wants to be in the file.
#[derive(Deserialize)]
pub struct Wanted {
    text: String,
    /// The hash of the text that it began with.
    base: String,
}

/// What became of it.
enum Saved {
    /// The file has the text, which has this hash.
    Done(String),
    /// The file has another text than the page began with.
    Other(Text),
}

pub async fn read(State(app): State<Arc<App>>, Path(slug): Path<String>) -> Response {
    let Ok(zone) = app.ws.zone(&slug) else {
        return no_zone();
    };
    match spawn_blocking(move || text_of(&zone)).await {
        Ok(Ok(text)) => Json(text).into_response(),
        Ok(Err(error)) => refusal(StatusCode::UNPROCESSABLE_ENTITY, &format!("{error:#}")),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

pub async fn write(
    State(app): State<Arc<App>>,
    Path(slug): Path<String>,
    Brought(wanted): Brought<Wanted>,
) -> Response {
    let Ok(zone) = app.ws.zone(&slug) else {
        return no_zone();
    };
    if let Some(refused) = refused(&wanted.text) {
        return refused;
    }
    match spawn_blocking(move || save(&zone, &wanted)).await {
        Ok(Ok(Saved::Done(hash))) => Json(json!({ "hash": hash })).into_response(),
        Ok(Ok(Saved::Other(text))) => (StatusCode::CONFLICT, Json(text)).into_response(),
        Ok(Err(error)) => {
            eprintln!("note: {error:#}");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"))
        }
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

/// Shows the file in the reader's own editor.
pub async fn open(State(app): State<Arc<App>>, Path(slug): Path<String>) -> Response {
    let Ok(zone) = app.ws.zone(&slug) else {
        return no_zone();
    };
    let path = zone.display(&zone.kata_lib()).to_string();
    match show(&zone) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            let why = json!({ "reason": format!("{error:#}"), "path": path });
            (StatusCode::NOT_IMPLEMENTED, Json(why)).into_response()
        }
    }
}

fn no_zone() -> Response {
    refusal(StatusCode::NOT_FOUND, "There is no such zone.")
}

fn text_of(zone: &Zone) -> anyhow::Result<Text> {
    let path = zone.kata_lib();
    let reading = || format!("reading {}", zone.display(&path));
    let text = std::fs::read_to_string(&path).with_context(reading)?;
    let hash = sha256(text.as_bytes());
    Ok(Text { text, hash })
}

fn save(zone: &Zone, wanted: &Wanted) -> anyhow::Result<Saved> {
    let _turn = SAVING.lock().unwrap_or_else(PoisonError::into_inner);
    let path = zone.kata_lib();
    let writing = || format!("writing {}", zone.display(&path));
    // Through a link of the reader's, to where the file is.
    let path = path.canonicalize().with_context(writing)?;
    let folder = path.parent().with_context(writing)?;
    let permissions = path.metadata().with_context(writing)?.permissions();
    // By this name nobody takes it for a source.
    let mut whole = tempfile::Builder::new()
        .prefix(".lib.rs-")
        .permissions(permissions)
        .tempfile_in(folder)
        .with_context(writing)?;
    whole
        .write_all(wanted.text.as_bytes())
        .and_then(|()| whole.as_file().sync_all())
        .with_context(writing)?;
    owner::take_from(&path, whole.path());
    let now = text_of(zone)?;
    if now.hash != wanted.base {
        return Ok(Saved::Other(now));
    }
    whole.persist(&path).with_context(writing)?;
    Ok(Saved::Done(sha256(wanted.text.as_bytes())))
}

/// Starts the editor and leaves it alone.
fn show(zone: &Zone) -> anyhow::Result<()> {
    let command = std::env::var(EDITOR).unwrap_or_default();
    let words = shlex::split(&command)
        .with_context(|| format!("{EDITOR}={command} has a quote that does not end"))?;
    let mut words = words.iter();
    let Some(program) = words.next() else {
        bail!(
            "{EDITOR} is not set; set it to what opens a file in your editor, such as `code -g`, \
             and start `cargo kata serve` again"
        );
    };
    Command::new(program)
        .args(words)
        .arg(zone.kata_lib())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(|_| ())
        .with_context(|| format!("starting `{program}`, which {EDITOR} names"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kata_zones::Workspace;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::path::PathBuf;

    const TEXT: &str = "// one\n";

    /// A zone of a clone that has nothing else, and its file.
    fn zone() -> (tempfile::TempDir, Zone, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../katas/detached-view/kata.toml");
        let folder = dir.path().join("katas/detached-view");
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::copy(manifest, folder.join("kata.toml")).unwrap();
        std::fs::write(dir.path().join("book.toml"), "").unwrap();
        let members = "[workspace]\nmembers = [\"katas/detached-view\"]\n";
        std::fs::write(dir.path().join("Cargo.toml"), members).unwrap();
        std::fs::write(folder.join("src/lib.rs"), TEXT).unwrap();
        let ws = Workspace::find(dir.path()).unwrap();
        let zone = ws.zone("detached-view").unwrap();
        let lib = zone.kata_lib();
        (dir, zone, lib)
    }

    fn wanted(text: &str, base: &str) -> Wanted {
        Wanted {
            text: text.to_owned(),
            base: sha256(base.as_bytes()),
        }
    }

    fn files(lib: &std::path::Path) -> usize {
        lib.parent().unwrap().read_dir().unwrap().count()
    }

    #[test]
    fn what_was_seen_is_replaced_whole() {
        let (_dir, zone, lib) = zone();
        std::fs::set_permissions(&lib, PermissionsExt::from_mode(0o640)).unwrap();
        // Where we are root, it is somebody else's.
        let _ = std::os::unix::fs::chown(&lib, Some(1000), None);
        let owner = || lib.metadata().unwrap().uid();
        let before = owner();
        let saved = save(&zone, &wanted("// two\n", TEXT)).unwrap();
        assert!(matches!(saved, Saved::Done(hash) if hash == sha256(b"// two\n")));
        assert_eq!(std::fs::read_to_string(&lib).unwrap(), "// two\n");
        let mode = lib.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "others can read it, or nobody can");
        assert_eq!(owner(), before, "it is root's now");
        assert_eq!(files(&lib), 1);
    }

    #[test]
    fn a_newer_text_is_never_written_over() {
        let (_dir, zone, lib) = zone();
        std::fs::write(&lib, "// newer\n").unwrap();
        let saved = save(&zone, &wanted("// two\n", TEXT)).unwrap();
        assert!(matches!(saved, Saved::Other(text) if text.text == "// newer\n"));
        assert_eq!(std::fs::read_to_string(&lib).unwrap(), "// newer\n");
        assert_eq!(files(&lib), 1, "half a write is left behind");
    }

    #[test]
    fn a_link_stays_a_link() {
        let (dir, zone, lib) = zone();
        let there = dir.path().join("elsewhere.rs");
        std::fs::rename(&lib, &there).unwrap();
        std::os::unix::fs::symlink(&there, &lib).unwrap();
        save(&zone, &wanted("// two\n", TEXT)).unwrap();
        assert!(lib.is_symlink());
        assert_eq!(std::fs::read_to_string(&there).unwrap(), "// two\n");
    }
}
