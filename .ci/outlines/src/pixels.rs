//! Two pictures of lines, and how much of each the other does not explain.

use resvg::tiny_skia;

/// How a page is drawn.
pub struct Frame {
    pub width: u32,
    pub height: u32,
    /// Pixels per mm.
    pub scale: f64,
    /// Width of lines, pixels.
    pub line: f64,
}

/// The longer side of a picture, pixels.
const SIDE: f64 = 1000.0;

impl Frame {
    /// `None` for a page without an area.
    pub fn new(size_mm: [f64; 2]) -> Option<Self> {
        let long = size_mm[0].max(size_mm[1]);
        let scale = SIDE / long;
        let [w, h] = size_mm.map(|s| (s * scale).ceil().max(1.0));
        (long > 0.0 && w.is_finite() && h.is_finite()).then_some(Self {
            width: w as u32,
            height: h as u32,
            scale,
            line: 1.25,
        })
    }

    pub fn pixmap(&self) -> tiny_skia::Pixmap {
        tiny_skia::Pixmap::new(self.width, self.height).expect("a frame has an area")
    }
}

/// Which pixels are dark.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub dark: Vec<bool>,
}

/// Pixels along the edge of the page are not compared: whether a line at the very
/// edge is on the page is a matter of rounding.
const EDGE: usize = 3;

/// How far the pixel that explains another may be.
pub const REACH: usize = 2;

impl Picture {
    pub fn of(pixmap: &tiny_skia::Pixmap, frame: &Frame) -> Self {
        Self {
            width: frame.width as usize,
            height: frame.height as usize,
            // A line of 1.25 px leaves a pixel in each row at least this dark.
            dark: pixmap.pixels().iter().map(|p| p.alpha() >= 80).collect(),
        }
    }

    /// This picture with each dark pixel grown to a square.
    fn grown(&self) -> Vec<bool> {
        let (w, h) = (self.width, self.height);
        let mut wide = vec![false; w * h];
        let mut out = vec![false; w * h];
        for i in (0..w * h).filter(|i| self.dark[*i]) {
            let (x, row) = (i % w, i - i % w);
            wide[row + x.saturating_sub(REACH)..=row + (x + REACH).min(w - 1)].fill(true);
        }
        for i in (0..w * h).filter(|i| wide[*i]) {
            let (x, y) = (i % w, i / w);
            for row in y.saturating_sub(REACH)..=(y + REACH).min(h - 1) {
                out[row * w + x] = true;
            }
        }
        out
    }

    /// Whether a pixel is far enough from the edge of the page to count.
    fn counts(&self, i: usize) -> bool {
        let (x, y) = (i % self.width, i / self.width);
        x >= EDGE && y >= EDGE && x + EDGE < self.width && y + EDGE < self.height
    }

    /// Dark pixels that count, and those of them that `other` does not explain.
    pub fn unexplained(&self, other: &Self) -> (usize, Vec<usize>) {
        let near = other.grown();
        let mut dark = 0;
        let mut alone = Vec::new();
        for i in (0..self.dark.len()).filter(|i| self.dark[*i] && self.counts(*i)) {
            dark += 1;
            if !near[i] {
                alone.push(i);
            }
        }
        (dark, alone)
    }
}

/// Both pictures in one, for the eye: black where they agree, red what only the
/// original has, blue what only trajet has.
pub fn side_by_side(original: &Picture, ours: &Picture, frame: &Frame) -> tiny_skia::Pixmap {
    let mut pixmap = frame.pixmap();
    pixmap.fill(tiny_skia::Color::WHITE);
    let (_, missing) = original.unexplained(ours);
    let (_, extra) = ours.unexplained(original);
    let color = |r, g, b| tiny_skia::ColorU8::from_rgba(r, g, b, 255).premultiply();
    let pixels = pixmap.pixels_mut();
    for i in 0..pixels.len() {
        if ours.dark[i] || original.dark[i] {
            pixels[i] = color(170, 170, 170);
        }
    }
    for i in missing {
        pixels[i] = color(255, 0, 0);
    }
    for i in extra {
        pixels[i] = color(0, 0, 255);
    }
    pixmap
}
