use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn kernels_agree_with_the_plain_loops(n in 0usize..200, s in -2.0..2.0f64) {
        let a: Vec<f64> = (0..n).map(|i| (i as f64 * 0.7).sin()).collect();
        let b: Vec<f64> = (0..n).map(|i| (i as f64 * 0.3).cos()).collect();
        let plain: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        prop_assert!((dot(&a, &b) - plain).abs() < 1e-12);
        prop_assert!((sum(&a) - a.iter().sum::<f64>()).abs() < 1e-12);
        let m = 0.25;
        let centered: Vec<f64> = a.iter().map(|a| a - m).collect();
        prop_assert!((dot_centered(&a, m, &b, &[]) - dot(&centered, &b)).abs() < 1e-12);
        let mut r = b.clone();
        let fused = axpy_dot(s, &a, m, &mut r, &a, m, &[]);
        let moved: Vec<f64> = centered.iter().zip(&b).map(|(a, b)| b + s * a).collect();
        prop_assert!(r.iter().zip(&moved).all(|(r, m)| (r - m).abs() < 1e-12));
        prop_assert!((fused - dot(&centered, &moved)).abs() < 1e-11);
        let mut plain_r = b.clone();
        axpy(s, &a, m, &mut plain_r);
        prop_assert!(plain_r.iter().zip(&moved).all(|(r, m)| (r - m).abs() < 1e-12));
        let (square, product) = moments(&a, m, &b);
        prop_assert!((square - dot(&centered, &centered)).abs() < 1e-11);
        prop_assert!((product - dot(&centered, &b)).abs() < 1e-11);
    }

    #[test]
    fn predict_agrees_with_the_plain_loop(d in 1usize..40, n in 0usize..20) {
        let w: Vec<f64> = (0..d).map(|j| (j as f64 * 0.7).sin()).collect();
        let x: Vec<f64> = (0..n * d).map(|i| (i as f64 * 0.3).cos()).collect();
        let (answers, finite) = predict(&x, &w, 0.5);
        prop_assert!(finite && answers.len() == n);
        for (row, answer) in x.chunks_exact(d).zip(answers) {
            let plain: f64 = row.iter().zip(&w).map(|(x, w)| x * w).sum();
            prop_assert!((answer - plain - 0.5).abs() < 1e-12);
        }
        for bad in [f64::NAN, f64::INFINITY] {
            let mut x = x.clone();
            if let Some(last) = x.last_mut() {
                *last = bad;
                prop_assert!(!predict(&x, &w, 0.5).1);
            }
        }
    }
}
