//! Vertices and blossoms of a matching, with their duals.
//!
//! A *region* is a vertex, or a *blossom*: an odd cycle of regions that acts as one.
//! A region that is in no blossom is *outermost*; only outermost regions carry a
//! label and change their dual. The *height* of a vertex is the sum of the duals
//! of all regions that hold it, itself included: an edge between two outermost
//! regions is tight when the heights of its ends add up to its cost.
//!
//! All vertices of an outermost region rise and sink together, so each has one
//! *crowd* of vertices with one offset. Crowds are joined by moving the smaller
//! ones, and taken apart likewise: O(log n) moves a vertex and stage.

use crate::algo::bound::NONE;

/// What an outermost region is in the tree that is being grown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Label {
    /// Not in the tree: its dual stays.
    #[default]
    Out,
    /// An even number of regions from the root: its dual grows.
    Even,
    /// An odd number: its dual shrinks.
    Odd,
}

impl Label {
    pub(super) const fn rate(self) -> f64 {
        match self {
            Self::Out => 0.0,
            Self::Even => 1.0,
            Self::Odd => -1.0,
        }
    }
}

/// A vertex or a blossom.
#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    /// The blossom that it is a part of.
    pub(super) parent: u32,
    /// The vertex whose partner is outside.
    pub(super) base: u32,
    /// The cycle of a blossom; the first holds the base.
    pub(super) parts: Vec<u32>,
    /// The edge from each part to the next, as vertices.
    pub(super) links: Vec<[u32; 2]>,
    /// Its dual when its label was last set.
    pub(super) dual: f64,
    /// How many vertices it holds.
    pub(super) size: u32,
    pub(super) label: Label,
    /// When its label was set.
    pub(super) since: f64,
    /// The edge by which an odd region hangs on the tree: from outside, inside.
    pub(super) entry: [u32; 2],
    /// Its crowd, if it is outermost.
    crowd: u32,
    /// The last walk towards the root that passed it.
    pub(super) mark: u32,
}

/// The vertices of an outermost region.
#[derive(Clone, Debug, Default)]
struct Crowd {
    owner: u32,
    members: Vec<u32>,
    /// What is added to the members' own heights.
    offset: f64,
}

#[derive(Clone, Debug)]
struct Vertex {
    /// Its height, less the offset of its crowd.
    own: f64,
    crowd: u32,
    /// Where it stands in the crowd's list.
    place: u32,
    mate: u32,
}

/// All regions.
pub(super) struct Regions {
    vertices: Vec<Vertex>,
    regions: Vec<Region>,
    crowds: Vec<Crowd>,
    spare_regions: Vec<u32>,
    spare_crowds: Vec<u32>,
}

impl Regions {
    /// Vertices with these duals, all without a partner.
    pub(super) fn new(duals: &[f64]) -> Self {
        let all = 0..duals.len() as u32;
        Self {
            vertices: all
                .clone()
                .zip(duals)
                .map(|(v, &dual)| Vertex {
                    own: dual,
                    crowd: v,
                    place: 0,
                    mate: NONE,
                })
                .collect(),
            regions: all
                .clone()
                .zip(duals)
                .map(|(v, &dual)| Region {
                    parent: NONE,
                    base: v,
                    dual,
                    size: 1,
                    crowd: v,
                    ..Region::default()
                })
                .collect(),
            crowds: all
                .map(|v| Crowd {
                    owner: v,
                    members: vec![v],
                    offset: 0.0,
                })
                .collect(),
            spare_regions: Vec::new(),
            spare_crowds: Vec::new(),
        }
    }

    /// The number of vertices.
    pub(super) const fn len(&self) -> usize {
        self.vertices.len()
    }

    pub(super) fn get(&self, region: u32) -> &Region {
        &self.regions[region as usize]
    }

    pub(super) fn get_mut(&mut self, region: u32) -> &mut Region {
        &mut self.regions[region as usize]
    }

    pub(super) const fn is_blossom(&self, region: u32) -> bool {
        region as usize >= self.vertices.len()
    }

    pub(super) fn mate(&self, v: u32) -> u32 {
        self.vertices[v as usize].mate
    }

    pub(super) fn set_mate(&mut self, v: u32, mate: u32) {
        self.vertices[v as usize].mate = mate;
    }

    /// The outermost region that holds a vertex.
    pub(super) fn top(&self, v: u32) -> u32 {
        self.crowds[self.vertices[v as usize].crowd as usize].owner
    }

    /// The vertices of an outermost region.
    pub(super) fn members(&self, region: u32) -> &[u32] {
        &self.crowds[self.get(region).crowd as usize].members
    }

    /// The height of a vertex.
    pub(super) fn height(&self, v: u32, now: f64) -> f64 {
        let vertex = &self.vertices[v as usize];
        let crowd = &self.crowds[vertex.crowd as usize];
        let region = self.get(crowd.owner);
        vertex.own + crowd.offset + region.label.rate() * (now - region.since)
    }

    /// Gives an outermost region a label from now on.
    pub(super) fn set_label(&mut self, region: u32, label: Label, now: f64) {
        let r = &mut self.regions[region as usize];
        let grown = r.label.rate() * (now - r.since);
        r.dual += grown;
        (r.label, r.since) = (label, now);
        self.crowds[r.crowd as usize].offset += grown;
    }

