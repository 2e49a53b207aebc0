//! What others see

use std::{future::pending, pin::pin};

use super::scene::{Scene, begin, both, end, timer, turns};
use contract::Record;
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// Each span is a measure of the browser's User Timing, with the readings that the log has.
#[wasm_bindgen_test]
async fn the_browser_lists_each_span() {
    let scene = Scene::real();
    scene.tracer.run("listed", timer(20)).await;
    scene.tracer.call("listed too", || ());
    for name in ["listed", "listed too"] {
        let Record { start, closed, .. } = scene.span(name);
        let (end, _) = closed.expect("the work is done, so its span must be closed");
        let entries = entries_by_name(name, "measure");
        assert_eq!(
            entries.length(),
            1,
            "getEntriesByName({name:?}, \"measure\") must list the span once"
        );
        let entry = entries.get(0);
        let seen = (number(&entry, "startTime"), number(&entry, "duration"));
        // The browser may round what it lists to its own step.
        let near = |a: f64, b: f64| (a - b).abs() <= 2.0;
        assert!(
            near(seen.0, start) && near(seen.1, end - start),
            "the log says that {name:?} began at {start} and took {} ms; the browser lists {seen:?}",
            end - start
        );
        assert!(
            name != "listed" || seen.1 >= 10.0,
            "the work waited for a timer of 20 ms, and the browser lists a measure of {} ms",
            seen.1
        );
    }
}

/// The trace is what Perfetto reads: complete events in whole microseconds that nest in each thread.
#[wasm_bindgen_test]
fn the_trace_nests_in_each_thread() {
    let scene = Scene::with_step(0.25);
    let tracer = &scene.tracer;
    let mut open = pin!(tracer.run("open", pending::<()>()));
    begin(open.as_mut());
    let work = |name: &'static str, waits: usize| {
        let scene = &scene;
        tracer.run(name, async move {
            scene.pass(0.5);
            turns(waits).await;
            tracer.call(&format!("{name}: \"end\"\n\u{1F980}"), || scene.pass(0.25));
        })
    };
    let mut task = pin!(tracer.run("all", async { both(work("a", 1), work("b", 2)).await }));
    for _ in 0..2 {
        begin(task.as_mut());
        scene.pass(10.0);
    }
    end(task.as_mut());

    let mut drawn = events(&scene.log.chrome_trace());
    let names: Vec<_> = drawn.iter().map(|event| event.name.as_str()).collect();
    let expected = [
        "all",
        "a",
        "b",
        "a: \"end\"\n\u{1F980}",
        "b: \"end\"\n\u{1F980}",
    ];
    assert_eq!(
        names, expected,
        "the trace must have each span that is closed, once, and none that is open"
    );
    for event in &drawn {
        let record = scene.span(&event.name);
        let (until, _) = record.closed.unwrap();
        assert_eq!(
            (event.from, event.to),
            (record.start * 1_000.0, until * 1_000.0),
            "{:?}: a trace counts microseconds, the clock milliseconds",
            event.name
        );
    }
    let taken: Vec<_> = drawn.iter().map(|event| event.to - event.from).collect();
    assert_eq!(
        taken,
        [21_500.0, 11_250.0, 21_000.0, 250.0, 250.0],
        "\"all\" takes 21.5 ms, \"a\" 11.25, \"b\" 21, and each end 0.25: these are the trace's microseconds"
    );
    drawn.sort_by(|a, b| a.from.total_cmp(&b.from).then(b.to.total_cmp(&a.to)));
    for (index, one) in drawn.iter().enumerate() {
        for two in drawn
            .iter()
            .skip(index + 1)
            .filter(|two| two.thread == one.thread)
        {
            assert!(
                two.from >= one.to || two.to <= one.to,
                "{:?} and {:?} overlap in one thread and neither is in the other: no viewer can draw that",
                one.name,
                two.name
            );
        }
    }

    let scene = Scene::new();
    let tracer = &scene.tracer;
    let mut first = pin!(tracer.run("first", turns(1)));
    let mut second = pin!(tracer.run("second", async {
        turns(1).await;
        tracer.call("child", || scene.pass(5.0));
    }));
    begin(first.as_mut());
    scene.pass(5.0);
    begin(second.as_mut());
    scene.pass(5.0);
    end(first.as_mut());
    scene.pass(5.0);
    end(second.as_mut());
    let drawn = events(&scene.log.chrome_trace());
    let thread = |name: &str| {
        drawn
            .iter()
            .find(|event| event.name == name)
            .map(|event| event.thread)
    };
    assert_eq!(
        thread("child"),
        thread("second"),
        "the first task is over when the child of the second begins: the child belongs in its parent's lane, not in that which is free"
    );
}

/// A complete event of a trace.
struct Event {
    name: String,
    from: f64,
    to: f64,
    thread: f64,
}

/// Reads a trace as strictly as its format says.
fn events(json: &str) -> Vec<Event> {
    let trace = JSON::parse(json).unwrap_or_else(|_| panic!("the trace is no JSON: {json}"));
    let events = Reflect::get(&trace, &"traceEvents".into()).unwrap();
    assert!(
        Array::is_array(&events),
        "a trace is an object with an array `traceEvents`"
    );
    Array::from(&events)
        .iter()
        .map(|event| event_of(&event))
        .collect()
}

fn event_of(event: &JsValue) -> Event {
    assert_eq!(text(event, "ph"), "X", "a complete event has the phase X");
    assert!(!text(event, "cat").is_empty(), "an event has a category");
    let whole = |key: &str| {
        let value = number(event, key);
        assert!(
            value >= 0.0 && value.fract() == 0.0,
            "`{key}` is a whole number, not {value}"
        );
        value
    };
    whole("pid");
    let (from, length, thread) = (whole("ts"), whole("dur"), whole("tid"));
    let args = Reflect::get(event, &"args".into()).unwrap();
    assert!(args.is_object(), "`args` is an object");
    assert!(
        ["Done", "Cancelled", "Panicked"].contains(&text(&args, "status").as_str()),
        "the status of a closed span is one of three"
    );
    Event {
        name: text(event, "name"),
        from,
        to: from + length,
        thread,
    }
}

fn text(object: &JsValue, key: &str) -> String {
    let value = Reflect::get(object, &key.into()).unwrap();
    value
        .as_string()
        .unwrap_or_else(|| panic!("`{key}` is a text, not {value:?}"))
}

fn number(object: &JsValue, key: &str) -> f64 {
    let value = Reflect::get(object, &key.into()).unwrap();
    value
        .as_f64()
        .unwrap_or_else(|| panic!("`{key}` is a number, not {value:?}"))
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = getEntriesByName)]
    fn entries_by_name(name: &str, kind: &str) -> Array;
}
