//! When the store comes back to the pool

use super::{World, shelf::Call};
use js_sys::{Function, Object};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// Closing, a finalizer and the end of a borrow release a resource, and the store that gets it may
/// come back: close the same handle again and another, open a new one, borrow, count.
#[wasm_bindgen_test]
fn a_store_may_come_back_when_it_is_given_a_resource() {
    for how in [How::Close, How::Finalize, How::EndBorrow] {
        let World {
            shelf,
            collector,
            pool,
        } = World::new();
        let (ends, other) = (pool.open(), pool.open());
        let borrow = match how {
            How::EndBorrow => pool.borrow(&ends).ok(),
            How::Close | How::Finalize => None,
        };
        if borrow.is_some() {
            pool.close(&ends);
        }
        shelf.visit_on(Call::Release, {
            let (pool, ends, other) = (Rc::clone(&pool), ends.clone(), other.clone());
            move || {
                pool.close(&ends);
                drop(pool.borrow(&other));
                pool.close(&other);
                drop(pool.open());
                let _counts = pool.counts();
            }
        });
        let borrow = RefCell::new(borrow);
        let survived = survives({
            let pool = Rc::clone(&pool);
            move || match how {
                How::Close => drop(pool.close(&ends)),
                How::Finalize => collector.finalize_all_but(&other),
                How::EndBorrow => drop(borrow.take()),
            }
        });
        let when = how.when();
        assert!(
            !shelf.is_waiting(),
            "{when} its resource did not go back to the store then"
        );
        assert!(
            survived,
            "{when} the store got its resource and came back to the pool from `release`: it closed, \
             borrowed and opened handles. That did not work, with a panic or a trap. Nothing of the pool's \
             may be borrowed or half changed while foreign code is called."
        );
        shelf.expect(
            1,
            &format!(
                "{when} and the store closed what was left and opened one handle from `release`"
            ),
            "Whoever comes back finds the pool in order: what has ended has ended, and once.",
        );
        assert!(
            pool.counts().live == 1,
            "{when} the store opened one handle from `release`, and the pool counts {} live",
            pool.counts().live,
        );
    }
}

/// A store that makes room in `acquire` may close other handles, and open one.
#[wasm_bindgen_test]
fn a_store_may_come_back_when_it_is_asked_for_a_resource() {
    let World { shelf, pool, .. } = World::new();
    let oldest = pool.open();
    let opened = Rc::new(RefCell::new(Vec::<Object>::new()));
    shelf.visit_on(Call::Acquire, {
        let (pool, opened) = (Rc::clone(&pool), Rc::clone(&opened));
        move || {
            pool.close(&oldest);
            let handle = pool.open();
            opened.borrow_mut().push(handle);
        }
    });
    let survived = survives({
        let (pool, opened) = (Rc::clone(&pool), Rc::clone(&opened));
        move || {
            let handle = pool.open();
            opened.borrow_mut().push(handle);
        }
    });
    assert!(
        survived,
        "the store was asked for a resource, and came back to the pool from `acquire`: it closed the \
         oldest handle to make room, and opened another. That did not work, with a panic or a trap. \
         Nothing of the pool's may be borrowed while foreign code is called."
    );
    shelf.expect(
        2,
        "after the store closed one handle and opened one from `acquire`",
        "Two handles are open, each with a resource of its own.",
    );
    let resources: Vec<Option<u32>> = opened
        .borrow()
        .iter()
        .map(|handle| Some(pool.borrow(handle).ok()?.resource()))
        .collect();
    assert!(
        matches!(resources[..], [Some(first), Some(second)] if first != second),
        "one handle was opened inside `acquire` and one around it; they lead to the resources \
         {resources:?}. Each must have its own: a number that is taken before foreign code runs is taken \
         twice."
    );
}

/// How a resource is released.
#[derive(Clone, Copy)]
enum How {
    Close,
    Finalize,
    EndBorrow,
}

impl How {
    fn when(self) -> &'static str {
        match self {
            Self::Close => "when a handle was closed",
            Self::Finalize => "when a handle was finalized",
            Self::EndBorrow => "when the last borrow of a closed handle ended",
        }
    }
}

/// Does something behind a boundary of JavaScript's, and says whether it came to its end: a trap
/// is an exception there.
fn survives(act: impl Fn() + 'static) -> bool {
    let act = Closure::<dyn Fn()>::new(act);
    let act: &Function = act.as_ref().unchecked_ref();
    act.call0(&JsValue::UNDEFINED).is_ok()
}
