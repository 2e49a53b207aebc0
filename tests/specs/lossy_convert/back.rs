//! The way back

use contract::{Lossy, Reason};
use wasm_bindgen_test::*;

use super::expect::{Plain, company, expect_exact_floats, expect_floats};
use super::table::COUNTS;
use crate::zone;

/// A count that no `f32` is gets refused, i32::MAX with the rest.
#[wasm_bindgen_test]
fn exact_floats_refuses_what_it_would_round() {
    let of_bits = "An f32 has 24 bits. A count that needs more is no f32 and must be refused; one that \
                   ends in zeros may be longer.";
    let of_max = "Going there and back as i32 does not show this loss: 2147483647 becomes 2147483648, \
                  and `as` clamps that to 2147483647 again.";
    for (length, of_bits) in company(of_bits) {
        for row in &COUNTS {
            let lesson = match (length, row.count) {
                (1, i32::MAX) => of_max,
                _ => of_bits,
            };
            let case = format!("{length} × {}", row.count);
            expect_exact_floats(&case, &vec![row.count; length], lesson);
        }
    }
}

/// `floats` rounds to the nearest `f32`, ties to even: 16777217 down, 16777219 up.
#[wasm_bindgen_test]
fn counts_become_the_nearest_float() {
    let lesson = "An f32 has 24 bits. A longer number goes to the nearer neighbour, and from the \
                  middle to the one whose last bit is 0.";
    for (length, lesson) in company(lesson) {
        for row in &COUNTS {
            let case = format!("{length} × {}", row.count);
            expect_floats(&case, &vec![row.count; length], lesson);
        }
    }
}

/// What `exact_floats` lets out, `checked` brings back; what `floats` rounds past 2^31, it refuses.
#[wasm_bindgen_test]
fn what_goes_out_comes_back_or_is_refused() {
    for row in &COUNTS {
        let count = row.count;
        if let Ok(floats) = zone::exact_floats(&[count]) {
            let back = zone::checked(&floats);
            assert!(
                back == Ok(vec![count]),
                "exact_floats let {count} out as {}, and checked brought {back:?} back: exact \
                 means that nothing is lost on the way",
                Plain(floats[0])
            );
        }
        let floats = zone::floats(&[count]);
        let back = [zone::saturating(&floats)[0], zone::x86_round(&floats)[0]];
        assert!(
            back == [row.back_on_wasm, row.back_on_x86],
            "{count} becomes {} as a float. That comes back as {} with wasm's saturating \
             instruction and as {} with x86's, but saturating and x86_round answered {back:?}",
            Plain(row.float),
            row.back_on_wasm,
            row.back_on_x86
        );
    }
    let refused = Err(Lossy {
        index: 0,
        reason: Reason::TooLarge,
    });
    for count in [2_147_483_584, i32::MAX] {
        let answer = zone::checked(&zone::floats(&[count]));
        assert!(
            answer == refused,
            "{count} becomes 2147483648 as a float, which is above every i32, but checked answered \
             {answer:?}: the round trip looks clean and the number is another"
        );
    }
}
