//! How far a search is, and whether it is to go on.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Watches one search, or several that share it: counts what is done, tells the
/// caller, and stops them when the caller says so. What was found until then is kept.
#[allow(missing_debug_implementations)] // a closure has nothing to show
pub struct Progress<'w> {
    watch: &'w (dyn Fn(f64) -> bool + Sync),
    total: usize,
    done: AtomicUsize,
    stopped: AtomicBool,
}

impl<'w> Progress<'w> {
    /// `watch` is told the share of `total` kicks that is done, from 0 to 1, and gives
    /// whether to go on. It is called from several threads, some hundred times a
    /// second and more.
    #[must_use]
    pub const fn new(total: usize, watch: &'w (dyn Fn(f64) -> bool + Sync)) -> Self {
        Self {
            watch,
            total,
            done: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Counts kicks; whether to go on.
    #[must_use]
    pub fn add(&self, kicks: usize) -> bool {
        // The count orders nothing else.
        let done = self.done.fetch_add(kicks, Ordering::Relaxed) + kicks;
        let share = if self.total == 0 {
            0.0
        } else {
            (done as f64 / self.total as f64).min(1.0)
        };
        if !self.is_stopped() && !(self.watch)(share) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.is_stopped()
    }

    /// Whether the caller has said to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
