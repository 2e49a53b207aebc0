//! Who is whose child

use std::{cell::RefCell, pin::pin};

use super::scene::{Scene, begin, both, end, turn, turns};
use wasm_bindgen_test::*;

/// Asserts the parent of each of these spans.
fn family(scene: &Scene, expected: &[(&str, Option<&str>)]) {
    for (child, parent) in expected {
        assert_eq!(
            scene.parent(child).as_deref(),
            *parent,
            "the parent of {child:?} is who was running where its `run` or `call` was called, not who began last"
        );
    }
}

/// Spans within spans keep their parents, closures and futures alike.
#[wasm_bindgen_test]
fn nested_spans_keep_their_parents() {
    let scene = Scene::new();
    let tracer = &scene.tracer;
    let mut task = pin!(tracer.run("page", async {
        tracer.call("head", || tracer.call("title", || ()));
        tracer
            .run("body", async {
                turn().await;
                tracer.call("text", || ());
            })
            .await;
        turn().await;
        tracer.call("foot", || ());
    }));
    begin(task.as_mut());
    begin(task.as_mut());
    end(task.as_mut());
    tracer.call("other", || ());
    family(
        &scene,
        &[
            ("page", None),
            ("head", Some("page")),
            ("title", Some("head")),
            ("body", Some("page")),
            ("text", Some("body")),
            ("foot", Some("page")),
            ("other", None),
        ],
    );
}

/// Two tasks that take turns keep their own children.
#[wasm_bindgen_test]
fn interleaved_spans_keep_their_parents() {
    let scene = Scene::new();
    let tracer = &scene.tracer;
    let load = |what: &'static str, waits: usize| {
        tracer.run(what, async move {
            tracer.run(&format!("{what} opens"), turns(waits)).await;
            tracer.call(&format!("{what} parses"), || ());
            tracer.run(&format!("{what} ends"), turns(1)).await;
        })
    };
    // The first to begin is the first to end, as on no stack.
    let mut task = pin!(tracer.run("both", async {
        both(load("tea", 1), load("cake", 2)).await
    }));
    for _ in 0..3 {
        begin(task.as_mut());
    }
    end(task.as_mut());
    family(
        &scene,
        &[
            ("tea", Some("both")),
            ("cake", Some("both")),
            ("tea opens", Some("tea")),
            ("tea parses", Some("tea")),
            ("tea ends", Some("tea")),
            ("cake opens", Some("cake")),
            ("cake parses", Some("cake")),
            ("cake ends", Some("cake")),
        ],
    );
}

/// Between the polls of a future its span does not run: what others begin then is not its child.
#[wasm_bindgen_test]
fn a_waiting_span_is_nobodys_parent() {
    let scene = Scene::new();
    let mut waits = pin!(scene.tracer.run("waits", turns(2)));
    begin(waits.as_mut());
    scene.tracer.call("click", || ());
    begin(waits.as_mut());
    let mut other = pin!(scene.tracer.run("other", turn()));
    begin(other.as_mut());
    end(waits.as_mut());
    end(other.as_mut());
    family(&scene, &[("waits", None), ("click", None), ("other", None)]);
}

/// A future that is handed to somebody else is the child of who made it, not of who polls it first.
#[wasm_bindgen_test]
fn a_spawned_span_belongs_to_who_made_it() {
    let scene = Scene::new();
    let tracer = &scene.tracer;
    let queue = RefCell::new(Vec::new());
    tracer.call("makes", || {
        queue
            .borrow_mut()
            .push(Box::pin(tracer.run("spawned", turns(1))));
    });
    let mut spawned = queue.take().pop().unwrap();
    tracer.call("polls", || begin(spawned.as_mut()));
    end(spawned.as_mut());
    family(&scene, &[("spawned", Some("makes"))]);

    // The other way round: made where nobody ran.
    let mut made = pin!(tracer.run("made", turn()));
    tracer.call("polls it", || begin(made.as_mut()));
    end(made.as_mut());
    family(&scene, &[("made", None)]);
}

/// A clone is the same tracer, and another tracer knows nothing of it.
#[wasm_bindgen_test]
fn two_tracers_do_not_mix() {
    let (one, two) = (Scene::new(), Scene::new());
    let clone = one.tracer.clone();
    one.tracer.call("outer", || {
        two.tracer.call("elsewhere", || clone.call("inner", || ()));
    });
    family(&one, &[("outer", None), ("inner", Some("outer"))]);
    family(&two, &[("elsewhere", None)]);
}
