//! The span lasts as long as the work

use core::arch::wasm32::memory_size;
use std::{
    cell::Cell,
    future::pending,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Wake, Waker},
};

use super::scene::{Scene, begin, end, timer, turn, turns};
use contract::{Length, Status};
use wasm_bindgen::externref_heap_live_count;
use wasm_bindgen_test::*;

/// Work that waits is timed to its end, through all its polls.
#[wasm_bindgen_test]
fn async_work_is_timed_to_its_end() {
    let scene = Scene::new();
    let mut task = pin!(scene.tracer.run("download", turns(3)));
    begin(task.as_mut());
    scene.pass(100.0);
    begin(task.as_mut());
    scene.pass(100.0);
    begin(task.as_mut());
    assert_eq!(
        scene.status("download"),
        None,
        "the work still waits, and its span is closed: what was timed is the call that made the future"
    );
    let length = scene.tracer.length(&scene.span("download"));
    assert_eq!(
        length, None,
        "the work has not ended, so nobody knows how long it takes"
    );
    scene.pass(50.0);
    end(task.as_mut());
    let length = scene.tracer.length(&scene.span("download"));
    assert_eq!(
        length,
        Some(Length::Millis(250.0)),
        "the work took 250 ms from its first poll to its answer"
    );
    assert_eq!(
        scene.status("download"),
        Some(Status::Done),
        "the work came to its end"
    );
}

/// The span begins when the work does: at the first poll. A future that is never polled leaves none.
#[wasm_bindgen_test]
fn the_span_begins_at_the_first_poll() {
    let scene = Scene::new();
    let mut task = pin!(scene.tracer.run("lazy", turn()));
    scene.pass(500.0);
    begin(task.as_mut());
    scene.pass(20.0);
    end(task.as_mut());
    let length = scene.tracer.length(&scene.span("lazy"));
    assert_eq!(
        length,
        Some(Length::Millis(20.0)),
        "the future lay about for 500 ms, and then its work took 20 ms: a future that nobody polls does nothing"
    );
    drop(scene.tracer.run("never", turn()));
    assert_eq!(
        scene.log.records().len(),
        1,
        "a future was made and dropped without a poll: nothing was done, so nothing took time"
    );
}

/// With the browser's own clock and timer, the span holds whatever the work itself read.
#[wasm_bindgen_test]
async fn a_real_timer_lies_within_its_span() {
    let scene = Scene::real();
    let clock = scene.log.clock().clone();
    let within = scene
        .tracer
        .run("timer", async {
            let first = clock.now();
            timer(30).await;
            (first, clock.now())
        })
        .await;
    let record = scene.span("timer");
    let (end, _) = record
        .closed
        .expect("the work is done, so its span must be closed");
    assert!(
        record.start <= within.0 && within.1 <= end,
        "the work ran from {} to {} on this clock, and its span says {} to {end}: a part of the work is \
         not in it",
        within.0,
        within.1,
        record.start,
    );
}

/// A closure is timed as well, and the answers of both come through.
#[wasm_bindgen_test]
fn a_closure_is_timed_and_answers() {
    let scene = Scene::new();
    let answer = scene.tracer.call("parse", || {
        scene.pass(7.0);
        String::from("parsed")
    });
    assert_eq!(answer, "parsed", "`call` answers what the closure answers");
    let length = scene.tracer.length(&scene.span("parse"));
    assert_eq!(length, Some(Length::Millis(7.0)), "the closure took 7 ms");
    let mut task = pin!(scene.tracer.run("fetch", async { String::from("fetched") }));
    assert_eq!(
        end(task.as_mut()),
        "fetched",
        "`run` answers what the future answers"
    );
}

