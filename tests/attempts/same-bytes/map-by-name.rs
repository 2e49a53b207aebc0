//! A fingerprint of what a module does, and not of where it was built.
//!
//! A map from kind to body puts everything in order by itself.

use std::collections::{BTreeMap, BTreeSet};

#[doc(inline)]
pub use contract::*;

/// Whether what a section holds can change what the module does.
///
/// A custom section does not count if it only describes: `name`, `producers`, `build_id`,
/// `sourceMappingURL`, `external_debug_info`, and all whose names begin with `.debug_`. Every
/// other section counts.
fn counts(kind: Kind<'_>) -> bool {
    let Kind::Custom(name) = kind else {
        return true;
    };
    let describes = matches!(
        name,
        "name" | "producers" | "build_id" | "sourceMappingURL" | "external_debug_info"
    );
    !describes && !name.starts_with(".debug_")
}

/// A module's bodies, each under its section's kind.
fn bodies(module: &[u8]) -> Result<BTreeMap<Kind<'_>, &[u8]>, Malformed> {
    let bodies = sections(module)?.into_iter();
    Ok(bodies.map(|section| (section.kind, section.body)).collect())
}

/// What stands for the module, wherever and whenever it was built.
///
/// These do not change it: a section that does not count, where the custom sections stand, in
/// which order those of different names do, and in how many bytes a section's length is written.
/// Everything else does, byte for byte, also a path that stands in the data.
///
/// # Errors
/// [`Malformed`] if the bytes are no module.
pub fn fingerprint(module: &[u8]) -> Result<Fingerprint, Malformed> {
    let mut digest = Digest::new();
    for (kind, body) in bodies(module)? {
        if counts(kind) {
            let name = match kind {
                Kind::Custom(name) => name,
                _ => "",
            };
            for part in [&[kind.id()][..], name.as_bytes(), body] {
                digest.add(&(part.len() as u64).to_le_bytes());
                digest.add(part);
            }
        }
    }
    Ok(digest.finish())
}

/// Every section that the two modules do not share, in any order, and whether it counts.
///
/// Sections are compared with those of the same kind, wherever they stand, and where a kind
/// occurs more than once, the first with the first. So the fingerprints are equal if, and only
/// if, no difference counts.
///
/// # Errors
/// [`Malformed`] if one of the two is no module.
pub fn explain<'a>(left: &'a [u8], right: &'a [u8]) -> Result<Vec<Difference<'a>>, Malformed> {
    let (left, right) = (bodies(left)?, bodies(right)?);
    let keys: BTreeSet<_> = left.keys().chain(right.keys()).collect();
    let difference = |key: &Kind<'a>| {
        let change = match (left.get(key), right.get(key)) {
            (Some(left), Some(right)) if left == right => return None,
            (Some(left), Some(right)) => Change::Differs {
                at: shared(left, right),
            },
            (Some(_), None) => Change::OnlyLeft,
            (None, _) => Change::OnlyRight,
        };
        Some(Difference {
            kind: *key,
            counts: counts(*key),
            change,
        })
    };
    Ok(keys.into_iter().filter_map(difference).collect())
}

/// How many bytes two bodies share from their start on.
fn shared(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).take_while(|(a, b)| a == b).count()
}
