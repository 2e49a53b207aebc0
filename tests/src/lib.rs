//! Support for the book tests.
