//! What `gamma` is scaled by: the number of columns and the variance of all values.

use super::Rows;

/// Values summed by eight running sums at once, at most; longer runs are halved.
const BLOCK: usize = 128;

/// Columns and variance of a training matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub columns: usize,
    /// Of all values together, about their common mean.
    pub variance: f64,
}

impl Spread {
    /// The variance to the bits of NumPy's `X.var()` of a C-order matrix: both sums are pairwise
    /// (Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput. 14, 1993), in
    /// the order of NumPy's `pairwise_sum`.
    pub fn new(rows: Rows<'_>) -> Self {
        let count = rows.values.len() as f64;
        let mean = pairwise(rows.values, &|value| value) / count;
        let square = |value: f64| (value - mean) * (value - mean);
        Self {
            columns: rows.columns,
            variance: pairwise(rows.values, &square) / count,
        }
    }
}

/// The sum of `term` of the values.
fn pairwise(values: &[f64], term: &impl Fn(f64) -> f64) -> f64 {
    let n = values.len();
    if n > BLOCK {
        let (left, right) = values.split_at(n / 2 - n / 2 % 8);
        return pairwise(left, term) + pairwise(right, term);
    }
    if n < 8 {
        return values.iter().fold(-0.0, |sum, value| sum + term(*value));
    }
    let (chunks, rest) = values.as_chunks::<8>();
    let mut sums = [-0.0; 8];
    for chunk in chunks {
        for (sum, value) in sums.iter_mut().zip(chunk) {
            *sum += term(*value);
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let total = ((a + b) + (c + d)) + ((e + f) + (g + h));
    rest.iter().fold(total, |sum, value| sum + term(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variance_has_the_bits_of_numpy() {
        // `(np.arange(999) * 0.1 % 0.7).var()` of NumPy 2.
        let values: Vec<f64> = (0..999).map(|k| (f64::from(k) * 0.1) % 0.7).collect();
        let rows = Rows {
            values: &values,
            columns: 3,
        };
        let spread = Spread::new(rows);
        assert_eq!((spread.columns, spread.variance), (3, 0.03994969944919896));
    }

    #[test]
    fn a_constant_matrix_has_none() {
        let rows = Rows {
            values: &[3.0; 10],
            columns: 2,
        };
        assert_eq!(Spread::new(rows).variance, 0.0);
    }
}
