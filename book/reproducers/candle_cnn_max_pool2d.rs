// candle's max_pool2d divides the gradient of each window by the number of its pixels, and is the
// only max-pooling it has: every network with such a pool is trained by wrong gradients.
// cargo new pool && cd pool && cargo add candle-core@=0.11.1, then this file as src/main.rs.
// It panics once the failure is gone.
use candle_core::{Device, Result, Var};

fn main() -> Result<()> {
    let image = [[[[0f32, 0.0], [0.0, 1.0]]]];
    let x = Var::new(&image, &Device::Cpu)?;
    let pooled = x.max_pool2d(2)?; // the last pixel, whatever the others are: its gradient is 1
    let gradients = pooled.sum_all()?.backward()?;
    let found = gradients.get(&x).expect("x is a variable").flatten_all()?;
    let found: Vec<f32> = found.to_vec1()?;
    println!("{found:?}: right is [0.0, 0.0, 0.0, 1.0]");
    assert_eq!(found, [0.0, 0.0, 0.0, 0.25], "the failure no longer shows");
    Ok(())
}
