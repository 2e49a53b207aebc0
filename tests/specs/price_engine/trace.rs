//! A shop of so many items, and requests to it, all from seeds: the same here, natively, and in what measures the
//! engine. Numbers and text alone, so that others may read it who know nothing of the zone.

use super::random::Random;
use std::fmt::Write;

/// Where the shop sells.
const COUNTRIES: [&str; 12] = [
    "AT", "BE", "DE", "DK", "ES", "FI", "FR", "IE", "IT", "NL", "PT", "SE",
];

/// The digest of the numbers of 200 quotes, of requests from seed 67 to a shop of 20 items. JavaScript's engine
/// comes to it too.
pub const DIGEST: u64 = 0x358a_9adb_1449_f00c;

/// A request: where to, and items with their quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub to: &'static str,
    pub lines: Vec<(u32, u32)>,
}

/// The id of an item.
fn id(index: usize, items: usize) -> usize {
    1000 + index * 37 % items
}

/// The rules of a shop with so many items, no multiple of 37.
pub fn shop(items: usize) -> String {
    let random = &mut Random::new(62);
    let mut text = String::from("shop main currency=EUR rounding=half-even\n");
    let mut line = |words: std::fmt::Arguments<'_>| {
        let _ = writeln!(text, "{words}");
    };
    for (index, to) in COUNTRIES.iter().enumerate() {
        let (whole, reduced) = (19 + index % 7, 5 + index % 5);
        line(format_args!(
            "tax tax-{to} to={to} standard={whole} reduced={reduced}.5"
        ));
    }
    for index in 0..items {
        let cents = 200 + random.below(20_000);
        let class = ["standard", "reduced", "standard", "zero"][index % 4];
        line(format_args!(
            "item item-{index} id={} class={class} price={}.{:02}",
            id(index, items),
            cents / 100,
            cents % 100,
        ));
        let mut less = cents;
        for from in [5, 20, 100].into_iter().take(index % 4) {
            less = less * 93 / 100;
            let (euros, cents) = (less / 100, less % 100);
            line(format_args!(
                "tier item-{index}-{from} item=item-{index} from={from} price={euros}.{cents:02}"
            ));
        }
    }
    for rank in 1..=20 {
        let (item, from) = (random.below(items), 1 + random.below(6));
        let percent = 2 + random.below(30);
        line(format_args!(
            "promo promo-{rank} rank={rank} item=item-{item} from={from} percent={percent}.5"
        ));
    }
    line(format_args!(
        "promo everything rank=99 from=50 percent=2.25"
    ));
    text
}

/// So many requests to a shop with so many items. One in fifty is at fault.
pub fn requests(seed: u64, items: usize, count: usize) -> Vec<Request> {
    let random = &mut Random::new(seed);
    (0..count).map(|_| request(random, items)).collect()
}

fn request(random: &mut Random, items: usize) -> Request {
    let to = COUNTRIES[random.below(COUNTRIES.len())];
    let count = 1 + random.below(8);
    let mut lines: Vec<(u32, u32)> = (0..count)
        .map(|_| {
            let most = [4, 4, 30, 400][random.below(4)];
            (
                1000 + random.below(items) as u32,
                1 + random.below(most) as u32,
            )
        })
        .collect();
    let at = random.below(count);
    match random.below(150) {
        0 => lines[at].0 = 999,
        1 => lines[at].1 = 0,
        2 => return Request { to: "XX", lines },
        _ => {}
    }
    Request { to, lines }
}

/// One number for many: FNV-1a over their bytes.
pub fn digest(numbers: impl IntoIterator<Item = i64>) -> u64 {
    let bytes = numbers.into_iter().flat_map(i64::to_le_bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
