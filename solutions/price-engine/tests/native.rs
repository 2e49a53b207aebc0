//! The rules' own checks, and the engine beside plain JavaScript's: 10,000 quotes, the same to the last digit.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use contract::Rules;
use solution_price_engine as zone;
use std::io::Write;
use std::process::{Command, Stdio};
use trace::Request;

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/price_engine/expect.rs"]
mod expect;
#[path = "../../../tests/specs/shared/random.rs"]
mod random;
#[path = "../../../tests/specs/price_engine/trace.rs"]
mod trace;

const ITEMS: usize = 200;

/// What the JavaScript engine says of each request, under Node.
fn in_javascript(shop: &str, requests: &[Request]) -> Vec<String> {
    let lines = |request: &Request| {
        let lines = request.lines.iter();
        let lines = lines.map(|(item, quantity)| format!("[{item},{quantity}]"));
        let lines = lines.collect::<Vec<_>>().join(",");
        format!(r#"{{"to":"{}","lines":[{lines}]}}"#, request.to)
    };
    let requests: Vec<String> = requests.iter().map(lines).collect();
    let input = format!(r#"{{"shop":{shop:?},"requests":[{}]}}"#, requests.join(","));
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tools/kata/edge/answers.js"
    );
    let mut node = Command::new("node")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("this test compares with JavaScript and needs Node.js, but `node` did not start: {error}")
        });
    let mut stdin = node.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{script} failed");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn ten_thousand_quotes_are_the_same_in_javascript() {
    let (shop, requests) = (trace::shop(ITEMS), trace::requests(67, ITEMS, 10_000));
    let there = in_javascript(&shop, &requests);
    assert_eq!(there.len(), requests.len());
    let engine = expect::engine(&shop);
    let (mut refused, mut discounted) = (0, 0);
    for (request, there) in requests.iter().zip(there) {
        let numbers = expect::numbers(&engine, request);
        refused += usize::from(numbers[0] != 0);
        discounted += usize::from(numbers[0] == 0 && numbers[1] > 0);
        let here: Vec<String> = numbers.iter().map(i64::to_string).collect();
        assert_eq!(here.join(" "), there, "{request:?}");
    }
    assert!(
        refused > 100 && discounted > 1_000,
        "{refused} refused, {discounted} with a discount"
    );
}

/// The digest that the spec knows is also JavaScript's.
#[test]
fn the_digest_is_the_same_in_javascript() {
    let (shop, requests) = (trace::shop(20), trace::requests(67, 20, 200));
    let engine = expect::engine(&shop);
    let numbers = |request| expect::numbers(&engine, request);
    let here = trace::digest(requests.iter().flat_map(numbers));
    let there = in_javascript(&shop, &requests).join(" ");
    let there = trace::digest(there.split(' ').map(|number| number.parse().unwrap()));
    assert_eq!(
        here, there,
        "{here:#018x} in Rust, {there:#018x} in JavaScript"
    );
    assert_eq!(here, trace::DIGEST, "{here:#018x} is not what the spec has");
}

/// Each fault is told with the line and the name of its rule.
#[test]
fn a_bad_rule_is_named() {
    for (find, replace, words) in [
        (
            "shop  small",
            "item small",
            "line 1, rule `small`: the first rule must be a `shop`",
        ),
        (
            "EUR",
            "XAU",
            "rule `small`: `currency=XAU` should be EUR, JPY, KWD or USD",
        ),
        (
            "half-even",
            "up",
            "`rounding=up` should be half-even or half-up",
        ),
        (
            "item  pen  ",
            "shop pen",
            "line 2, rule `pen`: `shop` does not belong here",
        ),
        (
            "item  pen  ",
            "itme pen",
            "line 2, rule `pen`: there is no kind of rule `itme`",
        ),
        ("id=1 ", "", "rule `pen`: `id` is missing"),
        (
            "id=1 ",
            "id=-1 ",
            "rule `pen`: `id=-1` should be a whole number",
        ),
        (
            "id=1 ",
            "id=+1 ",
            "rule `pen`: `id=+1` should be a whole number",
        ),
        (
            "id=1 ",
            "id=1 id=1 ",
            "rule `pen`: `id=1` does not belong here",
        ),
        (
            "id=1 ",
            "id=1 new ",
            "rule `pen`: `new` does not belong here",
        ),
        ("id=2", "id=1", "rule `book`: rule `pen` says so already"),
        (
            "item  book",
            "item pen",
            "rule `pen`: rule `pen` says so already",
        ),
        (
            "class=zero",
            "class=none",
            "`class=none` should be standard, reduced or zero",
        ),
        (
            "price=3.35",
            "price=3.355",
            "rule `pen`: `price=3.355` should be a number from 0 to 100000 with at most 2 digits after the point",
        ),
        ("price=3.35", "price=3.", "rule `pen`: `price=3.` should be"),
        ("price=3.35", "price=.35", "`price=.35` should be"),
        ("price=3.35", "price=-3.35", "`price=-3.35` should be"),
        (
            "price=3.35",
            "price=100000.01",
            "`price=100000.01` should be",
        ),
        ("price=3.35", "price=99999999999999999999999", "should be"),
        (
            "from=10 price",
            "from=0 price",
            "rule `pens-10`: `from=0` should be a quantity from 1 to 9999",
        ),
        (
            "from=10 price",
            "from=+10 price",
            "rule `pens-10`: `from=+10` should be a quantity from 1 to 9999",
        ),
        (
            "from=50 price",
            "from=10 price",
            "rule `pens-50`: rule `pens-10` says so already",
        ),
        (
            "item=pen from=10",
            "item=pan from=10",
            "rule `pens-10`: there is no item `pan` above",
        ),
        (
            "rank=1",
            "rank=+1",
            "rule `pens`: `rank=+1` should be a whole number",
        ),
        (
            "rank=1",
            "rank=2",
            "rule `pens`: rule `spring` says so already",
        ),
        (
            "percent=5\n",
            "percent=100.01\n",
            "rule `pens`: `percent=100.01` should be a number from 0 to 100 with",
        ),
        (
            "to=DK",
            "to=DE",
            "rule `denmark`: rule `germany` says so already",
        ),
        (
            "to=DK",
            "to=Dk",
            "rule `denmark`: `to=Dk` should be two capital letters",
        ),
        (
            "reduced=25",
            "",
            "line 11, rule `denmark`: `reduced` is missing",
        ),
    ] {
        let bad = expect::SMALL.replacen(find, replace, 1);
        assert_ne!(bad, expect::SMALL, "{find}");
        let error = Rules::parse(&bad).expect_err(&bad).to_string();
        assert!(error.contains(words), "{find} -> {replace}: {error}");
    }
    let error = Rules::parse("# nothing").unwrap_err().to_string();
    assert!(error.contains("the first rule must be a `shop`"), "{error}");
}
