//! Chromium's own sandbox, which not every machine lets it have.
//!
//! It is built of user namespaces. Root gets none from Chromium, and many containers and some
//! distributions give none to other users. There Chromium ends at once, without a word that reaches
//! us. So if it only starts without, it runs without, and that is said. Under stock `cargo test` it
//! has none in any case.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::Engine;
use crate::machine::is_root;

/// Whether Chromium has been seen to start only without.
static IS_REFUSED: AtomicBool = AtomicBool::new(false);

/// Whether to try it.
pub(crate) fn is_wanted() -> bool {
    !is_root() && !IS_REFUSED.load(Ordering::Relaxed)
}

/// With and without it: the attempts to open a session, in order. Each kind gets a second chance,
/// for a busy machine can make a browser miss its own deadlines.
pub(crate) fn attempts(engine: Engine, is_wanted: bool) -> &'static [bool] {
    let is_wanted = is_wanted && !IS_REFUSED.load(Ordering::Relaxed);
    match engine {
        Engine::Chromium if is_wanted => &[true, true, false],
        _ => &[false, false],
    }
}

/// Remembers and says, once, that Chromium starts only without it.
pub(crate) fn is_refused() {
    if !IS_REFUSED.swap(true, Ordering::Relaxed) {
        eprintln!(
            "note: Chromium starts only without its sandbox here, so it runs without. \
             To give it one, let users make namespaces: `sysctl kernel.unprivileged_userns_clone=1`, \
             on Ubuntu `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, in a container its options."
        );
    }
}
