/// Solves `a x = b` for a symmetric positive matrix by Cholesky's method; `None` where it
/// is not positive.
pub(super) fn solve(a: &[Vec<f64>], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let mut l = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let done: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            let rest = a[i][j] - done;
            if i == j {
                // What is left of the diagonal by rounding alone is none.
                if rest <= 1e-12 * a[i][i].abs() || !rest.is_finite() {
                    return None;
                }
                l[i][i] = rest.sqrt();
            } else {
                l[i][j] = rest / l[j][j];
            }
        }
    }
    let mut x = vec![0.0; n];
    for i in 0..n {
        let done: f64 = (0..i).map(|k| l[i][k] * x[k]).sum();
        x[i] = (b[i] - done) / l[i][i];
    }
    for i in (0..n).rev() {
        let done: f64 = (i + 1..n).map(|k| l[k][i] * x[k]).sum();
        x[i] = (x[i] - done) / l[i][i];
    }
    Some(x)
}

/// The normal equations of columns: the matrix of their products.
pub(super) fn products(columns: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    columns
        .iter()
        .map(|a| columns.iter().map(|b| dot(a, b)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved_and_one_without_a_solution_is_told() {
        let columns = vec![vec![1.0, 1.0, 1.0, 1.0], vec![0.0, 1.0, 2.0, 3.0]];
        let y = [1.0, 3.0, 5.0, 7.0];
        let b: Vec<f64> = columns
            .iter()
            .map(|c| c.iter().zip(&y).map(|(c, y)| c * y).sum())
            .collect();
        let x = solve(&products(&columns), &b).unwrap();
        assert!(
            (x[0] - 1.0).abs() < 1e-12 && (x[1] - 2.0).abs() < 1e-12,
            "{x:?}"
        );
        let twice = vec![columns[1].clone(), columns[1].clone()];
        assert_eq!(solve(&products(&twice), &[1.0, 1.0]), None);
    }
}
