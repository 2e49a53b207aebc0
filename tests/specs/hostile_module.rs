//! x
use contract::*;
