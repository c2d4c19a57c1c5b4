//! One stage: a tree of tight edges is grown from a vertex without a partner
//! until it meets another.

use super::Graph;
use super::regions::{Label, Regions};
use crate::algo::bound::NONE;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Something that happens when the duals have changed by `time`: an edge gets
/// tight, or (`to` is [`NONE`]) the dual of the blossom `from` is used up.
#[derive(Clone, Copy, Debug)]
struct Event {
    time: f64,
    from: u32,
    to: u32,
}

impl Ord for Event {
    /// The earliest is the greatest, as the heap wants it.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |e: &Self| (e.from, e.to);
        other
            .time
            .total_cmp(&self.time)
            .then_with(|| key(other).cmp(&key(self)))
    }
}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Event {}

/// What the stages share.
pub(super) struct Search<'a> {
    pub(super) graph: &'a Graph,
    pub(super) regions: Regions,
    /// Slack up to which an edge is tight.
    slack: f64,
    events: BinaryHeap<Event>,
    /// How far the duals have changed in this stage.
    now: f64,
    /// Regions that got a label in this stage.
    labelled: Vec<u32>,
    walks: u32,
}

impl<'a> Search<'a> {
    pub(super) const fn new(graph: &'a Graph, regions: Regions, slack: f64) -> Self {
        Self {
            graph,
            regions,
            slack,
            events: BinaryHeap::new(),
            now: 0.0,
            labelled: Vec::new(),
            walks: 0,
        }
    }

    /// Grows a tree from the vertex `root`, which has no partner, until the matching
    /// has one more edge. Gives whether it has: not where the graph has no more.
    pub(super) fn stage(&mut self, root: u32) -> bool {
        self.events.clear();
        self.now = 0.0;
        self.make_even(self.regions.top(root));
        let mut grown = false;
        while let Some(event) = self.events.pop() {
            self.now = self.now.max(event.time);
            if event.to == NONE {
                self.shatter(event.from);
            } else if self.meet(event.from, event.to) {
                grown = true;
                break;
            }
        }
        for region in std::mem::take(&mut self.labelled) {
            let r = self.regions.get(region);
            if r.parent == NONE && r.label != Label::Out {
                self.regions.set_label(region, Label::Out, self.now);
            }
        }
        grown
    }

    /// An edge may have got tight. Gives whether the stage is over.
    fn meet(&mut self, u: u32, v: u32) -> bool {
        let (a, b) = (self.regions.top(u), self.regions.top(v));
        let label = self.regions.get(b).label;
        let cost = self.graph.cost(u, v);
        if a == b || label == Label::Odd {
            return false;
        }
        let slack = self.slack_of(u, v, cost);
        if slack > self.slack {
            // It was put down before the other end left the tree.
            self.put_down(u, v, cost);
        } else if label == Label::Even {
            self.blossom(a, b, [u, v]);
        } else if self.regions.mate(self.regions.get(b).base) == NONE {
            self.augment(u, v);
            return true;
        } else {
            self.make_odd(b, [u, v]);
            let base = self.regions.get(b).base;
            self.make_even(self.regions.top(self.regions.mate(base)));
        }
        false
    }

    fn slack_of(&self, u: u32, v: u32, cost: f64) -> f64 {
        cost - self.regions.height(u, self.now) - self.regions.height(v, self.now)
    }

    /// Puts down when an edge from an even vertex gets tight.
    fn put_down(&mut self, u: u32, v: u32, cost: f64) {
        let (a, b) = (self.regions.top(u), self.regions.top(v));
        let rate = 1.0 + self.regions.get(b).label.rate();
        if a != b && rate > 0.0 {
            let slack = self.slack_of(u, v, cost).max(0.0);
            self.events.push(Event {
                time: self.now + slack / rate,
                from: u,
                to: v,
            });
        }
    }

    fn make_odd(&mut self, region: u32, entry: [u32; 2]) {
        self.regions.set_label(region, Label::Odd, self.now);
        self.labelled.push(region);
        self.regions.get_mut(region).entry = entry;
        if self.regions.is_blossom(region) {
            self.events.push(Event {
                time: self.now + self.regions.get(region).dual.max(0.0),
                from: region,
                to: NONE,
            });
        }
    }

    fn make_even(&mut self, region: u32) {
        self.regions.set_label(region, Label::Even, self.now);
        self.labelled.push(region);
        let members = self.regions.members(region).to_vec();
        self.look_round(&members);
    }

    /// Puts down the edges of vertices that have become even.
    fn look_round(&mut self, vertices: &[u32]) {
        let graph = self.graph;
        for &u in vertices {
            for &(v, cost) in graph.of(u) {
                self.put_down(u, v, cost);
            }
        }
    }

