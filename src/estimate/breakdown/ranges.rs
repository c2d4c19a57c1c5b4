/// Time of things that are numbered and follow each other, in a fixed number of bins: when
/// a number is beyond them, each two become one.
#[derive(Clone, Debug)]
pub(super) struct Ranges {
    most: usize,
    /// How many numbers share a bin.
    per: u32,
    bins: Vec<Bin>,
}

/// Time of some of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bin {
    pub(super) numbers: [u32; 2],
    /// From 0.
    pub(super) lines: [u32; 2],
    pub(super) seconds: f64,
    pub(super) lost: f64,
    pub(super) z: [f64; 2],
}

impl Bin {
    const EMPTY: Self = Self {
        numbers: [u32::MAX, 0],
        lines: [u32::MAX, 0],
        seconds: 0.0,
        lost: 0.0,
        z: [f64::INFINITY, f64::NEG_INFINITY],
    };

    /// Nothing was counted in it.
    pub(super) const fn is_empty(&self) -> bool {
        self.numbers[0] > self.numbers[1]
    }

    pub(super) fn add(&mut self, number: u32, line: u32, seconds: f64, lost: f64) {
        self.numbers = [self.numbers[0].min(number), self.numbers[1].max(number)];
        self.lines = [self.lines[0].min(line), self.lines[1].max(line)];
        self.seconds += seconds;
        self.lost += lost;
    }

    pub(super) fn reach(&mut self, z: f64) {
        self.z = [self.z[0].min(z), self.z[1].max(z)];
    }

    fn merge(&mut self, other: &Self) {
        let both = |a: [u32; 2], b: [u32; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        self.numbers = both(self.numbers, other.numbers);
        self.lines = both(self.lines, other.lines);
        self.seconds += other.seconds;
        self.lost += other.lost;
        self.z = [self.z[0].min(other.z[0]), self.z[1].max(other.z[1])];
    }
}

impl Ranges {
    pub(super) const fn new(most: usize) -> Self {
        Self {
            most,
            per: 1,
            bins: Vec::new(),
        }
    }

    /// The bin of a number.
    pub(super) fn at(&mut self, number: u32) -> &mut Bin {
        while (number / self.per) as usize >= self.most {
            self.bins = self.bins.chunks(2).map(together).collect();
            self.per *= 2;
        }
        let i = (number / self.per) as usize;
        if i >= self.bins.len() {
            self.bins.resize(i + 1, Bin::EMPTY);
        }
        &mut self.bins[i]
    }

    /// All is counted under number 0 from here on.
    pub(super) fn fold(&mut self) {
        if !self.bins.is_empty() {
            let mut all = together(&self.bins);
            all.numbers = [0, 0];
            self.bins = vec![all];
        }
        self.per = 1;
    }

    /// The bins in which something was counted.
    pub(super) fn counted(&self) -> impl Iterator<Item = &Bin> {
        self.bins.iter().filter(|b| !b.is_empty())
    }
}

fn together(bins: &[Bin]) -> Bin {
    let mut all = Bin::EMPTY;
    for bin in bins {
        all.merge(bin);
    }
    all
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // whole numbers are added
mod tests {
    use super::*;

    #[test]
    fn bins_are_put_together_and_lose_nothing() {
        let mut ranges = Ranges::new(8);
        for number in 0..100 {
            ranges.at(number).add(number, number + 5, 1.0, 0.5);
        }
        let bins: Vec<_> = ranges.counted().collect();
        assert_eq!(bins.len(), 7, "of 16 each, the last of 4");
        assert_eq!((bins[0].numbers, bins[0].lines), ([0, 15], [5, 20]));
        assert_eq!(bins.iter().map(|b| b.seconds).sum::<f64>(), 100.0);
        assert_eq!(bins.iter().map(|b| b.lost).sum::<f64>(), 50.0);
        ranges.fold();
        ranges.at(1).add(1, 200, 2.0, 0.0);
        let bins: Vec<_> = ranges.counted().collect();
        assert_eq!(
            (bins.len(), bins[0].seconds, bins[1].lines),
            (2, 100.0, [200, 200])
        );
    }
}
