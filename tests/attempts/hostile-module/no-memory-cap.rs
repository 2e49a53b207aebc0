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
    // It grows by instructions, and those are counted.
    let guest = meter(guest)?;
    let cage = Locked(Cage::open()?);
    let work = async {
        cage.0.fill(limits.fuel);
        cage.0.load(&guest).await?;
        cage.0.call().await
    };
    within(limits.time, work).await.unwrap_or(Err(End::Late))
}

struct Locked(Cage);

impl Drop for Locked {
    fn drop(&mut self) {
        self.0.terminate();
    }
}
