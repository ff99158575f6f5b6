use serde_json::{Value, json};

use super::{Settings, checked, convolutional, recurrent};
use crate::fault::Fault;
use crate::job::Job;

fn with(name: &str, value: Value) -> Result<Settings, Fault> {
    let mut params = serde_json::to_value(Settings::default()).unwrap();
    params[name] = value;
    checked(serde_json::from_value(params).unwrap())
}

fn job(params: Value) -> Job {
    let job = json!({
        "protocol": 1, "case": "c", "contender": "x", "tier": "shipped", "algorithm": "lstm",
        "params": params, "layout": "c", "threads": 1, "seed": 0,
        "train": {"path": "p", "sha256": "0"}, "weights": null, "outputs": "o", "repeat": {},
        "folds": false,
    });
    serde_json::from_value(job).unwrap()
}

#[test]
fn values_out_of_range_are_refused_by_name() {
    for (name, value, said) in [
        ("batch_size", json!(0), "must be at least 1"),
        ("steps", json!(0), "must be at least 1"),
        ("learning_rate", json!(0.0), "must be above 0"),
        ("momentum", json!(-0.1), "must be at least 0"),
        ("weight_decay", json!(-1.0), "must be at least 0"),
        ("dropout", json!(1.0), "must be at least 0 and less than 1"),
        ("clip_norm", json!(-1.0), "must be at least 0"),
        ("schedule", json!("linear"), "one of constant, step, cosine"),
        (
            "nesterov",
            json!(true),
            "goes with optimizer sgd and a momentum above 0",
        ),
    ] {
        let fault = with(name, value).unwrap_err();
        assert_eq!(
            (fault.parameter.as_str(), fault.allowed.as_str()),
            (name, said)
        );
    }
}

#[test]
fn momentum_goes_with_sgd_and_rmsprop() {
    let adam = Settings {
        optimizer: super::Optimizer::Adam,
        momentum: 0.9,
        ..Settings::default()
    };
    assert_eq!(checked(adam).unwrap_err().parameter, "momentum");
    let rms = Settings {
        optimizer: super::Optimizer::Rmsprop,
        momentum: 0.9,
        ..Settings::default()
    };
    assert!(checked(rms).is_ok());
}

#[test]
fn widths_are_known_of_recurrent_networks_only() {
    let wide = || job(json!({"hidden_size": 8, "steps": 3}));
    assert_eq!(recurrent(&wide()).unwrap().steps, 3);
    assert_eq!(convolutional(&wide()).unwrap_err().parameter, "hidden_size");
    let none = job(json!({"hidden_size": 0}));
    assert_eq!(recurrent(&none).unwrap_err().parameter, "hidden_size");
}
