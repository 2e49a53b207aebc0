//! What is given: a module cut into its sections, a digest, and how a difference is told.

use std::fmt;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// What a section is. A custom section is known by its name; every other kind occurs at most
/// once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names of WebAssembly's specification")]
pub enum Kind<'a> {
    Type,
    Import,
    Function,
    Table,
    Memory,
    Tag,
    Global,
    Export,
    Start,
    Element,
    DataCount,
    Code,
    Data,
    /// A section that WebAssembly itself gives no meaning. A module may have several, also of
    /// one name, and they may stand anywhere.
    Custom(&'a str),
}

impl Kind<'_> {
    /// The number with which such a section begins. All custom ones share it.
    pub fn id(self) -> u8 {
        match self {
            Self::Custom(_) => 0,
            Self::Type => 1,
            Self::Import => 2,
            Self::Function => 3,
            Self::Table => 4,
            Self::Memory => 5,
            Self::Global => 6,
            Self::Export => 7,
            Self::Start => 8,
            Self::Element => 9,
            Self::Code => 10,
            Self::Data => 11,
            Self::DataCount => 12,
            Self::Tag => 13,
        }
    }
}

/// For people. How a name is shown that is hard to show may change with the compiler, so no fingerprint should depend on it.
impl fmt::Display for Kind<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom(name) => write!(out, "custom {name:?}"),
            Self::DataCount => out.write_str("data count"),
            kind => out.write_str(&format!("{kind:?}").to_lowercase()),
        }
    }
}

/// One section of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section<'a> {
    /// What it is.
    pub kind: Kind<'a>,
    /// What it holds, without the header that says how long it is. Of a custom section, what
    /// stands behind its name.
    pub body: &'a [u8],
}

/// Why bytes are no module, and where that was seen, counted in bytes from their start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The first eight bytes are not those of a WebAssembly 1 module. (A component has another
    /// version.)
    #[error("no WebAssembly module begins like this")]
    Preamble,
    /// The bytes end inside of a section.
    #[error("the bytes end inside of the section at {at}")]
    Truncated {
        /// Where the section begins.
        at: usize,
    },
    /// A length has more than 32 bits.
    #[error("no length at {at}")]
    Length {
        /// Where the number begins.
        at: usize,
    },
    /// No such section is known.
    #[error("unknown section {id} at {at}")]
    Unknown {
        /// Its number.
        id: u8,
        /// Where the section begins.
        at: usize,
    },
    /// A section stands twice, or behind one that it must come before.
    #[error("the section at {at} is out of order")]
    Order {
        /// Where the section begins.
        at: usize,
    },
    /// The name of a custom section is not UTF-8, or longer than its section.
    #[error("the custom section at {at} has no name")]
    Name {
        /// Where the section begins.
        at: usize,
    },
}

/// Cuts a module into its sections, in the order in which they stand.
///
/// What the sections hold is not looked at: that is the engine's to judge.
///
/// # Errors
/// See [`Malformed`].
pub fn sections(module: &[u8]) -> Result<Vec<Section<'_>>, Malformed> {
    let mut rest = module
        .strip_prefix(b"\0asm\x01\0\0\0")
        .ok_or(Malformed::Preamble)?;
    let mut last = None;
    let mut found = Vec::new();
    while let Some((&id, tail)) = rest.split_first() {
        let at = module.len() - rest.len();
        let (len, tail) = length(tail, module.len(), at)?;
        let (body, tail) = tail
            .split_at_checked(len)
            .ok_or(Malformed::Truncated { at })?;
        let section = if id == 0 {
            named(body).ok_or(Malformed::Name { at })?
        } else {
            let kind = kind(id).ok_or(Malformed::Unknown { id, at })?;
            if last.replace(kind) >= Some(kind) {
                return Err(Malformed::Order { at });
            }
            Section { kind, body }
        };
        found.push(section);
        rest = tail;
    }
    Ok(found)
}

/// A section's length, and what stands behind it.
fn length(bytes: &[u8], end: usize, at: usize) -> Result<(usize, &[u8]), Malformed> {
    match leb(bytes) {
        Leb::Number(len, tail) => Ok((len as usize, tail)),
        Leb::Cut => Err(Malformed::Truncated { at }),
        Leb::TooLong => Err(Malformed::Length {
            at: end - bytes.len(),
        }),
    }
}

/// A custom section's name, and its body behind that.
fn named(body: &[u8]) -> Option<Section<'_>> {
    let Leb::Number(len, tail) = leb(body) else {
        return None;
    };
    let (name, body) = tail.split_at_checked(len as usize)?;
    let kind = Kind::Custom(str::from_utf8(name).ok()?);
    Some(Section { kind, body })
}

enum Leb<'a> {
    Number(u32, &'a [u8]),
    Cut,
    TooLong,
}

/// An unsigned number of 32 bits, in LEB128: seven bits a byte, the low ones first.
fn leb(bytes: &[u8]) -> Leb<'_> {
    let mut number = 0;
    for (index, &byte) in bytes.iter().take(5).enumerate() {
        // Of the fifth byte four bits are left, and none may follow it.
        if index == 4 && byte > 0x0f {
            return Leb::TooLong;
        }
        number |= u32::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            return Leb::Number(number, &bytes[index + 1..]);
        }
    }
    Leb::Cut
}

fn kind(id: u8) -> Option<Kind<'static>> {
    let known = [
        Kind::Type,
        Kind::Import,
        Kind::Function,
        Kind::Table,
        Kind::Memory,
        Kind::Tag,
        Kind::Global,
        Kind::Export,
        Kind::Start,
        Kind::Element,
        Kind::DataCount,
        Kind::Code,
        Kind::Data,
    ];
    known.into_iter().find(|kind| kind.id() == id)
}

/// SHA-256, of all that is added to it in turn.
///
/// Where one piece ends and the next begins leaves no trace: `"ab"` and `"c"` are `"a"` and
/// `"bc"`.
#[derive(Debug, Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all that was added.
    pub fn finish(self) -> Fingerprint {
        Fingerprint(self.0.finalize().into())
    }
}

/// What stands for a module: 256 bits, shown in hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// A section that two modules do not share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference<'a> {
    /// Which section.
    pub kind: Kind<'a>,
    /// Whether it changes the fingerprint.
    pub counts: bool,
    /// How the two sides differ.
    pub change: Change,
}

/// How the two sides of a section differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Both have it, and what it holds is not the same.
    Differs {
        /// The first byte that differs, counted from the start of the bodies. If one of them is
        /// only longer, where the shorter one ends.
        at: usize,
    },
    /// Only the left module has it.
    OnlyLeft,
    /// Only the right module has it.
    OnlyRight,
}
