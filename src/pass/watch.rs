//! Who is told how far a run is.

use std::fmt;
use std::sync::Arc;

/// Is told the share of a search that is done, from 0 to 1, and says whether to go on;
/// what was found until then is kept. By default nobody.
///
/// It is called from several threads. A deadline is the caller's: nothing here asks
/// for the time.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<Told>>);

/// What is called.
type Told = dyn Fn(f64) -> bool + Send + Sync;

impl Watch {
    /// Calls `told`.
    #[must_use]
    pub fn new(told: impl Fn(f64) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(told)))
    }

    /// One that is told of a part of the work, between two shares of all.
    #[must_use]
    pub fn part(&self, from: f64, to: f64) -> Self {
        let Some(told) = self.0.clone() else {
            return Self::default();
        };
        Self::new(move |share| told(from + share * (to - from)))
    }

    /// Tells; whether to go on.
    #[must_use]
    pub fn goes_on(&self, share: f64) -> bool {
        self.0.as_ref().is_none_or(|told| told(share))
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watch" } else { "nobody" })
    }
}

/// Two are equal when they call the same closure.
impl PartialEq for Watch {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }
}
