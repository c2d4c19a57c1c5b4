use crate::geom::{Bounds, Point, Point3, bounds_of};
use crate::toolpath::{Role, Step, Toolpath};

/// What a map shows of a toolpath.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Trace {
    /// What is worked: each run's start, then the end and bulge of each segment, mm.
    pub burns: Vec<(Point, Vec<(Point, f64)>)>,
    /// Travel, dark moves included, mm.
    pub travels: Vec<[Point; 2]>,
    /// Where the head stands at the start, mm.
    pub start: Point,
    /// Box around everything, mm.
    pub bounds: Bounds,
    /// Length of travel, mm.
    pub travel_mm: f64,
    /// How long the job takes, s, if it is known.
    pub seconds: Option<f64>,
    /// How often work starts.
    pub pen_downs: u64,
}

impl Trace {
    /// The trace of a toolpath. Motion inside fences is not part of it.
    #[must_use]
    pub fn of(toolpath: &Toolpath) -> Self {
        let mut t = Self {
            start: toolpath.start().xy(),
            ..Self::default()
        };
        let mut at = toolpath.start().xy();
        t.bounds.add(toolpath.start());
        for step in toolpath.steps() {
            let path = match step {
                Step::Raw(raw) => {
                    at = raw.exit_at.xy();
                    continue;
                }
                Step::Path(path) => path,
            };
            t.travel(at, path.start.xy());
            at = path.start.xy();
            let mut lit = false;
            for s in toolpath.segments(path) {
                let to = s.end.xy();
                let b = bounds_of(at, to, s.bulge);
                t.bounds.union(&b);
                match toolpath.attributes().get(s.attr).role {
                    Role::Dark => t.travel(at, to),
                    Role::Burn => {
                        if !lit {
                            t.burns.push((at, Vec::new()));
                        }
                        if let Some((_, run)) = t.burns.last_mut() {
                            run.push((to, s.bulge));
                        }
                    }
                }
                lit = toolpath.attributes().get(s.attr).role == Role::Burn;
                at = to;
            }
        }
        t.pen_downs = t.burns.len() as u64;
        t
    }

    /// The same with the job's duration, s.
    #[must_use]
    pub const fn with_seconds(mut self, seconds: f64) -> Self {
        self.seconds = Some(seconds);
        self
    }

    /// The same with the length of travel as an estimate has it, mm.
    #[must_use]
    pub const fn with_travel(mut self, mm: f64) -> Self {
        self.travel_mm = mm;
        self
    }

    /// The same with the count of pen-downs as an estimate has it.
    #[must_use]
    pub const fn with_pen_downs(mut self, count: u64) -> Self {
        self.pen_downs = count;
        self
    }

    fn travel(&mut self, from: Point, to: Point) {
        if from != to {
            self.travel_mm += from.distance(to);
            self.travels.push([from, to]);
            self.bounds.add(Point3::new(to.x, to.y, 0.0));
        }
    }
}
