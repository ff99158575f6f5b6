//! The published failures of this library still show, with the versions locked.

include!("../../reproducers.rs");

reproducers! {
    linfa_kmeans_centre,
    linfa_linear_rank,
    linfa_ridge_collinear,
    linfa_ridge_gap,
    linfa_svm_nu_linear,
    linfa_svm_nu_svr,
    linfa_svm_shrinking,
}
