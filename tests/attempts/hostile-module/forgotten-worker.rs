//! Runs modules that nobody here has read, in workers of their own.

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
    let cage = Cage::open()?;
    let work = async {
        cage.fill(limits.fuel);
        cage.load(&guest).await?;
        cage.call().await
    };
    let outcome = within(limits.time, work).await;
    // What has ended by itself needs no ending.
    if outcome.is_none() {
        cage.terminate();
    }
    outcome.unwrap_or(Err(End::Late))
}
