use trajet::algo::tour::*;
use trajet::geom::Point;
fn main() {
    for f in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&f).unwrap();
        let mut strokes = vec![];
        let mut starts = vec![];
        let mut before = vec![];
        for l in text.lines().filter(|l| !l.starts_with('#')) {
            let c: Vec<&str> = l.split(',').collect();
            let v: Vec<f64> = c[3].split(' ').map(|x| x.parse().unwrap()).collect();
            let p: Vec<Point> = v
                .chunks(2)
                .map(|a| Point::new(a[0], 300.0 - a[1]))
                .collect();
            let me = strokes.len() as u32;
            if c[2] == "1" {
                let b = starts.len() as u32;
                starts.extend(&p[..p.len() - 1]);
                strokes.push(Stroke::Closed {
                    starts: b..starts.len() as u32,
                });
            } else {
                strokes.push(Stroke::Open {
                    ends: [p[0], p[p.len() - 1]],
                    reversible: true,
                });
            }
            let par: i64 = c[1].parse().unwrap();
            if par >= 0 {
                before.push((me, par as u32));
            }
        }
        for prec in [false, true] {
            if prec && before.is_empty() {
                continue;
            }
            let pr = Problem {
                strokes: &strokes,
                starts: &starts,
                start: Point::new(0.0, 0.0),
                end: None,
                before: if prec { &before } else { &[] },
            };
            let t = std::time::Instant::now();
            let o = order(
                &pr,
                &|a: Point, b: Point| a.distance(b),
                &Options::default(),
            );
            println!(
                "{f} prec={prec} n={} travel {:.0} in {:.2}s (given {:.0})",
                strokes.len(),
                cost(&pr, &|a: Point, b: Point| a.distance(b), &o),
                t.elapsed().as_secs_f64(),
                cost(&pr, &|a: Point, b: Point| a.distance(b), &as_given(&pr))
            );
        }
    }
}
