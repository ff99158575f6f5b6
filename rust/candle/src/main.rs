//! candle's networks with the max-pooling candle has.

use std::process::ExitCode;

fn main() -> ExitCode {
    rmlbench_candle::main::<rmlbench_candle::Stock>()
}
