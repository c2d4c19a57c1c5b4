//! Which limits, and by how much: see the module above for the method.

use super::limit::Limit;
use super::solve::{products, solve};

const COUNT: usize = Limit::ALL.len();
/// The step of differences, as a logarithm: 5 %.
const STEP: f64 = 0.05;
/// The most rounds of Gauss and Newton for a set of limits, and of damping within one.
const ROUNDS: usize = 8;
const DAMPINGS: usize = 5;
/// A step below this, as a logarithm, is the last.
const LAST_STEP: f64 = 1e-4;
/// A limit more must bring the error down to this share of it, and by at least this.
const WORTH: f64 = 0.8;
const WORTH_AT_LEAST: f64 = 5e-4;
/// A job that pulls more than this decides a limit alone; the others do not foretell it.
const MOST_LEVERAGE: f64 = 0.98;
/// Quantiles of Student's t for 97.5 %, by degrees of freedom from 1.
const STUDENT: [f64; 12] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
];
/// The same for very many.
const NORMAL: f64 = 1.960;

/// The logarithms of factors; 0 leaves a limit as it is.
type Logs = [f64; COUNT];

/// Measured times, and those of machines that were tried.
pub(super) struct Times<'a> {
    measured: Vec<f64>,
    run: &'a dyn Fn(&[f64; COUNT]) -> Vec<f64>,
    /// Logarithms of times by what was tried: the same is asked for often.
    tried: Vec<(Logs, Vec<f64>)>,
}

impl<'a> Times<'a> {
    /// `before` are the times of the machine as it is.
    pub(super) fn new(
        measured: &[f64],
        before: &[f64],
        run: &'a dyn Fn(&[f64; COUNT]) -> Vec<f64>,
    ) -> Self {
        Self {
            measured: measured.iter().map(|m| m.ln()).collect(),
            run,
            tried: vec![([0.0; COUNT], before.iter().map(|t| t.ln()).collect())],
        }
    }

    fn at(&mut self, logs: &Logs) -> Vec<f64> {
        let same = |a: &Logs| a.iter().zip(logs).all(|(a, b)| a.total_cmp(b).is_eq());
        if let Some((_, times)) = self.tried.iter().find(|t| same(&t.0)) {
            return times.clone();
        }
        let times: Vec<f64> = (self.run)(&logs.map(f64::exp))
            .into_iter()
            .map(f64::ln)
            .collect();
        self.tried.push((*logs, times.clone()));
        times
    }

    /// How the times change with a limit: the slopes of their logarithms.
    fn slopes(&mut self, logs: &Logs, limit: usize) -> Vec<f64> {
        // Away from the end of what is tried.
        let step = if logs[limit] > 0.0 { -STEP } else { STEP };
        let mut near = *logs;
        near[limit] += step;
        let (here, there) = (self.at(logs), self.at(&near));
        there
            .iter()
            .zip(&here)
            .map(|(b, a)| (b - a) / step)
            .collect()
    }

    /// How much the slopes of jobs differ, for the limit where they differ most.
    pub(super) fn spread(&mut self) -> f64 {
        let spread = |slopes: Vec<f64>| {
            let least = slopes.iter().copied().fold(f64::INFINITY, f64::min);
            slopes.iter().copied().fold(f64::NEG_INFINITY, f64::max) - least
        };
        (0..COUNT)
            .map(|limit| spread(self.slopes(&[0.0; COUNT], limit)))
            .fold(0.0, f64::max)
    }
}

/// Limits as they fit best.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    has_scale: bool,
    limits: Vec<usize>,
    logs: Logs,
    /// What all times are multiplied by.
    pub(super) scale: f64,
    /// For each job the logarithm of its measured over its fitted time.
    pub(super) errors: Vec<f64>,
    /// The same where it is foretold by the other jobs alone; `None` of a single job.
    pub(super) left_out: Option<Vec<f64>>,
}

impl Fit {
    /// How many numbers were fitted.
    fn size(&self) -> usize {
        self.limits.len() + usize::from(self.has_scale)
    }

    /// The error by which fits are told apart: of jobs that are left out.
    fn error(&self) -> f64 {
        let errors = self.left_out.as_ref().unwrap_or(&self.errors);
        rms(errors)
    }

    /// The limits that were changed, with their factors.
    pub(super) fn factors(&self) -> Vec<(Limit, f64)> {
        let limits = self.limits.iter();
        limits
            .map(|l| (Limit::ALL[*l], self.logs[*l].exp()))
            .collect()
    }

    pub(super) fn all_factors(&self) -> [f64; COUNT] {
        self.logs.map(f64::exp)
    }

