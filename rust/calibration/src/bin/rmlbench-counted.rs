//! The same work as a program of its own, for tools that time commands: `rmlbench-counted N`
//! makes N calls and prints the nanoseconds of each.

use std::hint::black_box;
use std::process::ExitCode;

use rmlbench_calibration::{amount, ridge};
use rmlbench_worker::clock;
use rmlbench_worker::job::Layout;
use rmlbench_worker::supervised::{Form, Matrix, Train};

const ROWS: usize = 400;
const COLUMNS: usize = 20;

fn main() -> ExitCode {
    match calls() {
        Ok(times) => {
            println!("{}", times.join("\n"));
            ExitCode::SUCCESS
        }
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn calls() -> Result<Vec<String>, String> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [number] = given.as_slice() else {
        return Err(format!(
            "arguments are {given:?}: usage is N, a number of calls"
        ));
    };
    let number: usize = number
        .parse()
        .map_err(|_| format!("number of calls is {number:?}: give a whole number"))?;
    let told = amount::told()?;
    let data = ridge::Held::convert(&train(), Layout::F);
    let mut times = Vec::with_capacity(number);
    for _ in 0..number {
        let begin = clock::monotonic_ns();
        ridge::repeated(told.repeats, 1.0, black_box(&data)).map_err(|fault| fault.sentence())?;
        times.push((clock::monotonic_ns() - begin).to_string());
    }
    Ok(times)
}

/// Training data of a fixed sequence (Steele and Vigna's multiplier, 64-bit LCG).
fn train() -> Train {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    Train {
        x: Matrix {
            values: (0..ROWS * COLUMNS).map(|_| next()).collect(),
            rows: ROWS,
            columns: COLUMNS,
            layout: Layout::C,
        },
        y: (0..ROWS).map(|_| next()).collect(),
        fold: None,
    }
}