    /// The odd region above an even one, by the even one's vertex in the edge, and
    /// the even region above that; none at the root.
    fn above(&self, even: u32) -> Option<(u32, u32)> {
        let base = self.regions.get(even).base;
        let mate = self.regions.mate(base);
        (mate != NONE).then(|| {
            let odd = self.regions.top(mate);
            (odd, self.regions.top(self.regions.get(odd).entry[0]))
        })
    }

    /// Where the ways of two even regions to the root meet. Both are walked by
    /// turns, so that it costs no more than the blossom is long.
    fn meeting_place(&mut self, a: u32, b: u32) -> u32 {
        self.walks += 1;
        let (mut this, mut other) = (Some(a), Some(b));
        loop {
            if let Some(even) = this {
                if self.regions.get(even).mark == self.walks {
                    return even;
                }
                self.regions.get_mut(even).mark = self.walks;
                this = self.above(even).map(|(_, up)| up);
            }
            std::mem::swap(&mut this, &mut other);
        }
    }

    /// The regions from `even` up to `end`, with the edge from each to the next.
    fn way_up(&self, mut even: u32, end: u32) -> Vec<(u32, [u32; 2])> {
        let mut way = Vec::new();
        while even != end
            && let Some((odd, up)) = self.above(even)
        {
            let base = self.regions.get(even).base;
            way.push((even, [base, self.regions.mate(base)]));
            let [outside, inside] = self.regions.get(odd).entry;
            way.push((odd, [inside, outside]));
            even = up;
        }
        way
    }

    /// Makes one region of the cycle that an edge between two even ones closes.
    fn blossom(&mut self, a: u32, b: u32, [u, v]: [u32; 2]) {
        let top = self.meeting_place(a, b);
        let mut parts = vec![top];
        let mut links = Vec::new();
        for (part, [low, high]) in self.way_up(a, top).into_iter().rev() {
            parts.push(part);
            links.push([high, low]);
        }
        links.push([u, v]);
        for (part, link) in self.way_up(b, top) {
            parts.push(part);
            links.push(link);
        }
        let mut turned = Vec::new();
        for &part in &parts {
            if self.regions.get(part).label == Label::Odd {
                turned.extend_from_slice(self.regions.members(part));
            }
        }
        let id = self.regions.join(parts, links, self.now);
        self.labelled.push(id);
        self.look_round(&turned);
    }

    /// Takes an odd blossom apart whose dual is used up. The parts on the even way
    /// round from where the tree enters to its base stay in the tree.
    fn shatter(&mut self, blossom: u32) {
        let r = self.regions.get(blossom);
        if r.parent != NONE || r.label != Label::Odd {
            return;
        }
        let entry = r.entry;
        let first = self.regions.part_with(blossom, entry[1]);
        let was = self.regions.take_apart(blossom, self.now);
        let len = was.parts.len();
        // An odd part has its partner after it, an even one before it.
        let forward = first % 2 == 1;
        let steps = if forward { len - first } else { first };
        let part = |k: usize| {
            let at = if forward { first + k } else { first + len - k };
            was.parts[at % len]
        };
        let link = |k: usize| {
            if forward {
                was.links[(first + k) % len]
            } else {
                let [a, b] = was.links[(first + len - k - 1) % len];
                [b, a]
            }
        };
        self.make_odd(part(0), entry);
        for k in (2..=steps).step_by(2) {
            self.make_odd(part(k), link(k - 1));
            self.make_even(part(k - 1));
        }
        let graph = self.graph;
        for k in steps + 1..len {
            for v in self.regions.members(part(k)).to_vec() {
                for &(u, cost) in graph.of(v) {
                    if self.regions.get(self.regions.top(u)).label == Label::Even {
                        self.put_down(u, v, cost);
                    }
                }
            }
        }
    }

    /// Pairs `u`, in the tree, with `v` outside, and turns the pairs from there to the root.
    fn augment(&mut self, mut u: u32, mut v: u32) {
        let outside = self.regions.top(v);
        self.regions.set_base(outside, v);
        self.regions.set_mate(v, u);
        loop {
            let even = self.regions.top(u);
            let above = self.above(even).map(|(odd, _)| odd);
            self.regions.set_base(even, u);
            self.regions.set_mate(u, v);
            let Some(odd) = above else { return };
            let [outside, inside] = self.regions.get(odd).entry;
            self.regions.set_base(odd, inside);
            self.regions.set_mate(inside, outside);
            (u, v) = (outside, inside);
        }
    }
}