    /// What an estimate is multiplied by for the ends of a band in which 19 of 20 jobs are;
    /// `None` where the log cannot tell.
    pub(super) fn band(&self) -> Option<[f64; 2]> {
        let left_out = self.left_out.as_ref()?;
        let freedom = left_out.len().checked_sub(self.size())?;
        let last = STUDENT.len() - 1;
        let quantile = match freedom.checked_sub(1)? {
            k if k < last => STUDENT[k],
            // From the last of the table to that of very many, as one over their number.
            _ => NORMAL + (STUDENT[last] - NORMAL) * STUDENT.len() as f64 / freedom as f64,
        };
        let wide = quantile * rms(left_out);
        Some([(-wide).exp(), wide.exp()])
    }
}

/// The fit that foretells jobs best, with as few limits as do it.
pub(super) fn best(times: &mut Times<'_>) -> Fit {
    let n = times.measured.len();
    // Of one job a scale is all that can be told.
    let most = if n == 1 { 1 } else { n.div_ceil(2) };
    let mut best = fit(times, &[], n == 1);
    while best.size() < most {
        let mut better: Option<Fit> = None;
        let mut tries = Vec::new();
        if !best.has_scale {
            tries.push((best.limits.clone(), true));
        }
        for limit in (0..COUNT).filter(|l| !best.limits.contains(l)) {
            let mut limits = best.limits.clone();
            limits.push(limit);
            limits.sort_unstable();
            tries.push((limits, best.has_scale));
        }
        for (limits, scale) in tries {
            let tried = fit(times, &limits, scale);
            let least = better.as_ref().map_or(f64::INFINITY, Fit::error);
            if tried.error() < least {
                better = Some(tried);
            }
        }
        match better {
            Some(b)
                if b.error() < WORTH * best.error()
                    && best.error() - b.error() > WORTH_AT_LEAST =>
            {
                best = b;
            }
            _ => break,
        }
    }
    if n > 1 {
        take_away(times, &mut best);
    }
    best
}

/// Takes limits away that are not needed.
fn take_away(times: &mut Times<'_>, best: &mut Fit) {
    loop {
        let mut tries = Vec::new();
        if best.has_scale {
            tries.push((best.limits.clone(), false));
        }
        for limit in &best.limits {
            let mut limits = best.limits.clone();
            limits.retain(|l| l != limit);
            tries.push((limits, best.has_scale));
        }
        let good = best.error() / WORTH + WORTH_AT_LEAST;
        let fits = tries.into_iter().map(|(l, s)| fit(times, &l, s));
        match fits.min_by(|a, b| a.error().total_cmp(&b.error())) {
            Some(fewer) if fewer.error() <= good => *best = fewer,
            _ => return,
        }
    }
}

/// The limits `limits`, and a scale, as they fit best.
fn fit(times: &mut Times<'_>, limits: &[usize], has_scale: bool) -> Fit {
    let mut logs = [0.0; COUNT];
    let mut errors = errors_at(times, &logs, has_scale);
    let mut damping = 1e-3;
    for _ in 0..ROUNDS {
        if limits.is_empty() {
            break;
        }
        let mut columns = columns(times, &logs, limits);
        if has_scale {
            for column in &mut columns {
                let _ = center(column);
            }
        }
        let squares = products(&columns);
        let pulls: Vec<f64> = columns
            .iter()
            .map(|c| c.iter().zip(&errors.1).map(|(c, e)| c * e).sum())
            .collect();
        let mut step = 0.0;
        for _ in 0..DAMPINGS {
            let mut damped = squares.clone();
            for (i, row) in damped.iter_mut().enumerate() {
                row[i] += damping * row[i].max(1e-6);
            }
            let Some(change) = solve(&damped, &pulls) else {
                damping *= 10.0;
                continue;
            };
            let mut next = logs;
            for (limit, change) in limits.iter().zip(&change) {
                let end = Limit::ALL[*limit].most().ln();
                next[*limit] = (next[*limit] + change).clamp(-end, end);
            }
            let tried = errors_at(times, &next, has_scale);
            if rms(&tried.1) < rms(&errors.1) {
                let moved = |l: &usize| (next[*l] - logs[*l]).abs();
                step = limits.iter().map(moved).fold(0.0, f64::max);
                (logs, errors) = (next, tried);
                damping = (damping * 0.1_f64).max(1e-9);
                break;
            }
            damping *= 10.0;
        }
        if step < LAST_STEP {
            break;
        }
    }
    let left_out = left_out(times, &logs, limits, has_scale, &errors.1);
    Fit {
        has_scale,
        limits: limits.to_vec(),
        logs,
        scale: errors.0,
        errors: errors.1,
        left_out,
    }
}

/// The scale, and the error of each job.
fn errors_at(times: &mut Times<'_>, logs: &Logs, has_scale: bool) -> (f64, Vec<f64>) {
    let at = times.at(logs);
    let mut errors: Vec<f64> = times.measured.iter().zip(&at).map(|(m, t)| m - t).collect();
    let scale = if has_scale {
        center(&mut errors).exp()
    } else {
        1.0
    };
    (scale, errors)
}

