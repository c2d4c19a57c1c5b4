//! The only file that names rayon: an ordered parallel map.
//!
//! Results come back in the order of the input, so they are the same for any
//! number of threads, and for none (without the feature `parallel`).

/// `f(i, &items[i])` for every item, in the order of `items`.
pub fn map<T: Sync, R: Send>(items: &[T], f: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    #[cfg(feature = "parallel")]
    // Starting threads takes longer than many a job.
    if items.len() > 1 {
        use rayon::prelude::*;
        return items.par_iter().enumerate().map(|(i, x)| f(i, x)).collect();
    }
    items.iter().enumerate().map(|(i, x)| f(i, x)).collect()
}

/// `f(first index, chunk)` for every fixed-size chunk of `items`, in order.
///
/// # Panics
/// When `size` is 0.
pub fn map_chunks<T: Sync, R: Send>(
    items: &[T],
    size: usize,
    f: impl Fn(usize, &[T]) -> R + Sync,
) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        items
            .par_chunks(size)
            .enumerate()
            .map(|(i, c)| f(i * size, c))
            .collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        items
            .chunks(size)
            .enumerate()
            .map(|(i, c)| f(i * size, c))
            .collect()
    }
}

/// Runs `f` with at most `threads` threads for the maps inside it; 0 means one
/// per core. Without the feature `parallel`, just runs it.
pub fn with_threads<R: Send>(threads: usize, f: impl FnOnce() -> R + Send) -> R {
    #[cfg(feature = "parallel")]
    {
        match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(f),
            // No pool can be had (no threads on this platform): the global one serves.
            Err(_) => f(),
        }
    }
    #[cfg(not(feature = "parallel"))]
    {
        let _ = threads;
        f()
    }
}
