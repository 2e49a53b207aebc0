//! Each proposal is named, with its place

use contract::Proposal;
use wasm_bindgen_test::*;

use super::expect::{
    ROOM, allowing, expect_needs, forbidden, list, mvp_and, needs_of, passes, proposal,
};
use super::guests::AS_IT_COMES;
use super::samples::{EITHER, LISTS, PLAIN, SAMPLES, SEVERAL};
use crate::zone::inspect;

/// The first WebAssembly needs no proposal. Its floats can be forbidden all the same, for whoever wants the same bits
/// everywhere.
#[wasm_bindgen_test]
fn the_first_webassembly_needs_no_proposal() {
    expect_needs(
        PLAIN.bytes,
        &PLAIN,
        "a module of the first WebAssembly, with floats",
    );
    passes(
        PLAIN.bytes,
        &allowing(mvp_and(&[])),
        "A module of the first WebAssembly, and a policy that allows nothing more.",
    );
    let floats = Proposal::named("floats").unwrap();
    let policy = allowing(floats.off(mvp_and(&[])));
    forbidden(
        PLAIN.bytes,
        &policy,
        ("floats", 0xf),
        "A module with floats, and a policy that forbids them. The validator has a switch for them like for any proposal.",
    );
    let empty = b"\0asm\x01\0\0\0";
    passes(empty, &policy, "The smallest module has no floats.");
}

/// Each proposal that the validator knows is found in a module that needs it, with the place: the offset at which the
/// validator stops if, of all that the module needs, this one is off.
#[wasm_bindgen_test]
fn each_proposal_is_named_with_its_place() {
    for sample in SAMPLES {
        let what = format!("a module that needs {}", sample.name);
        expect_needs(sample.bytes, sample, &what);
    }
    let known: Vec<String> = Proposal::all()
        .map(|proposal| proposal.to_string())
        .collect();
    let tried: Vec<&str> = SAMPLES.iter().map(|sample| sample.name).collect();
    let mut buffer = SEVERAL.bytes.to_vec();
    expect_needs(&buffer, &SEVERAL, "a module that needs several proposals");
    // `i32.eqz` in the place of `i32.extend8_s`: now that proposal is first needed further on.
    buffer[0x4a] = 0x45;
    let moved = inspect(&buffer, ROOM).unwrap().needs;
    let (sign, offset) = (proposal("sign-extension"), 0x57);
    assert!(
        moved.len() == 5
            && moved
                .iter()
                .any(|need| need.proposal == sign && need.offset == offset),
        "in the same buffer, one byte has changed, and now sign-extension is first needed at {offset:#x}. `inspect` found {}.",
        list(&moved),
    );
    assert!(
        known == tried,
        "wasmparser knows other proposals than this spec has modules for: {known:?}"
    );
}

/// A module is refused if any one of its proposals is not allowed, though all others are. And it passes if its own are
/// allowed and no others.
#[wasm_bindgen_test]
fn a_policy_is_kept_to_the_letter() {
    for sample in SAMPLES.iter().chain([&SEVERAL, &LISTS, &AS_IT_COMES]) {
        for need in needs_of(sample) {
            let name = need.proposal.to_string();
            let policy = allowing(need.proposal.off(Proposal::everything()));
            let why = format!(
                "The module {:?} needs {name} at {:#x}, and the policy allows all but that.",
                sample.name, need.offset
            );
            forbidden(sample.bytes, &policy, (&name, need.offset), &why);
        }
        let names: Vec<&str> = sample.needs.iter().map(|(name, _)| *name).collect();
        let why = format!(
            "The policy allows the first WebAssembly and {}, and the module {:?} needs no more.",
            names.join(", "),
            sample.name
        );
        passes(sample.bytes, &allowing(mvp_and(&names)), &why);
    }
}

/// Of several proposals that are not allowed, the one is named that is needed first: first in the file, not in any list.
#[wasm_bindgen_test]
fn the_first_in_the_file_is_named() {
    expect_needs(
        SEVERAL.bytes,
        &SEVERAL,
        "a module that needs several proposals",
    );
    let mut allowed = Vec::new();
    for (name, offset) in SEVERAL.needs.iter().skip(1) {
        let why =
            format!("The module needs four proposals, of which the policy allows {allowed:?}.");
        forbidden(
            SEVERAL.bytes,
            &allowing(mvp_and(&allowed)),
            (name, *offset),
            &why,
        );
        allowed.push(*name);
    }
    passes(
        SEVERAL.bytes,
        &allowing(mvp_and(&allowed)),
        "The module needs four proposals, and the policy allows these.",
    );
}

/// Where a part of a proposal is enough, the part is named. Who allows the whole allows the part, but not the other way round. And
/// where either of two proposals is enough, the smaller one is named, and not none.
#[wasm_bindgen_test]
fn a_part_is_enough() {
    for (whole, part) in [
        ("bulk-memory", "bulk-memory-opt"),
        ("reference-types", "call-indirect-overlong"),
    ] {
        let sample = |name: &str| SAMPLES.iter().find(|sample| sample.name == name).unwrap();
        let (of_part, of_whole) = (sample(part), sample(whole));
        expect_needs(
            of_part.bytes,
            of_part,
            &format!("a module for which {part}, a part of {whole}, is enough"),
        );
        passes(
            of_part.bytes,
            &allowing(mvp_and(&[whole])),
            &format!(
                "The module needs {part}, and the policy allows {whole}, of which that is a part."
            ),
        );
        let (name, offset) = of_whole.needs[0];
        forbidden(
            of_whole.bytes,
            &allowing(mvp_and(&[part])),
            (name, offset),
            &format!(
                "The module needs {whole}, and the policy allows {part}, which is only a part of it."
            ),
        );
    }
    expect_needs(
        EITHER.bytes,
        &EITHER,
        "a module with a reference to a type by its number, which function-references allows, and gc, too",
    );
    passes(
        EITHER.bytes,
        &allowing(mvp_and(&["reference-types", "function-references"])),
        "The policy allows all that the module needs.",
    );
    forbidden(
        EITHER.bytes,
        &allowing(mvp_and(&["reference-types"])),
        ("function-references", 0xe),
        "With all other proposals on, the module is valid without function-references, because gc is on. The policy allows \
         neither.",
    );
}
