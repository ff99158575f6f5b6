use super::*;
use crate::event::Event;
use crate::fault::Kind;
use crate::supervised::Params;
use crate::supervised::params::{ElasticNet, Ridge};

const JOB: &str = include_str!("../../../tests/golden/job.json");

fn golden(name: &str) -> Vec<Value> {
    let text = match name {
        "jobs_invalid" => include_str!("../../../tests/golden/jobs_invalid.json"),
        _ => include_str!("../../../tests/golden/events.json"),
    };
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_golden_job_is_read_and_written_unchanged() {
    let job = parse(JOB).unwrap();
    assert_eq!(job.layout, Layout::F);
    assert_eq!(job.repeat["predict"].batch, 4);
    let written = serde_json::to_value(&job).unwrap();
    assert_eq!(written, serde_json::from_str::<Value>(JOB).unwrap());
}

#[test]
fn invalid_golden_jobs_are_refused_by_name() {
    for case in golden("jobs_invalid") {
        let mut job: Map<String, Value> = serde_json::from_str(JOB).unwrap();
        if let Some(Value::Object(set)) = case.get("set") {
            job.extend(set.clone());
        }
        if let Some(name) = case.get("unset") {
            job.remove(name.as_str().unwrap());
        }
        let fault = parse(&Value::Object(job).to_string()).unwrap_err();
        assert_eq!(serde_json::to_value(fault.kind).unwrap(), case["kind"]);
        assert_eq!(
            fault.parameter,
            case["parameter"].as_str().unwrap(),
            "{case}"
        );
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    for line in ["", "nonsense", "[1]", "{\"protocol\": 1"] {
        assert_eq!(parse(line).unwrap_err().kind, Kind::Protocol);
    }
}

#[test]
fn events_are_written_as_the_golden_ones() {
    let written: Vec<Value> = every_event()
        .iter()
        .map(|event| serde_json::to_value(event).unwrap())
        .collect();
    assert_eq!(written, golden("events"));
}

fn every_event() -> Vec<Event> {
    let end = |peak_rss| Event::PhaseEnd {
        phase: "fit".into(),
        wall_ns: 900,
        cpu_ns: 1700,
        peak_rss,
    };
    vec![
        Event::Ready {
            framework: "own".into(),
            version: "0.1.0".into(),
            threads: 2,
            main_ns: 5,
            libraries_ns: 0,
        },
        Event::PhaseBegin {
            phase: "fit".into(),
        },
        end(Some(4096)),
        end(None),
        Event::Sample {
            phase: "fit".into(),
            batch: 4,
            ns: vec![300, 200, 100],
            rest_count: 2,
            rest_ns: 210,
        },
        Event::Latency {
            batch: 8,
            bins: vec![(0, 1), (463, 17)],
        },
        Event::Metric {
            name: "objective".into(),
            step: 3,
            time_ns: 12,
            value: 0.25,
        },
        Event::Progress { done: 3, total: 10 },
        Event::InputsWanted,
        Event::Result {
            outputs: "outputs.safetensors".into(),
            sha256: "ab".into(),
        },
        Event::Error(Fault::parameter("alpha", -1.0, "must be at least 0")),
    ]
}

fn given(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn parameters_stand_over_their_defaults() {
    let ridge: Ridge = params(&given(r#"{"alpha": 3}"#)).unwrap();
    assert_eq!((ridge.alpha, ridge.fit_intercept), (3.0, true));
}

#[test]
fn wrong_parameters_are_refused_by_name() {
    for (text, name) in [
        (r#"{"aplha": 1.0}"#, "aplha"),
        (r#"{"alpha": "one"}"#, "alpha"),
        (r#"{"solver": "magic"}"#, "solver"),
    ] {
        let fault = params::<Ridge>(&given(text)).unwrap_err();
        assert_eq!(
            (fault.kind, fault.parameter.as_str()),
            (Kind::Parameter, name)
        );
    }
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    for (text, name) in [
        (r#"{"alpha": -1}"#, "alpha"),
        (r#"{"l1_ratio": 1.5}"#, "l1_ratio"),
        (r#"{"tol": -1e-9}"#, "tol"),
        (r#"{"max_iter": 0}"#, "max_iter"),
    ] {
        let fault = params::<ElasticNet>(&given(text))
            .unwrap()
            .check()
            .unwrap_err();
        assert_eq!(
            (fault.kind, fault.parameter.as_str()),
            (Kind::Parameter, name)
        );
    }
}
