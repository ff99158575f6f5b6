use serde_json::{Map, Value, json};

use super::*;
use crate::fault::Kind;
use crate::job;

/// What a set of hyper-parameters says of values given by name.
fn said<P: Params>(given: Value) -> Result<(), Fault> {
    let Value::Object(given) = given else {
        panic!("parameters are given by name");
    };
    job::params::<P>(&given)?.check()
}

fn refused<P: Params>(given: Value) -> (Kind, String) {
    let fault = said::<P>(given).unwrap_err();
    (fault.kind, fault.parameter)
}

fn names(name: &str) -> (Kind, String) {
    (Kind::Parameter, name.into())
}

#[test]
fn defaults_are_scikit_learns() {
    let none = Map::new();
    let kmeans = job::params::<KMeans>(&none).unwrap();
    assert_eq!(
        (kmeans.n_clusters, kmeans.n_init, kmeans.max_iter),
        (8, 1, 300)
    );
    assert_eq!(job::defaults::<KMeans>()["init"], "given");
    assert_eq!(job::defaults::<KMeans>()["algorithm"], "lloyd");
    assert_eq!(
        job::defaults::<Dbscan>(),
        json!({"eps": 0.5, "min_samples": 5})
    );
    let agglomerative = json!({"n_clusters": 2, "linkage": "ward"});
    assert_eq!(job::defaults::<Agglomerative>(), agglomerative);
    let mixture = json!({
        "n_components": 1, "covariance_type": "full", "tol": 1e-3, "reg_covar": 1e-6,
        "max_iter": 100, "init": "given",
    });
    assert_eq!(job::defaults::<GaussianMixture>(), mixture);
    let spectral = json!({
        "n_clusters": 8, "affinity": "rbf", "gamma": 1.0, "n_neighbors": 10,
        "assign_labels": "cluster_qr", "eigen_tol": 0.0,
    });
    assert_eq!(job::defaults::<Spectral>(), spectral);
}

#[test]
fn every_word_of_the_contract_is_read() {
    for init in ["given", "k-means++"] {
        assert!(said::<KMeans>(json!({"init": init})).is_ok());
    }
    for init in ["given", "kmeans"] {
        assert!(said::<GaussianMixture>(json!({"init": init})).is_ok());
    }
    for linkage in ["ward", "complete", "average", "single"] {
        assert!(said::<Agglomerative>(json!({"linkage": linkage})).is_ok());
    }
    for kind in ["full", "tied", "diag", "spherical"] {
        assert!(said::<GaussianMixture>(json!({"covariance_type": kind})).is_ok());
    }
    for affinity in ["rbf", "nearest_neighbors"] {
        assert!(said::<Spectral>(json!({"affinity": affinity})).is_ok());
    }
}

#[test]
fn what_is_out_of_range_is_refused_by_name() {
    for (name, value) in [
        ("n_clusters", 0),
        ("n_init", 0),
        ("max_iter", 0),
        ("tol", -1),
    ] {
        assert_eq!(refused::<KMeans>(json!({name: value})), names(name));
    }
    for (name, value) in [("eps", 0.0), ("eps", -0.5), ("min_samples", 0.0)] {
        assert_eq!(refused::<Dbscan>(json!({name: value})), names(name));
    }
    assert_eq!(
        refused::<Dbscan>(json!({"min_samples": 0})),
        names("min_samples")
    );
    assert_eq!(
        refused::<Agglomerative>(json!({"n_clusters": -1})),
        names("n_clusters")
    );
    for (name, value) in [
        ("n_components", 0),
        ("tol", -1),
        ("reg_covar", -1),
        ("max_iter", 0),
    ] {
        assert_eq!(
            refused::<GaussianMixture>(json!({name: value})),
            names(name)
        );
    }
    for (name, value) in [
        ("n_clusters", 0),
        ("gamma", 0),
        ("n_neighbors", 0),
        ("eigen_tol", -1),
    ] {
        assert_eq!(refused::<Spectral>(json!({name: value})), names(name));
    }
}

#[test]
fn unknown_names_and_words_are_refused() {
    assert_eq!(refused::<Dbscan>(json!({"epsilon": 0.5})), names("epsilon"));
    assert_eq!(
        refused::<Agglomerative>(json!({"linkage": "median"})),
        names("linkage")
    );
    assert_eq!(
        refused::<KMeans>(json!({"algorithm": "elkan"})),
        names("algorithm")
    );
    assert_eq!(
        refused::<Spectral>(json!({"assign_labels": "kmeans"})),
        names("assign_labels")
    );
}

#[test]
fn a_given_start_is_run_once() {
    assert_eq!(refused::<KMeans>(json!({"n_init": 2})), names("n_init"));
    assert!(said::<KMeans>(json!({"n_init": 2, "init": "k-means++"})).is_ok());
}

#[test]
fn the_number_of_clusters_has_its_own_name() {
    assert_eq!(KMeans::default().count(), Some(("n_clusters", 8)));
    assert_eq!(
        GaussianMixture::default().count(),
        Some(("n_components", 1))
    );
    assert_eq!(Dbscan::default().count(), None);
}
