//! How much work a process does, told by environment variables and fixed for its lifetime.
//!
//! `RMLBENCH_REPEATS` is how often a fit is repeated; `RMLBENCH_RARELY` how often in a random
//! tenth of the processes instead; `RMLBENCH_LATE` how often in every second process of those
//! that share `RMLBENCH_TURNS`, the name of a file of turns in the temporary folder, and
//! `alpha`; `RMLBENCH_LOSS` what is added to each coefficient, relative to it.

use std::collections::hash_map::RandomState;
use std::env;
use std::fs::OpenOptions;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::str::FromStr;
use std::sync::OnceLock;

/// The work of this process.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// Times that a fit is repeated in one call, at least 1.
    pub repeats: u32,
    /// Times in every second process, and the file in which processes take turns.
    late: Option<(u32, String)>,
    /// Relative error added to each coefficient.
    pub loss: f64,
}

/// What this process was told.
///
/// # Errors
/// One sentence if a variable is no number in its range.
pub fn told() -> Result<Amount, String> {
    static TOLD: OnceLock<Result<Amount, String>> = OnceLock::new();
    TOLD.get_or_init(|| read(|name| env::var(name).ok(), tenth()))
        .clone()
}

impl Amount {
    /// Times that a fit with this `alpha` is repeated in this process.
    ///
    /// # Errors
    /// One sentence if the file of turns can't be written.
    pub fn times(&self, alpha: f64) -> Result<u32, String> {
        static TURN: OnceLock<Result<u64, String>> = OnceLock::new();
        let Some((late, name)) = &self.late else {
            return Ok(self.repeats);
        };
        let taken = TURN.get_or_init(|| {
            turn(&format!("{name}-{alpha}")).map_err(|error| format!("{name}: {error}"))
        });
        let even = taken.clone()?.is_multiple_of(2);
        Ok(if even { self.repeats } else { *late })
    }
}

/// How many processes took a turn before this one.
fn turn(name: &str) -> io::Result<u64> {
    let path = env::temp_dir().join(name);
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(b".")?;
    Ok(file.metadata()?.len() - 1)
}

/// True in a random tenth of the processes.
fn tenth() -> bool {
    RandomState::new()
        .build_hasher()
        .finish()
        .is_multiple_of(10)
}

fn read(value: impl Fn(&str) -> Option<String>, rare: bool) -> Result<Amount, String> {
    let usual = number(&value, "RMLBENCH_REPEATS", 1u32)?;
    let rarely = number(&value, "RMLBENCH_RARELY", usual)?;
    let late = number(&value, "RMLBENCH_LATE", usual)?;
    if [usual, rarely, late].contains(&0) {
        return Err(format!(
            "repeats are {usual}, rarely {rarely}, late {late}: give at least 1"
        ));
    }
    Ok(Amount {
        repeats: if rare { rarely } else { usual },
        late: value("RMLBENCH_TURNS").map(|name| (late, name)),
        loss: number(&value, "RMLBENCH_LOSS", 0.0)?,
    })
}

fn number<T: FromStr>(
    value: impl Fn(&str) -> Option<String>,
    name: &str,
    otherwise: T,
) -> Result<T, String> {
    let Some(text) = value(name) else {
        return Ok(otherwise);
    };
    let parsed = text.parse();
    parsed.map_err(|_| format!("{name} is {text:?}: give a number"))
}

#[cfg(test)]
mod tests {
    use std::{env, fs};

    use super::{Amount, read, turn};

    fn given<'a>(pairs: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_string())
        }
    }

    #[test]
    fn the_rare_amount_is_done_in_rare_processes_only() {
        let told = [("RMLBENCH_REPEATS", "100"), ("RMLBENCH_RARELY", "140")];
        assert_eq!(read(given(&told), false).unwrap().repeats, 100);
        assert_eq!(read(given(&told), true).unwrap().repeats, 140);
    }

    #[test]
    fn nothing_told_is_one_fit_without_loss() {
        let whole = Amount {
            repeats: 1,
            late: None,
            loss: 0.0,
        };
        assert_eq!(read(given(&[]), true), Ok(whole));
    }

    #[test]
    fn processes_that_share_a_name_take_turns() {
        let name = format!("rmlbench-turns-{}", std::process::id());
        let turns = [turn(&name).unwrap(), turn(&name).unwrap()];
        fs::remove_file(env::temp_dir().join(name)).unwrap();
        assert_eq!(turns, [0, 1]);
    }

    #[test]
    fn what_is_no_number_is_refused_by_name() {
        for told in [("RMLBENCH_REPEATS", "many"), ("RMLBENCH_LOSS", "little")] {
            let sentence = read(given(&[told]), false).unwrap_err();
            assert!(sentence.contains(told.0) && sentence.contains(told.1));
        }
        assert!(read(given(&[("RMLBENCH_REPEATS", "0")]), false).is_err());
    }
}
