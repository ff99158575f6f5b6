//! The ranges of hyper-parameters, and what is said of a number out of them.

use crate::fault::Fault;

/// A fault with a number that may not be one: JSON has no word for it.
pub fn number(name: &str, value: f64, allowed: &str) -> Fault {
    if value.is_finite() {
        return Fault::parameter(name, value, allowed);
    }
    Fault::parameter(name, value.to_string(), allowed)
}

/// Refuse what is not a finite number above 0.
pub fn above_zero(name: &str, value: f64) -> Result<(), Fault> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(number(name, value, "must be a finite number above 0"))
}

/// Refuse what is not a finite number of at least 0.
pub fn not_negative(name: &str, value: f64) -> Result<(), Fault> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(number(name, value, "must be a finite number, at least 0"))
}

/// Refuse what is not above 0 and at most 1.
pub fn share(name: &str, value: f64) -> Result<(), Fault> {
    if value > 0.0 && value <= 1.0 {
        return Ok(());
    }
    Err(number(name, value, "must be above 0 and at most 1"))
}
