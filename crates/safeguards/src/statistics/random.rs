//! Streams of random numbers that depend on the seed and the place of a history, never on the number of threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// Histories that share one stream. Fixed, because it decides which number goes to which history.
pub(crate) const HISTORIES_IN_CHUNK: usize = 512;

/// Which family of streams: two families with one seed share no numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// For setting thresholds.
    Thresholds,
    /// For evaluating tests whose thresholds have been set.
    Evaluation,
}

/// One generator for each chunk of histories. Streams of a family are 2¹²⁸ numbers apart and families 2¹⁹², so none
/// overlap.
pub(crate) fn streams(seed: u64, family: Family, histories: usize) -> Vec<Xoshiro256PlusPlus> {
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
    if family == Family::Evaluation {
        generator.long_jump();
    }
    (0..histories.div_ceil(HISTORIES_IN_CHUNK))
        .map(|_| {
            let stream = generator.clone();
            generator.jump();
            stream
        })
        .collect()
}

/// Runs `work` for every chunk on up to `threads` threads (`None`: as many as the machine has) and returns the results
/// in the order of the chunks.
pub(crate) fn for_each_chunk<T: Send>(
    generators: &[Xoshiro256PlusPlus],
    threads: Option<NonZeroUsize>,
    work: impl Fn(usize, Xoshiro256PlusPlus) -> T + Sync,
) -> Vec<T> {
    let threads = threads
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get)
        .min(generators.len().max(1));
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            let Some(generator) = generators.get(chunk) else {
                return done;
            };
            done.push((chunk, work(chunk, generator.clone())));
        }
    };
    let mut results: Vec<(usize, T)> = if threads == 1 {
        run()
    } else {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
            let mut results = run();
            for worker in workers {
                match worker.join() {
                    Ok(part) => results.extend(part),
                    Err(cause) => std::panic::resume_unwind(cause),
                }
            }
            results
        })
    };
    results.sort_unstable_by_key(|(chunk, _)| *chunk);
    results.into_iter().map(|(_, result)| result).collect()
}