/// The work is polled when its task is, once each time, and wakes that very task. No poll leaves anything behind.
#[wasm_bindgen_test]
fn the_work_wakes_the_task_that_polls_it() {
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }
    let scene = Scene::new();
    let polls = Cell::new(0);
    let work = std::future::poll_fn(|cx| {
        polls.set(polls.get() + 1);
        cx.waker().wake_by_ref();
        std::task::Poll::<()>::Pending
    });
    let mut task = pin!(scene.tracer.run("work", work));
    let wakers = [
        Arc::new(Count(AtomicUsize::new(0))),
        Arc::new(Count(AtomicUsize::new(0))),
    ];
    for count in &wakers {
        let waker = Waker::from(Arc::clone(count));
        let poll = task.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(
            poll.is_pending(),
            "the work is pending for ever, and its span's future is not"
        );
    }
    let woken = wakers.each_ref().map(|count| count.0.load(Relaxed));
    assert_eq!(
        (polls.get(), woken),
        (2, [1, 1]),
        "two tasks polled the future once each: (polls of the work, wake-up calls to each task)"
    );

    let mut task = pin!(scene.tracer.run("waits", pending::<()>()));
    let mut polls = |count| (0..count).for_each(|_| begin(task.as_mut()));
    polls(100);
    let before = (memory_size(0), externref_heap_live_count());
    polls(5_000);
    let pages = memory_size(0) - before.0;
    let values = externref_heap_live_count().saturating_sub(before.1);
    assert!(
        pages <= 1 && values == 0,
        "5000 polls of one future left {values} of JavaScript's values and {pages} pages of memory behind. Who waits for long is \
         polled often"
    );
}

/// Below the clock's step a span says so: the clock did not move, so 0 ms is no measurement.
#[wasm_bindgen_test]
fn below_the_step_a_span_says_so() {
    let scene = Scene::with_step(20.0);
    scene.tracer.call("quick", || ());
    let length = scene.tracer.length(&scene.span("quick"));
    assert_eq!(
        length,
        Some(Length::BelowResolution),
        "the clock steps by 20 ms and did not move: the work took anything from 0 to 20 ms, and \"0 ms\" claims to know"
    );
    let mut task = pin!(scene.tracer.run("quick too", async {}));
    end(task.as_mut());
    let length = scene.tracer.length(&scene.span("quick too"));
    assert_eq!(
        length,
        Some(Length::BelowResolution),
        "the same holds for a future that is ready at once"
    );

    let scene = Scene::real();
    let step = scene.log.clock().step();
    assert!(
        step > 0.0 && (step <= 5.0 || step.is_infinite()),
        "the browser's clock is said to step by {step} ms"
    );
    for _ in 0..200 {
        scene.tracer.call("real", || ());
    }
    for record in scene.log.records() {
        match scene.tracer.length(&record) {
            Some(Length::BelowResolution) => {}
            Some(Length::Millis(millis)) if millis >= 0.9 * step || step.is_infinite() => {}
            other => panic!(
                "the browser's clock steps by {step} ms, and of a span from {} to {:?} it says {other:?}",
                record.start, record.closed
            ),
        }
    }
}

/// One step is a length, though the readings are rounded: 0.3 - 0.2 is less than 0.1.
#[wasm_bindgen_test]
fn one_step_is_a_length() {
    let one_step = |step: f64, from: f64, to: f64| {
        let scene = Scene::with_step(step);
        scene.set(from);
        scene.tracer.call("step", || scene.set(to));
        let length = scene.tracer.length(&scene.span("step"));
        assert_eq!(
            length,
            Some(Length::Millis(to - from)),
            "the clock steps by {step} and made one step, from {from} to {to}; their difference is {:?} in `f64`",
            to - from
        );
    };
    for (from, to) in [(0.2, 0.3), (0.1, 0.2), (0.7, 0.8), (81_234.5, 81_234.6)] {
        one_step(0.1, from, to);
    }
    one_step(0.005, 0.2, 0.205);
    one_step(20.0, 40.0, 60.0);
    // A clock that moves only while nobody computes has no step that can be measured.
    one_step(f64::INFINITY, 100.0, 150.0);
}
