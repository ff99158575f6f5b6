//! candle's networks with a max-pooling whose gradient is right.

mod gather;

use std::process::ExitCode;

fn main() -> ExitCode {
    rmlbench_candle::main::<gather::Gather>()
}
