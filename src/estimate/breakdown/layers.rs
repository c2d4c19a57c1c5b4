use super::ranges::{Bin, Ranges};
use super::{Breakdown, LayerTime};

/// Heights closer than this are one, mm.
const SAME_HEIGHT_D: f64 = 1e-6;

/// Where layers begin, and their time.
///
/// Before the first comment of a slicer a layer begins where work goes on at another
/// height. From that comment on, comments alone begin layers, and what came before is
/// layer 0.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    time: Ranges,
    /// How many were begun.
    begun: u32,
    /// So many of them were begun before the first comment.
    by_height: Option<u32>,
    /// The height of the one that was begun last, mm, where it was begun by that.
    height: Option<f64>,
    /// Whether something has moved since the last one began.
    moved: bool,
}

impl Layers {
    pub(super) const fn new() -> Self {
        Self {
            time: Ranges::new(Breakdown::MOST_LAYERS),
            begun: 0,
            by_height: None,
            height: None,
            moved: true,
        }
    }

    /// A comment says that a layer begins. One may be announced by several lines.
    pub(super) fn announced(&mut self) {
        if self.by_height.is_none() {
            self.time.fold();
            self.by_height = Some(self.begun);
        } else if !self.moved {
            return;
        }
        self.begun = self.begun.saturating_add(1);
        self.moved = false;
    }

    /// A move is given to the planner, to the height `worked` if it works. Gives the
    /// layer that it belongs to.
    pub(super) fn moves(&mut self, worked: Option<f64>) -> u32 {
        self.moved = true;
        if let (None, Some(z)) = (self.by_height, worked)
            && self.height.is_none_or(|h| (z - h).abs() > SAME_HEIGHT_D)
        {
            // What comes before the first work belongs to it.
            if self.height.is_some() {
                self.begun = self.begun.saturating_add(1);
            }
            self.height = Some(z);
        }
        self.begun
    }

    /// The layer that a command belongs to now.
    pub(super) const fn now(&self) -> u32 {
        self.begun
    }

    /// The time of the layer that a command was given to.
    pub(super) fn at(&mut self, begun: u32) -> (u32, &mut Bin) {
        let number = begun.saturating_sub(self.by_height.unwrap_or(0));
        (number, self.time.at(number))
    }

    pub(super) fn all(&self) -> Vec<LayerTime> {
        // Comments leave number 0 to what comes before them.
        let first = u32::from(self.by_height.is_none());
        self.time
            .counted()
            .map(|bin| LayerTime {
                layers: bin.numbers.map(|n| n.saturating_add(first)),
                z: (bin.z[0] <= bin.z[1]).then_some(bin.z),
                seconds: bin.seconds,
                lost: bin.lost,
                lines: bin.lines.map(|l| l.saturating_add(1)),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_take_the_place_of_heights() {
        let mut layers = Layers::new();
        let mut seen = Vec::new();
        for z in [0.0, 0.0, -1.0, 0.0] {
            seen.push(layers.moves(Some(z)));
            let (number, bin) = layers.at(seen[seen.len() - 1]);
            bin.add(number, 0, 1.0, 0.0);
        }
        assert_eq!(seen, [0, 0, 1, 2]);
        assert_eq!(layers.all().len(), 3);
        assert_eq!(layers.all()[0].layers, [1, 1]);
        // The layer is announced twice, and a move of the last one has yet to run.
        layers.announced();
        layers.announced();
        let late = layers.at(seen[3]);
        assert_eq!(late.0, 0);
        let now = layers.moves(Some(0.2));
        assert_eq!(layers.moves(Some(5.0)), now, "heights begin no more layers");
        let (number, bin) = layers.at(now);
        bin.add(number, 9, 1.0, 0.0);
        layers.announced();
        let all = layers.all();
        assert_eq!((all[0].layers, all[0].seconds as u32), ([0, 0], 4));
        assert_eq!((all[1].layers, all[1].lines), ([1, 1], [10, 10]));
        assert_eq!(layers.at(layers.now()).0, 2);
    }
}
