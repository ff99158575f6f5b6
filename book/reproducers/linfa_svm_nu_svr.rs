// linfa-svm's NuSVR ignores nu: its coefficients exceed the sum that nu allows.
// cargo new nu && cd nu && cargo add linfa@=0.8.1 linfa-svm@=0.8.1 ndarray@0.16,
// then this file as src/main.rs. It panics once the failure is gone.
use linfa::{Dataset, prelude::Fit};
use linfa_svm::Svm;
use ndarray::{Array1, Array2};

fn main() {
    let noise = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
    let x = Array2::from_shape_fn((80, 2), |(i, j)| noise(i * 2 + j));
    let y: Array1<f64> = (0..80)
        .map(|i| x[[i, 0]].sin() + 0.3 * noise(999 + i))
        .collect();
    let data = Dataset::new(x, y);
    let mut worst = 0.0f64;
    for nu in [0.1, 0.5, 0.9] {
        let params = Svm::<f64, f64>::params()
            .nu_svr(nu, Some(1.0))
            .gaussian_kernel(2.0);
        let model = params.eps(1e-6).fit(&data).unwrap();
        // The dual of NuSVR has sum (a_i + a*_i) = C nu n.
        let sum: f64 = model.alpha.iter().map(|a| a.abs()).sum();
        println!(
            "nu {nu}: sum of coefficients {sum:.3}, at most {:.3}",
            nu * 80.0
        );
        worst = worst.max(sum - nu * 80.0);
    }
    assert!(worst > 1.0, "the failure no longer shows");
}
