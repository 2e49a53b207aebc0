//! Big fractions of GMP, a library in C. It does not build for this target, so
//! no more is needed to see that.

pub use rug::Rational as Number;
