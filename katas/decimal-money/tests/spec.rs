use kata_decimal_money as zone;
#[path = "../../../tests/specs/decimal_money.rs"]
mod spec;
