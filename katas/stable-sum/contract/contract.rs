//! What is given in `stable-sum`: the error of slices that do not pair up.

/// Two slices that should pair up have different lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a dot product needs slices of one length, not {left} and {right}")]
pub struct LengthMismatch {
    /// Elements on the left.
    pub left: usize,
    /// Elements on the right.
    pub right: usize,
}

impl LengthMismatch {
    /// Nothing, for slices of one length.
    ///
    /// # Errors
    ///
    /// [`LengthMismatch`] if the slices differ in length.
    pub fn check<T>(left: &[T], right: &[T]) -> Result<(), Self> {
        let (left, right) = (left.len(), right.len());
        if left == right {
            Ok(())
        } else {
            Err(Self { left, right })
        }
    }
}
