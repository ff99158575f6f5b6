use serde_json::{Map, Value, json};

use super::*;
use crate::fault::Kind;
use crate::job;
use crate::supervised::Spread;

/// Read and check hyper-parameters as a job does.
fn read<P: Params>(given: Value) -> Result<P, Fault> {
    let Value::Object(given) = given else {
        panic!("{given} is no object")
    };
    let params: P = job::params(&given)?;
    params.check().map(|()| params)
}

/// The parameter a fault names.
fn refused<P: Params>(given: Value) -> String {
    let fault = match read::<P>(given.clone()) {
        Ok(_) => panic!("{given} was not refused"),
        Err(fault) => fault,
    };
    assert_eq!(fault.kind, Kind::Parameter, "{fault:?}");
    let sentence = fault.sentence();
    assert!(!sentence.contains('\n'), "{sentence}");
    fault.parameter
}

#[test]
fn defaults_are_those_of_scikit_learn() {
    let kernel = json!({
        "kernel": "rbf", "degree": 3, "gamma": "scale", "coef0": 0.0, "shrinking": true,
        "tol": 1e-3, "cache_size": 200.0, "max_iter": -1,
    });
    let with = |own: Value| {
        let mut all: Map<String, Value> = kernel.as_object().unwrap().clone();
        all.extend(own.as_object().unwrap().clone());
        Value::Object(all)
    };
    let svc = with(json!({"C": 1.0, "class_weight": "none", "probability": false}));
    assert_eq!(job::defaults::<Svc>(), svc);
    let nusvc = with(json!({"nu": 0.5, "class_weight": "none", "probability": false}));
    assert_eq!(job::defaults::<NuSvc>(), nusvc);
    let svr = with(json!({"C": 1.0, "epsilon": 0.1}));
    assert_eq!(job::defaults::<Svr>(), svr);
    assert_eq!(job::defaults::<NuSvr>(), with(json!({"C": 1.0, "nu": 0.5})));
    let linearsvc = json!({
        "C": 1.0, "loss": "squared_hinge", "dual": false, "tol": 1e-4, "fit_intercept": true,
        "intercept_scaling": 1.0, "class_weight": "none", "max_iter": 1000,
    });
    assert_eq!(job::defaults::<LinearSvc>(), linearsvc);
    let linearsvr = json!({
        "C": 1.0, "epsilon": 0.0, "loss": "epsilon_insensitive", "dual": true, "tol": 1e-4,
        "fit_intercept": true, "intercept_scaling": 1.0, "max_iter": 1000,
    });
    assert_eq!(job::defaults::<LinearSvr>(), linearsvr);
}

#[test]
fn every_default_is_allowed() {
    read::<Svc>(json!({})).unwrap();
    read::<NuSvc>(json!({})).unwrap();
    read::<Svr>(json!({})).unwrap();
    read::<NuSvr>(json!({})).unwrap();
    read::<LinearSvc>(json!({})).unwrap();
    read::<LinearSvr>(json!({})).unwrap();
}

#[test]
fn what_is_out_of_range_is_refused_by_name() {
    for c in [json!(0.0), json!(-1.0), json!(null), json!("big")] {
        assert_eq!(refused::<Svc>(json!({"C": c})), "C");
        assert_eq!(refused::<Svr>(json!({"C": c})), "C");
        assert_eq!(refused::<NuSvr>(json!({"C": c})), "C");
        assert_eq!(refused::<LinearSvc>(json!({"C": c})), "C");
        assert_eq!(refused::<LinearSvr>(json!({"C": c})), "C");
    }
    for nu in [0.0, -0.1, 1.1] {
        assert_eq!(refused::<NuSvc>(json!({"nu": nu})), "nu");
        assert_eq!(refused::<NuSvr>(json!({"nu": nu})), "nu");
    }
    assert_eq!(refused::<Svr>(json!({"epsilon": -1e-9})), "epsilon");
    assert_eq!(refused::<LinearSvr>(json!({"epsilon": -1})), "epsilon");
    for tol in [0.0, -1e-3] {
        assert_eq!(refused::<Svc>(json!({"tol": tol})), "tol");
        assert_eq!(refused::<LinearSvc>(json!({"tol": tol})), "tol");
    }
    assert_eq!(refused::<Svc>(json!({"kernel": "laplacian"})), "kernel");
    assert_eq!(refused::<Svc>(json!({"degree": -1})), "degree");
    assert_eq!(refused::<Svc>(json!({"cache_size": 0})), "cache_size");
    assert_eq!(refused::<NuSvc>(json!({"max_iter": 0})), "max_iter");
    assert_eq!(refused::<LinearSvc>(json!({"max_iter": 0})), "max_iter");
    assert_eq!(
        refused::<Svc>(json!({"class_weight": "equal"})),
        "class_weight"
    );
    assert_eq!(
        refused::<Svr>(json!({"class_weight": "none"})),
        "class_weight"
    );
    assert_eq!(refused::<Svc>(json!({"nu": 0.5})), "nu");
    let balanced = json!({"class_weight": "balanced"});
    assert_eq!(refused::<NuSvc>(balanced), "class_weight");
    let zero = json!({"intercept_scaling": 0.0});
    assert_eq!(refused::<LinearSvr>(zero), "intercept_scaling");
}

