//! What goes wrong in a worker, as data; the harness renders the sentence.

use serde::Serialize;
use serde_json::Value;

/// Which of the six kinds of fault of the protocol this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Parameter,
    Data,
    Protocol,
    Unsupported,
    Numerical,
    Diverged,
}

/// One fault: what is wrong, its value, and what is allowed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fault {
    pub kind: Kind,
    pub parameter: String,
    pub value: Value,
    pub allowed: String,
}

impl Fault {
    pub fn new(
        kind: Kind,
        parameter: &str,
        value: impl Into<Value>,
        allowed: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            parameter: parameter.into(),
            value: value.into(),
            allowed: allowed.into(),
        }
    }

    pub fn parameter(name: &str, value: impl Into<Value>, allowed: impl Into<String>) -> Self {
        Self::new(Kind::Parameter, name, value, allowed)
    }

    pub fn data(name: &str, value: impl Into<Value>, allowed: impl Into<String>) -> Self {
        Self::new(Kind::Data, name, value, allowed)
    }

    pub fn protocol(name: &str, value: impl Into<Value>, allowed: impl Into<String>) -> Self {
        Self::new(Kind::Protocol, name, value, allowed)
    }

    pub fn unsupported(name: &str, value: impl Into<Value>, allowed: impl Into<String>) -> Self {
        Self::new(Kind::Unsupported, name, value, allowed)
    }

    pub fn numerical(name: &str, value: impl Into<Value>, allowed: impl Into<String>) -> Self {
        Self::new(Kind::Numerical, name, value, allowed)
    }

    /// The fault as one lowercase sentence, for standard error.
    pub fn sentence(&self) -> String {
        format!("{} is {}: {}", self.parameter, self.value, self.allowed)
    }
}
