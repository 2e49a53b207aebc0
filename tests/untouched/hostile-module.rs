//! Runs modules that nobody here has read.

#[doc(inline)]
pub use contract::*;

/// Runs a guest: starts it, calls its `run` once, and answers what that returned.
///
/// # Errors
/// How the guest ended, if it gave no answer. See [`End`].
pub async fn run(guest: &[u8], limits: &Limits) -> Result<i32, End> {
    let work = async {
        let room = Here::new()?;
        room.load(guest)?;
        room.fill(limits.fuel);
        room.call()
    };
    // A guest that takes too long is given up.
    within(limits.time, work).await.unwrap_or(Err(End::Late))
}