fn columns(times: &mut Times<'_>, logs: &Logs, limits: &[usize]) -> Vec<Vec<f64>> {
    limits.iter().map(|l| times.slopes(logs, *l)).collect()
}

/// The errors of jobs that are left out, by their leverage; infinite where a job alone
/// decides, and where the jobs do not tell the limits apart.
fn left_out(
    times: &mut Times<'_>,
    logs: &Logs,
    limits: &[usize],
    has_scale: bool,
    errors: &[f64],
) -> Option<Vec<f64>> {
    let n = errors.len();
    if n == 1 {
        return None;
    }
    let mut columns = columns(times, logs, limits);
    if has_scale {
        columns.push(vec![1.0; n]);
    }
    let squares = products(&columns);
    let foretold = (0..n).map(|i| {
        let row: Vec<f64> = columns.iter().map(|c| c[i]).collect();
        let leverage = match solve(&squares, &row) {
            Some(x) => row.iter().zip(&x).map(|(r, x)| r * x).sum(),
            None => 1.0,
        };
        if leverage > MOST_LEVERAGE {
            f64::INFINITY
        } else {
            errors[i] / (1.0 - leverage)
        }
    });
    Some(foretold.collect())
}

/// Takes the mean off; gives it.
fn center(values: &mut [f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter_mut().for_each(|v| *v -= mean);
    mean
}

fn rms(values: &[f64]) -> f64 {
    let sum: f64 = values.iter().map(|v| v * v).sum();
    (sum / values.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Jobs that take a·(1/accel) + b·(1/rate) + c·(1/corner) + d.
    fn run(jobs: &[[f64; 4]]) -> impl Fn(&[f64; COUNT]) -> Vec<f64> + '_ {
        |f| {
            let time = |j: &[f64; 4]| j[0] / f[0] + j[1] / f[1] + j[2] / f[2] + j[3];
            jobs.iter().map(time).collect()
        }
    }

    const JOBS: [[f64; 4]; 8] = [
        [1.0, 8.0, 0.5, 2.0],
        [5.0, 1.0, 0.5, 1.0],
        [2.0, 2.0, 6.0, 1.0],
        [0.5, 0.5, 0.1, 9.0],
        [3.0, 0.2, 3.0, 2.0],
        [10.0, 20.0, 1.0, 5.0],
        [0.1, 3.0, 0.2, 1.0],
        [20.0, 5.0, 20.0, 30.0],
    ];

    fn found(jobs: &[[f64; 4]], truth: &[f64; COUNT], scale: f64, noise: f64) -> Fit {
        let run = run(jobs);
        let before = run(&[1.0; COUNT]);
        let measured: Vec<f64> = run(truth)
            .into_iter()
            .enumerate()
            .map(|(i, t)| t * scale * (1.0 + noise * [1.0, -1.0, -0.5][i % 3]))
            .collect();
        best(&mut Times::new(&measured, &before, &run))
    }

    #[test]
    fn limits_that_were_changed_are_found_and_no_others() {
        let fit = found(&JOBS, &[0.5, 1.0, 1.0], 1.0, 0.0);
        assert_eq!(fit.limits, [0], "{fit:?}");
        assert!((fit.all_factors()[0] - 0.5).abs() < 1e-3 && !fit.has_scale);
        let fit = found(&JOBS, &[1.5, 1.0, 0.3], 1.0, 0.0);
        assert_eq!(fit.limits, [0, 2], "{fit:?}");
        let factors = fit.all_factors();
        assert!((factors[0] - 1.5).abs() < 0.01 && (factors[2] - 0.3).abs() < 0.01);
    }

    #[test]
    fn a_scale_is_no_limit_and_noise_is_neither() {
        let fit = found(&JOBS, &[1.0; COUNT], 1.1, 0.003);
        assert!(
            fit.limits.is_empty() && (fit.scale - 1.1).abs() < 0.005,
            "{fit:?}"
        );
        let [low, high] = fit.band().unwrap();
        assert!(low > 0.98 && low < 0.997 && high > 1.003 && high < 1.02);
        let fit = found(&JOBS, &[1.0; COUNT], 1.0, 0.0);
        assert_eq!((fit.size(), fit.error()), (0, 0.0));
    }

    #[test]
    fn few_jobs_are_fitted_by_little() {
        let fit = found(&JOBS[..1], &[0.5, 2.0, 0.3], 1.0, 0.0);
        assert!(fit.limits.is_empty() && fit.has_scale && fit.band().is_none());
        assert!(fit.errors[0].abs() < 1e-12);
        let fit = found(&JOBS[..2], &[0.5, 2.0, 0.3], 1.0, 0.0);
        assert!(fit.size() <= 1, "{fit:?}");
    }

    #[test]
    fn a_limit_goes_no_further_than_is_tried() {
        let fit = found(&JOBS, &[0.1, 1.0, 1.0], 1.0, 0.0);
        assert!(fit.factors().iter().any(|(l, f)| l.is_far(*f)), "{fit:?}");
    }
}