    /// Makes an even blossom of outermost regions; the first holds its base.
    pub(super) fn join(&mut self, parts: Vec<u32>, links: Vec<[u32; 2]>, now: f64) -> u32 {
        for &part in &parts {
            self.set_label(part, Label::Out, now);
        }
        let biggest = self.biggest(&parts);
        let kept = self.get(biggest).crowd;
        let id = self.spare_regions.pop().unwrap_or_else(|| {
            self.regions.push(Region::default());
            self.regions.len() as u32 - 1
        });
        let mut members = std::mem::take(&mut self.crowds[kept as usize].members);
        for &part in parts.iter().filter(|&&p| p != biggest) {
            let crowd = self.get(part).crowd;
            let shift = self.crowds[crowd as usize].offset - self.crowds[kept as usize].offset;
            for v in std::mem::take(&mut self.crowds[crowd as usize].members) {
                let vertex = &mut self.vertices[v as usize];
                vertex.own += shift;
                (vertex.crowd, vertex.place) = (kept, members.len() as u32);
                members.push(v);
            }
            self.spare_crowds.push(crowd);
        }
        for &part in &parts {
            self.get_mut(part).parent = id;
        }
        let mark = self.get(id).mark;
        let size = members.len() as u32;
        (
            self.crowds[kept as usize].members,
            self.crowds[kept as usize].owner,
        ) = (members, id);
        self.regions[id as usize] = Region {
            parent: NONE,
            base: self.get(parts[0]).base,
            parts,
            links,
            dual: 0.0,
            size,
            label: Label::Even,
            since: now,
            entry: [NONE; 2],
            crowd: kept,
            mark,
        };
        id
    }

    /// Takes an outermost blossom apart, whose dual is used up; its parts become
    /// outermost and are out of the tree. Gives what the blossom was.
    pub(super) fn take_apart(&mut self, blossom: u32, now: f64) -> Region {
        self.set_label(blossom, Label::Out, now);
        let was = std::mem::take(self.get_mut(blossom));
        self.get_mut(blossom).mark = was.mark;
        self.spare_regions.push(blossom);
        let biggest = self.biggest(&was.parts);
        let offset = self.crowds[was.crowd as usize].offset;
        let mut moved = Vec::new();
        for &part in &was.parts {
            let crowd = if part == biggest {
                was.crowd
            } else {
                moved.clear();
                self.vertices_of(part, &mut moved);
                let crowd = self.spare_crowds.pop().unwrap_or_else(|| {
                    self.crowds.push(Crowd::default());
                    self.crowds.len() as u32 - 1
                });
                for (place, &v) in moved.iter().enumerate() {
                    self.leave(v);
                    let vertex = &mut self.vertices[v as usize];
                    (vertex.crowd, vertex.place) = (crowd, place as u32);
                }
                self.crowds[crowd as usize].members.extend(&moved);
                self.crowds[crowd as usize].offset = offset;
                crowd
            };
            self.crowds[crowd as usize].owner = part;
            let r = self.get_mut(part);
            (r.parent, r.crowd, r.since) = (NONE, crowd, now);
        }
        was
    }

    /// Takes a vertex off the list of its crowd.
    fn leave(&mut self, v: u32) {
        let Vertex { crowd, place, .. } = self.vertices[v as usize];
        let members = &mut self.crowds[crowd as usize].members;
        let _ = members.swap_remove(place as usize);
        if let Some(&moved) = members.get(place as usize) {
            self.vertices[moved as usize].place = place;
        }
    }

    fn biggest(&self, parts: &[u32]) -> u32 {
        let size = |p: &u32| self.get(*p).size;
        parts.iter().copied().max_by_key(size).unwrap_or(NONE)
    }

    /// The vertices of any region.
    fn vertices_of(&self, region: u32, out: &mut Vec<u32>) {
        let mut open = vec![region];
        while let Some(r) = open.pop() {
            if self.is_blossom(r) {
                open.extend(&self.get(r).parts);
            } else {
                out.push(r);
            }
        }
    }

    /// Which part of a blossom holds a vertex.
    pub(super) fn part_with(&self, blossom: u32, v: u32) -> usize {
        let mut part = v;
        while self.get(part).parent != blossom {
            part = self.get(part).parent;
        }
        let parts = &self.get(blossom).parts;
        parts.iter().position(|&p| p == part).unwrap_or(0)
    }

    /// Makes `v` the base of a region: the pairs along each cycle are turned.
    pub(super) fn set_base(&mut self, region: u32, v: u32) {
        let mut open = vec![(region, v)];
        while let Some((region, v)) = open.pop() {
            if self.get(region).base == v {
                continue;
            }
            let first = self.part_with(region, v);
            let r = self.get_mut(region);
            r.base = v;
            r.parts.rotate_left(first);
            r.links.rotate_left(first);
            let pairs: Vec<_> = (1..r.parts.len())
                .step_by(2)
                .map(|i| ([r.parts[i], r.parts[i + 1]], r.links[i]))
                .collect();
            open.push((r.parts[0], v));
            for (parts, [a, b]) in pairs {
                self.set_mate(a, b);
                self.set_mate(b, a);
                open.extend([(parts[0], a), (parts[1], b)]);
            }
        }
    }

    /// The region round each vertex, and of each blossom the one round it and its
    /// dual; outer ones come first, and have the lower numbers.
    pub(super) fn nested(&self) -> (Vec<u32>, Vec<(u32, f64)>) {
        let mut round = vec![NONE; self.len()];
        let mut blossoms = Vec::new();
        let mut open = Vec::new();
        for v in 0..self.len() as u32 {
            let top = self.top(v);
            if self.is_blossom(top) && self.get(top).base == v {
                open.push((top, NONE));
            }
            while let Some((region, outer)) = open.pop() {
                if self.is_blossom(region) {
                    let id = blossoms.len() as u32;
                    blossoms.push((outer, self.get(region).dual));
                    open.extend(self.get(region).parts.iter().map(|&p| (p, id)));
                } else {
                    round[region as usize] = outer;
                }
            }
        }
        (round, blossoms)
    }
}
