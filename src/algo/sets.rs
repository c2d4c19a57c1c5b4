/// Disjoint sets with path halving; the smallest member is the root, so that
/// results do not depend on the order of joins.
pub(crate) struct Sets(Vec<u32>);

impl Sets {
    /// Each of `n` members alone.
    pub(crate) fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    /// The smallest member of a member's set.
    pub(crate) fn root(&mut self, mut i: u32) -> u32 {
        while self.0[i as usize] != i {
            let up = self.0[self.0[i as usize] as usize];
            self.0[i as usize] = up;
            i = up;
        }
        i
    }

    /// Makes one set of two; whether they were apart.
    pub(crate) fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
        a != b
    }
}