#[test]
fn a_loss_that_has_no_primal_is_refused() {
    assert_eq!(refused::<LinearSvc>(json!({"loss": "hinge"})), "dual");
    assert_eq!(refused::<LinearSvr>(json!({"dual": false})), "dual");
    read::<LinearSvc>(json!({"loss": "hinge", "dual": true})).unwrap();
    let smooth = json!({"loss": "squared_epsilon_insensitive", "dual": false});
    read::<LinearSvr>(smooth).unwrap();
}

#[test]
fn what_is_no_number_is_refused_in_words() {
    let faults = [
        Svc {
            c: f64::NAN,
            ..Default::default()
        }
        .check(),
        Svc {
            coef0: f64::NAN,
            ..Default::default()
        }
        .check(),
        Svc {
            gamma: Gamma::Number(f64::INFINITY),
            ..Default::default()
        }
        .check(),
        NuSvc {
            nu: f64::NAN,
            ..Default::default()
        }
        .check(),
        Svr {
            epsilon: f64::NAN,
            ..Default::default()
        }
        .check(),
        NuSvr {
            tol: f64::NAN,
            ..Default::default()
        }
        .check(),
        LinearSvc {
            c: f64::INFINITY,
            ..Default::default()
        }
        .check(),
        LinearSvr {
            tol: f64::NAN,
            ..Default::default()
        }
        .check(),
    ];
    for fault in faults.map(Result::unwrap_err) {
        let sentence = fault.sentence();
        assert!(
            sentence.contains("NaN") || sentence.contains("inf"),
            "{sentence}"
        );
    }
}

#[test]
fn gamma_is_a_rule_or_a_number() {
    let gamma = |given: Value| read::<Svc>(json!({"gamma": given})).unwrap().gamma;
    let spread = || Spread {
        columns: 4,
        variance: 0.5,
    };
    assert_eq!(gamma(json!("scale")).number(4, spread), 0.5);
    assert_eq!(gamma(json!("auto")).number(4, spread), 0.25);
    assert_eq!(gamma(json!(2)).number(4, spread), 2.0);
    let none = || Spread {
        columns: 4,
        variance: 0.0,
    };
    assert_eq!(gamma(json!("scale")).number(4, none), 1.0);
    for wrong in [
        json!("wide"),
        json!(0.0),
        json!(-1),
        json!(null),
        json!([1]),
    ] {
        assert_eq!(refused::<Svc>(json!({"gamma": wrong})), "gamma");
    }
    let fault = read::<Svc>(json!({"gamma": "wide"})).unwrap_err();
    assert_eq!(fault.allowed, "must be scale, auto or a number above 0");
}

#[test]
fn balanced_classes_weigh_the_same() {
    let counts = [10, 30];
    assert_eq!(ClassWeight::None.factors(&counts), [1.0, 1.0]);
    assert_eq!(ClassWeight::Balanced.factors(&counts), [2.0, 40.0 / 60.0]);
}

#[test]
fn a_nu_no_pair_can_meet_is_refused() {
    feasible(1.0, &[5, 5]).unwrap();
    feasible(0.5, &[5, 15, 15]).unwrap();
    let fault = feasible(0.51, &[15, 5, 15]).unwrap_err();
    assert_eq!(fault.allowed, "must be at most 0.5 for classes 0 and 1");
}
