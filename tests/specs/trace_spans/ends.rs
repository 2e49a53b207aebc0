//! However the work ends

use std::{future::poll_fn, pin::pin, task::Poll};

use super::scene::{Scene, begin, end, turn, turns};
use contract::Status;
use wasm_bindgen_test::*;

/// Work that leaves by `?` or an early return is done there, and its error comes through.
#[wasm_bindgen_test]
fn an_early_return_ends_the_span() {
    let scene = Scene::new();
    let number = |text: &str| -> Result<u32, std::num::ParseIntError> {
        scene.tracer.call("number", || {
            let number: u32 = text.parse()?;
            scene.pass(1_000.0);
            Ok(number)
        })
    };
    assert!(
        number("x").is_err(),
        "an error is an answer, and `call` answers it"
    );
    assert_eq!(
        scene.status("number"),
        Some(Status::Done),
        "the closure left by `?`"
    );

    let mut task = pin!(scene.tracer.run("numbers", async {
        turn().await;
        let number: u32 = "y".parse()?;
        turn().await;
        Ok::<u32, std::num::ParseIntError>(number)
    }));
    begin(task.as_mut());
    scene.pass(30.0);
    assert!(
        end(task.as_mut()).is_err(),
        "an error is an answer, and `run` answers it"
    );
    scene.pass(1_000.0);
    let record = scene.span("numbers");
    assert_eq!(
        record.closed,
        Some((record.start + 30.0, Status::Done)),
        "the future left by `?` after 30 ms; its span must end there, whether the future is dropped or not"
    );
    let mut kept = Box::pin(scene.tracer.run("kept", async {}));
    end(kept.as_mut());
    drop(kept);
    assert_eq!(
        scene.status("kept"),
        Some(Status::Done),
        "the work was ready at its first poll, and its future was dropped after that"
    );
}

/// A future that is dropped before its end is cancelled, and its span ends then and there.
#[wasm_bindgen_test]
fn a_dropped_future_is_cancelled() {
    let scene = Scene::new();
    let mut task = Box::pin(scene.tracer.run("upload", turns(9)));
    begin(task.as_mut());
    scene.pass(40.0);
    drop(task);
    scene.pass(1_000.0);
    let record = scene.span("upload");
    assert_eq!(
        record.closed,
        Some((record.start + 40.0, Status::Cancelled)),
        "the future was dropped after 40 ms. No line after its `.await` will ever run: only a `Drop` can tell"
    );
}

/// Children end before their parents, whether a whole tree is dropped at once or ready work still holds them. Cleaning up
/// is part of the work.
#[wasm_bindgen_test]
fn dropped_children_end_before_their_parents() {
    struct Slow<'a>(&'a Scene);
    impl Drop for Slow<'_> {
        fn drop(&mut self) {
            self.0.pass(25.0);
        }
    }
    let scene = Scene::ticking();
    let tracer = &scene.tracer;
    let mut task = Box::pin(tracer.run("page", async {
        tracer
            .run("section", async { tracer.run("picture", turns(9)).await })
            .await;
    }));
    begin(task.as_mut());
    drop(task);
    let ended = ["picture", "section", "page"].map(|name| {
        let closed = scene.span(name).closed;
        let (at, status) = closed.unwrap_or_else(|| {
            panic!("{name} was dropped with the tree that it is in, and is still open")
        });
        assert_eq!(
            status,
            Status::Cancelled,
            "{name} was dropped before its end"
        );
        at
    });
    assert!(
        ended.is_sorted(),
        "picture is in section, and section in page; they ended at {ended:?}. Drop the work first, then close \
         its span: a child that outlives its parent makes a broken picture"
    );

    let scene = Scene::ticking();
    let tracer = &scene.tracer;
    let mut advert = None;
    let work = poll_fn(move |cx| {
        let advert = advert.get_or_insert_with(|| Box::pin(tracer.run("advert", turns(9))));
        let _ = advert.as_mut().poll(cx);
        Poll::Ready(())
    });
    end(pin!(tracer.run("timeout", work)));
    let ended = ["advert", "timeout"].map(|name| scene.span(name).closed);
    assert!(
        matches!(ended, [Some((inner, Status::Cancelled)), Some((outer, Status::Done))] if inner <= outer),
        "the advert is given up inside the timeout, which is ready and still holds it. They ended as {ended:?}. Drop work that \
         is ready, then close its span"
    );

    let scene = Scene::new();
    let held = Slow(&scene);
    let mut task = Box::pin(scene.tracer.run("held", async move {
        let _held = held;
        turns(9).await;
    }));
    begin(task.as_mut());
    drop(task);
    let record = scene.span("held");
    assert_eq!(
        record.closed,
        Some((record.start + 25.0, Status::Cancelled)),
        "to drop the work took 25 ms: cleaning up is work too, and it is not over before"
    );
}
