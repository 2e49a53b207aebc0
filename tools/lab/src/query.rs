//! Parameters: numbers within a stated range, and the `id` under which a request is counted.

use std::ops::RangeInclusive;

/// Bytes that one answer may promise.
pub(crate) const BYTES: RangeInclusive<u64> = 0..=1024 * 1024;
/// Milliseconds, for whatever waits.
pub(crate) const MILLISECONDS: RangeInclusive<u64> = 0..=30_000;
const MAX_ID: usize = 128;

/// The parameters of one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Query<'a>(pub(crate) &'a str);

/// What is wrong with a parameter, in words for the person who wrote the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadParameter(pub(crate) String);

impl<'a> Query<'a> {
    /// The parameter as it was written: nothing here needs percent-decoding.
    fn raw(self, name: &str) -> Option<&'a str> {
        self.0
            .split('&')
            .find_map(|pair| match pair.split_once('=') {
                Some((key, value)) => (key == name).then_some(value),
                None => (pair == name).then_some(""),
            })
    }

    /// A whole number within `range`.
    ///
    /// # Errors
    /// If it is missing, no number or out of range.
    pub(crate) fn number(
        self,
        name: &str,
        range: RangeInclusive<u64>,
    ) -> Result<u64, BadParameter> {
        number(name, self.raw(name), range)
    }

    /// A whole number within `range`, or `default` if the parameter is not there.
    ///
    /// # Errors
    /// If it is there, but no number or out of range.
    pub(crate) fn number_or(
        self,
        name: &str,
        range: RangeInclusive<u64>,
        default: u64,
    ) -> Result<u64, BadParameter> {
        match self.raw(name) {
            None => Ok(default),
            raw => number(name, raw, range),
        }
    }

    /// The name of an endpoint: small letters and hyphens, so that it leads to no other host.
    ///
    /// # Errors
    /// If it is missing, or no such name.
    pub(crate) fn name(self, name: &str) -> Result<&'a str, BadParameter> {
        let raw = self.raw(name).unwrap_or_default();
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        if raw.is_empty() || !raw.bytes().all(is_name) {
            return Err(BadParameter(format!(
                "{name}: expected the name of an endpoint, such as ok, got {raw:?}"
            )));
        }
        Ok(raw)
    }

    /// The `id` under which the request is counted, if it has one.
    ///
    /// # Errors
    /// If it is empty or too long.
    pub(crate) fn id(self) -> Result<Option<&'a str>, BadParameter> {
        match self.raw("id") {
            Some(id) if id.is_empty() || id.len() > MAX_ID => Err(BadParameter(format!(
                "id: expected 1 to {MAX_ID} characters, got {}",
                id.len()
            ))),
            id => Ok(id),
        }
    }
}

/// Reads `raw` as a whole number within `range`; `name` is for the message.
///
/// # Errors
/// If it is missing, no number or out of range.
pub(crate) fn number(
    name: &str,
    raw: Option<&str>,
    range: RangeInclusive<u64>,
) -> Result<u64, BadParameter> {
    let expected = || {
        format!(
            "{name}: expected a whole number from {} to {}",
            range.start(),
            range.end()
        )
    };
    let Some(raw) = raw else {
        return Err(BadParameter(format!("{}, got nothing", expected())));
    };
    // `parse` alone would take "+5" too.
    match raw.parse() {
        Ok(value) if range.contains(&value) && raw.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(value)
        }
        _ => Err(BadParameter(format!("{}, got {raw:?}", expected()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_number_is_named_with_its_range() {
        for query in [
            "",
            "bytes",
            "bytes=",
            "bytes=-1",
            "bytes=+1",
            "bytes=1.5",
            "bytes=11",
            "bytes=0x1",
            "byte=1",
        ] {
            let BadParameter(text) = Query(query).number("bytes", 0..=10).unwrap_err();
            assert!(
                text.starts_with("bytes: expected a whole number from 0 to 10, got "),
                "{query:?} gave {text:?}"
            );
        }
        assert_eq!(Query("a=1&bytes=10").number("bytes", 0..=10), Ok(10));
    }

    #[test]
    fn an_id_is_taken_as_written() {
        assert_eq!(Query("id=a%20b").id(), Ok(Some("a%20b")));
        assert_eq!(Query("").id(), Ok(None));
        assert!(Query("id=").id().is_err());
        assert!(
            Query(&format!("id={}", "x".repeat(MAX_ID + 1)))
                .id()
                .is_err()
        );
    }
}
