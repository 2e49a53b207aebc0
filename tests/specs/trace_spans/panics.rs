//! When the work panics

use std::pin::pin;

use super::scene::{Scene, begin, end, poll_once, turn, turns};
use contract::{Status, caught};
use wasm_bindgen::{JsValue, throw_val};
use wasm_bindgen_test::*;

const ON_PURPOSE: &str = "this work panics on purpose";

/// Calls what panics; the panic must come through.
fn must_panic<T>(work: impl FnOnce() -> T) {
    assert!(
        caught(work).is_err(),
        "the work panicked, and whoever called it was not told: close the span, then hand the panic on"
    );
}

/// A closure that panics ends its span there, and the panic reaches the caller. So does what JavaScript throws.
#[wasm_bindgen_test]
fn a_panic_ends_the_span_of_a_closure() {
    let scene = Scene::new();
    must_panic(|| {
        scene.tracer.call("closure", || {
            scene.pass(5.0);
            panic!("{ON_PURPOSE}");
        })
    });
    scene.pass(1_000.0);
    let record = scene.span("closure");
    assert_eq!(
        record.closed,
        Some((record.start + 5.0, Status::Panicked)),
        "the closure panicked after 5 ms. On this target nothing is unwound, so no `Drop` tells you: catch the \
         trap where JavaScript can"
    );
    let thrown = caught(|| {
        scene
            .tracer
            .call("throws", || throw_val("thrown on purpose".into()))
    });
    assert_eq!(
        thrown
            .err()
            .and_then(|thrown: JsValue| thrown.as_string())
            .as_deref(),
        Some("thrown on purpose"),
        "JavaScript threw through the closure: hand on what you caught, as it is, so that whoever catches it knows what \
         went wrong and where"
    );
    assert_eq!(
        scene.status("throws"),
        Some(Status::Panicked),
        "JavaScript threw through the closure, and that ends its work like a panic"
    );
}

/// A panic that somebody catches on its way ends no span further out, of closures and of futures.
#[wasm_bindgen_test]
fn a_caught_panic_ends_nothing_further_out() {
    let went_on = |scene: &Scene, what: &str| {
        let ends = ["inner", "outer", "after"].map(|name| scene.status(name));
        assert_eq!(
            ends,
            [
                Some(Status::Panicked),
                Some(Status::Done),
                Some(Status::Done)
            ],
            "{what}: inner panicked; outer caught that, as a page does when it fires an event, and went on. So ended inner, \
             outer and what came after"
        );
        assert_eq!(
            scene.parent("after").as_deref(),
            Some("outer"),
            "{what}: outer caught the panic of inner and goes on, so it is who runs"
        );
    };
    let scene = Scene::new();
    let tracer = &scene.tracer;
    tracer.call("outer", || {
        must_panic(|| tracer.call("inner", || panic!("{ON_PURPOSE}")));
        tracer.call("after", || ());
    });
    went_on(&scene, "closures");

    let scene = Scene::new();
    let tracer = &scene.tracer;
    let mut task = pin!(tracer.run("outer", async {
        let mut inner = Box::pin(tracer.run("inner", async { panic!("{ON_PURPOSE}") }));
        must_panic(|| poll_once(inner.as_mut()));
        std::mem::forget(inner);
        tracer.call("after", || ());
        turn().await;
    }));
    begin(task.as_mut());
    end(task.as_mut());
    went_on(&scene, "futures");
}

/// A future that panics at any of its polls ends its span there, and the panic reaches whoever polled. So does what
/// JavaScript throws. After both, nobody runs.
#[wasm_bindgen_test]
fn a_panic_ends_the_span_of_a_future() {
    let nobody_runs = |scene: &Scene, next: &str| {
        scene.tracer.call(next, || ());
        assert_eq!(
            scene.parent(next),
            None,
            "the future that ended so is over. What was set before its poll, no line after it has set back"
        );
    };
    let scene = Scene::new();
    let work = async {
        turn().await;
        scene.pass(5.0);
        panic!("{ON_PURPOSE}");
    };
    let mut task = Box::pin(scene.tracer.run("future", work));
    begin(task.as_mut());
    must_panic(|| poll_once(task.as_mut()));
    // What has panicked must not be dropped: its half-done work may be in any state.
    std::mem::forget(task);
    let record = scene.span("future");
    assert_eq!(
        record.closed,
        Some((record.start + 5.0, Status::Panicked)),
        "the future panicked at its second poll, after 5 ms"
    );
    nobody_runs(&scene, "next");

    let work = async { throw_val("thrown on purpose".into()) };
    let mut task = Box::pin(scene.tracer.run("throws", work));
    let thrown = caught(|| poll_once(task.as_mut()));
    std::mem::forget(task);
    assert_eq!(
        thrown
            .err()
            .and_then(|thrown: JsValue| thrown.as_string())
            .as_deref(),
        Some("thrown on purpose"),
        "JavaScript threw through the poll: hand on what you caught, as it is"
    );
    assert_eq!(
        scene.status("throws"),
        Some(Status::Panicked),
        "JavaScript threw through the poll, and that ends the work like a panic"
    );
    nobody_runs(&scene, "next but one");
}

/// A panic ends all spans that run around it, the innermost first.
#[wasm_bindgen_test]
fn a_panic_ends_the_spans_around_it() {
    let scene = Scene::ticking();
    let tracer = &scene.tracer;
    let work = async {
        turn().await;
        tracer.call("inner", || panic!("{ON_PURPOSE}"));
    };
    let mut task = Box::pin(tracer.run("outer", async { tracer.run("middle", work).await }));
    begin(task.as_mut());
    must_panic(|| poll_once(task.as_mut()));
    std::mem::forget(task);
    let ended = ["inner", "middle", "outer"].map(|name| {
        let closed = scene.span(name).closed;
        let (at, status) =
            closed.unwrap_or_else(|| panic!("{name} ran when the panic came, and is still open"));
        assert_eq!(status, Status::Panicked, "{name} ran when the panic came");
        at
    });
    assert!(
        ended.is_sorted(),
        "inner is in middle, and middle in outer; they ended at {ended:?}"
    );
    tracer.call("next", || ());
    assert_eq!(
        scene.parent("next"),
        None,
        "the panic went through all three, so none of them runs"
    );
}

/// Spans that wait meanwhile know nothing of the panic, and after it nobody runs.
#[wasm_bindgen_test]
fn a_panic_touches_no_other_span() {
    let scene = Scene::new();
    let tracer = &scene.tracer;
    let mut waits = pin!(tracer.run("waits", turns(2)));
    begin(waits.as_mut());
    must_panic(|| {
        tracer.call("panics", || {
            tracer.call("within", || panic!("{ON_PURPOSE}"))
        })
    });
    assert_eq!(
        scene.status("waits"),
        None,
        "another task panicked; this one waits, and its span is open"
    );
    tracer.call("next", || ());
    assert_eq!(
        scene.parent("next"),
        None,
        "the span that panicked is over. What was set when it began, no line after it has set back"
    );
    begin(waits.as_mut());
    end(waits.as_mut());
    assert_eq!(
        scene.status("waits"),
        Some(Status::Done),
        "another task panicked; this one was done"
    );
}
