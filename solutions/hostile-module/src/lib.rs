//! Runs modules that nobody here has read, and lets none of them do harm.
//!
//! Whatever is to stop a guest must stand before its first instruction. So its limits are built into it: it
//! counts its own instructions and knows its own maxima before an engine sees it. A worker keeps this thread free
//! meanwhile, and a clock ends what no counter counts.

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
    let work = async {
        // On this thread, and on the clock.
        let guest = meter(&cap(guest, limits)?)?;
        let cage = Locked(Cage::open()?);
        // The tank first: to load a module is to run its start function.
        cage.0.fill(limits.fuel);
        cage.0.load(&guest).await?;
        cage.0.call().await
    };
    within(limits.time, work).await.unwrap_or(Err(End::Late))
}

/// A cage that ends with its guest, however that ends: with an answer, too late, or because nobody
/// waits for it any more.
struct Locked(Cage);

impl Drop for Locked {
    fn drop(&mut self) {
        self.0.terminate();
    }
}
