//! Slabs over threads, their results in order.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};
use std::sync::{Condvar, Mutex, PoisonError};

use super::slab::{SlabResult, Work};

/// How far the threads may be ahead of the results that were taken, in slabs per thread.
const AHEAD: usize = 3;

struct Board {
    /// The next slab to be begun.
    next: usize,
    /// The next slab whose result is taken.
    wanted: usize,
    stopped: bool,
    done: BTreeMap<usize, SlabResult>,
}

/// Screens slabs in `threads` threads and hands the results to `take` in order, in the calling thread.
pub(crate) fn run(
    threads: usize,
    slabs: Range<usize>,
    work: &Work<'_>,
    take: &mut dyn FnMut(usize, SlabResult) -> ControlFlow<()>,
) {
    if threads == 1 || slabs.len() < 2 {
        let mut shop = work.workshop();
        for slab in slabs {
            if take(slab, work.screen(slab, &mut shop)).is_break() {
                return;
            }
        }
        return;
    }
    let board = Mutex::new(Board {
        next: slabs.start,
        wanted: slabs.start,
        stopped: false,
        done: BTreeMap::new(),
    });
    let changed = Condvar::new();
    let lock = || board.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                // If this thread panics, the others and the taker must not wait for it.
                let guard = StopOnPanic {
                    board: &board,
                    changed: &changed,
                };
                let mut shop = work.workshop();
                loop {
                    let mut state = lock();
                    while !state.stopped
                        && state.next >= state.wanted + AHEAD * threads
                        && state.next < slabs.end
                    {
                        state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                    }
                    if state.stopped || state.next >= slabs.end {
                        break;
                    }
                    let slab = state.next;
                    state.next += 1;
                    drop(state);
                    let result = work.screen(slab, &mut shop);
                    lock().done.insert(slab, result);
                    changed.notify_all();
                }
                std::mem::forget(guard);
            });
        }
        for slab in slabs.clone() {
            let mut state = lock();
            let result = loop {
                if let Some(result) = state.done.remove(&slab) {
                    break Some(result);
                }
                if state.stopped {
                    break None;
                }
                state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            };
            state.wanted = slab + 1;
            drop(state);
            changed.notify_all();
            let Some(result) = result else { break };
            if take(slab, result).is_break() {
                break;
            }
        }
        lock().stopped = true;
        changed.notify_all();
    });
}

struct StopOnPanic<'a> {
    board: &'a Mutex<Board>,
    changed: &'a Condvar,
}

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        self.board
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .stopped = true;
        self.changed.notify_all();
    }
}
