//! What two runs never have in common, boiled down to what they always have.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};
use std::time::{Duration, Instant, SystemTime};

fn main() {
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    println!(
        "clocks: after 2025 {}",
        since_1970 > Duration::from_secs(1_735_689_600)
    );
    println!(
        "before 2500 {}",
        since_1970 < Duration::from_secs(16_725_225_600)
    );
    let start = Instant::now();
    let mut last = start.elapsed();
    let steady = (0..100).all(|_| {
        let now = start.elapsed();
        std::mem::replace(&mut last, now) <= now
    });
    println!(
        "steady {steady}, below a minute {}",
        last < Duration::from_secs(60)
    );
    let mut hasher = RandomState::new().build_hasher();
    7.hash(&mut hasher);
    println!("hashed {}", hasher.finish() != 0);
}
