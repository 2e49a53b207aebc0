//! A fingerprint of what a module does, and not of where it was built.
//!
//! Two builds of one source differ in what describes the build: folders in debug information,
//! versions of tools, names of functions. A custom section does not count if it only describes:
//! `name`, `producers`, `build_id`, `sourceMappingURL`, `external_debug_info`, and all whose
//! names begin with `.debug_`. Every other section counts, also a custom one that nobody has
//! heard of.

#[doc(inline)]
pub use contract::*;

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
    digest.add(module);
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
    let pairs = sections(left)?.into_iter().zip(sections(right)?);
    let different = pairs.filter(|(left, right)| left != right);
    let difference = |(left, right): (Section<'a>, Section<'a>)| Difference {
        kind: left.kind,
        counts: true,
        change: Change::Differs {
            at: shared(left.body, right.body),
        },
    };
    Ok(different.map(difference).collect())
}

/// How many bytes two bodies share from their start on.
fn shared(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).take_while(|(a, b)| a == b).count()
}
