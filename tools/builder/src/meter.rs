//! Loops that pay for their turns, and functions that pay for their calls.
//!
//! A worker can be ended from outside. A frame may share the page's thread, and
//! an endless loop in it would freeze the page for good; so would a recursion that
//! branches, which needs no loop and hardly any stack. So the wasm of a frame counts
//! turns and calls down, in the exported global `__kata_fuel`. When
//! that falls below zero it counts one up in `__kata_exhausted`, keeps a small
//! reserve for those who tell of it, and traps. The guest fills it before each test.

use walrus::ir::{BinaryOp, InstrSeqId, Loop, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, GlobalId, LocalFunction, Module, ValType};

/// The exported global, an `i64`: loop turns and calls that are left.
pub(super) const FUEL: &str = "__kata_fuel";

/// The exported global, an `i32`: how often the fuel ran out.
pub(super) const EXHAUSTED: &str = "__kata_exhausted";

/// Turns that are left after a trap: the test context still has to print.
const RESERVE: i64 = 20_000_000;

/// Puts a payment at the head of every function and every loop of the module.
pub(super) fn meter(module: &mut Module) {
    let full = ConstExpr::Value(Value::I64(i64::MAX));
    let fuel = module.globals.add_local(ValType::I64, true, false, full);
    module.exports.add(FUEL, fuel);
    let never = ConstExpr::Value(Value::I32(0));
    let exhausted = module.globals.add_local(ValType::I32, true, false, never);
    module.exports.add(EXHAUSTED, exhausted);
    for (_, function) in module.funcs.iter_local_mut() {
        for body in payers(function) {
            pay(function, body, fuel, exhausted);
        }
    }
}

/// The function's own body and those of its loops.
fn payers(function: &LocalFunction) -> Vec<InstrSeqId> {
    struct Loops(Vec<InstrSeqId>);
    impl Visitor<'_> for Loops {
        fn visit_loop(&mut self, instr: &Loop) {
            self.0.push(instr.seq);
        }
    }
    let mut found = Loops(vec![function.entry_block()]);
    dfs_in_order(&mut found, function, function.entry_block());
    found.0
}

/// `fuel -= 1; if fuel < 0 { fuel = RESERVE; exhausted += 1; unreachable }`, before
/// the loop's own code.
fn pay(function: &mut LocalFunction, body: InstrSeqId, fuel: GlobalId, exhausted: GlobalId) {
    let mut seq = function.builder_mut().instr_seq(body);
    seq.global_get_at(0, fuel)
        .const_at(1, Value::I64(1))
        .binop_at(2, BinaryOp::I64Sub)
        .global_set_at(3, fuel)
        .global_get_at(4, fuel)
        .const_at(5, Value::I64(0))
        .binop_at(6, BinaryOp::I64LtS)
        .if_else_at(
            7,
            None,
            |then| {
                then.i64_const(RESERVE)
                    .global_set(fuel)
                    .global_get(exhausted)
                    .i32_const(1)
                    .binop(BinaryOp::I32Add)
                    .global_set(exhausted)
                    .unreachable();
            },
            |_| {},
        );
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::FunctionBuilder;

    #[test]
    fn every_loop_and_every_function_pays_and_the_module_stays_valid() {
        let mut module = Module::default();
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.func_body().loop_(None, |outer| {
            outer.loop_(None, |inner| {
                let id = inner.id();
                inner.br(id);
            });
        });
        let function = builder.finish(vec![], &mut module.funcs);
        module.exports.add("spin", function);
        meter(&mut module);
        let bytes = module.emit_wasm();
        let read = Module::from_buffer(&bytes).unwrap();
        assert!(read.exports.iter().any(|export| export.name == FUEL));
        let (_, function) = read.funcs.iter_local().next().unwrap();
        let payers = payers(function);
        assert_eq!(payers.len(), 3, "the function and its two loops");
        for body in payers {
            assert!(
                function.block(body).instrs.len() >= 8,
                "a loop or a function does not pay"
            );
        }
    }
}
