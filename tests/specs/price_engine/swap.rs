//! When the rules change

use super::expect::{SMALL, costs, country, engine, lines, quoted, sums};
use contract::Line;
use wasm_bindgen_test::*;

/// A shop with one item, at so many euros, and so much tax.
fn one_item(euros: u32, tax: u32) -> String {
    format!(
        "shop one currency=EUR rounding=half-up\nitem pen id=1 class=standard price={euros}\n\
         tax germany to=DE standard={tax} reduced=7\n"
    )
}

/// New rules hold from the next quote on, and the revision counts them from 1.
#[wasm_bindgen_test]
fn new_rules_hold_from_the_next_quote_on() {
    let engine = engine(&one_item(1, 10));
    let revision = quoted(&engine, "DE", &[]).totals().revision;
    assert!(
        revision == 1,
        "the first rules have revision 1; the first quote says {revision}"
    );
    for (round, euros) in [5, 3, 8].into_iter().enumerate() {
        let revision = engine.swap(&one_item(euros, 20)).unwrap();
        let totals = quoted(&engine, "DE", &[(1, 1)]).totals();
        let due = round as u32 + 2;
        assert!(
            (revision, totals.revision) == (due, due),
            "these are the rules of revision {due}; `swap` answered {revision}, and the next quote {}",
            totals.revision
        );
        let cents = i64::from(euros) * 100;
        assert!(
            totals.net == cents,
            "since the last rules a pen costs {cents} cents, and the next quote says {}. These rules have as many \
             bytes as those before, and maybe the same place in memory. Neither tells that they are the same.",
            totals.net
        );
    }
}

/// Rules that are refused change nothing: the old ones go on, with their revision.
#[wasm_bindgen_test]
fn refused_rules_change_nothing() {
    let engine = engine(SMALL);
    let before = quoted(&engine, "DE", &[(1, 12)]).totals();
    let bad = SMALL.replace("3.35", "4.00").replace("id=3", "id=2");
    let error = engine
        .swap(&bad)
        .expect_err("two items have one id, and the rules were accepted");
    assert!(
        error.rule == "stamp" && error.line == 4,
        "the rule `stamp` in line 4 is at fault, and the error says: {error}"
    );
    match engine.quote(country("DE"), lines(&[(1, 12)])) {
        Err(error) => panic!(
            "new rules were refused, and now the engine has none: a quote was answered by “{error}”. Check first, \
             and let go of the old when the new are in your hands."
        ),
        Ok(answer) => assert!(
            answer.totals() == before,
            "new rules were refused, and a quote that was {before:?} is now {:?}",
            answer.totals()
        ),
    }
    assert!(
        engine.swap(SMALL) == Ok(2),
        "a refused set of rules has no revision: the next that is accepted is number 2"
    );
}

/// Whatever happens between its lines, a quote is of one set of rules: each price, each tax, their
/// rounding, and the revision.
#[wasm_bindgen_test]
fn a_quote_is_of_one_set_of_rules() {
    for at in 0..4 {
        let engine = engine(&one_item(1, 10));
        let basket = (0..3).map(|index| {
            if index == at {
                engine.swap(&one_item(2, 30)).unwrap();
            }
            Line {
                item: 1,
                quantity: 1,
            }
        });
        let after = std::iter::from_fn(|| {
            if at == 3 {
                engine.swap(&one_item(2, 30)).unwrap();
            }
            None
        });
        let answer = engine.quote(country("DE"), basket.chain(after)).unwrap();
        let totals = answer.totals();
        let (unit, due) = match totals.revision {
            1 => (100, [0, 300, 30, 330]),
            _ => (200, [0, 600, 180, 780]),
        };
        let units: Vec<i64> = answer.lines().iter().map(|price| price.unit).collect();
        assert!(
            sums(totals) == due && units == [unit; 3],
            "the rules changed while a basket of three pens came in. By revision {} they cost {due:?} (discount, net, \
             tax, total), {unit} each. The quote is torn: it says {:?}, and its lines say {units:?}.",
            totals.revision,
            sums(totals),
        );
        costs(
            &engine,
            "DE",
            &[(1, 1)],
            [0, 200, 60, 260],
            "The new rules hold from the next quote on.",
        );
    }
    how_to_round_is_a_rule_too();
}

/// Half a cent of tax, and a shop that begins to round it the other way while the line comes in.
fn how_to_round_is_a_rule_too() {
    let shop = |rounding| {
        format!(
            "shop one currency=EUR rounding={rounding}\nitem pen id=1 class=standard price=0.10\n\
             tax germany to=DE standard=5 reduced=7\n"
        )
    };
    let engine = engine(&shop("half-even"));
    let basket = std::iter::once_with(|| {
        engine.swap(&shop("half-up")).unwrap();
        Line {
            item: 1,
            quantity: 1,
        }
    });
    let totals = engine.quote(country("DE"), basket).unwrap().totals();
    let due = i64::from(totals.revision != 1);
    assert!(
        totals.tax == due,
        "while the basket came in, the shop changed how it rounds. The tax is half a cent, by revision {} that is {due}, \
         and the quote says {}. How to round is a rule like any other.",
        totals.revision,
        totals.tax,
    );
}

/// Lines may also bring quotes of their own, and rules that are refused.
#[wasm_bindgen_test]
fn a_quote_inside_a_quote_is_answered() {
    let engine = engine(&one_item(1, 10));
    let basket = (1..4).map(|quantity| {
        assert!(engine.swap("nonsense").is_err(), "nonsense was accepted");
        engine.swap(&one_item(quantity, 10)).unwrap();
        let inner = quoted(&engine, "DE", &[(1, 1)]).totals().net;
        assert!(
            inner == i64::from(quantity) * 100,
            "inside a quote the rules were changed, a pen is {quantity} euros, and the next quote says {inner} cents"
        );
        Line { item: 1, quantity }
    });
    let totals = engine.quote(country("DE"), basket).unwrap().totals();
    let unit = match totals.revision {
        1 => 100,
        last => i64::from(last - 1) * 100,
    };
    assert!(
        totals.net == unit * 6,
        "six pens by revision {} are {} cents, and the quote says {}",
        totals.revision,
        unit * 6,
        totals.net
    );
}

/// Two engines are two shops: each has its own rules and counts its own revisions.
#[wasm_bindgen_test]
fn two_engines_are_two_shops() {
    let [first, second] = [3, 7].map(|euros| engine(&one_item(euros, 10)));
    for _ in 0..3 {
        costs(
            &first,
            "DE",
            &[(1, 1)],
            [0, 300, 30, 330],
            "It is the first of two shops.",
        );
        costs(
            &second,
            "DE",
            &[(1, 1)],
            [0, 700, 70, 770],
            "It is the second of two shops.",
        );
    }
    first.swap(&one_item(4, 10)).unwrap();
    let revisions = [&first, &second].map(|shop| quoted(shop, "DE", &[]).totals().revision);
    assert!(
        revisions == [2, 1],
        "one of two shops took new rules; their revisions are [2, 1], and the quotes say {revisions:?}"
    );
    costs(
        &second,
        "DE",
        &[(1, 1)],
        [0, 700, 70, 770],
        "The other shop took new rules, not this one.",
    );
}
