//! Runs modules that nobody here has read, and counts what they do.

#[doc(inline)]
pub use contract::*;

/// Runs a guest: starts it, calls its `run` once, and answers what that returned.
///
/// # Errors
/// How the guest ended, if it gave no answer. See [`End`].
pub async fn run(guest: &[u8], limits: &Limits) -> Result<i32, End> {
    if guest.len() > limits.bytes {
        return Err(End::TooLarge(guest.len()));
    }
    let guest = meter(&cap(guest, limits)?)?;
    let work = async {
        let room = Here::new()?;
        // No guest runs for longer than its fuel lasts, so it may as well run here.
        room.fill(limits.fuel);
        room.load(&guest)?;
        room.call()
    };
    within(limits.time, work).await.unwrap_or(Err(End::Late))
}
