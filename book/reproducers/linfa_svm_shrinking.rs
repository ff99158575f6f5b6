// linfa-svm panics where shrinking is on.
// cargo new shrink && cd shrink && cargo add linfa@=0.8.1 linfa-svm@=0.8.1 ndarray@0.16,
// then this file as src/main.rs. It panics once the failure is gone.
use linfa::{Dataset, prelude::Fit};
use linfa_svm::Svm;
use ndarray::{Array1, Array2};

fn main() {
    let noise = |k: usize| ((k * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
    let x = Array2::from_shape_fn((200, 2), |(i, j)| {
        noise(i * 2 + j) + if i % 2 == 0 { 0.4 } else { -0.4 }
    });
    let y: Array1<bool> = (0..200).map(|i| i % 2 == 0).collect();
    let data = Dataset::new(x, y);
    let fit = |shrinking: bool| {
        let params = Svm::<f64, bool>::params()
            .pos_neg_weights(100.0, 100.0)
            .gaussian_kernel(2.0);
        std::panic::catch_unwind(|| {
            let model = params.eps(1e-3).shrinking(shrinking).fit(&data).unwrap();
            println!(
                "shrinking {shrinking}: {} support vectors",
                model.nsupport()
            );
        })
    };
    assert!(fit(false).is_ok());
    assert!(fit(true).is_err(), "the failure no longer shows");
}
