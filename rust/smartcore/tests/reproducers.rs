//! The published failures of this library still show, with the versions locked.

include!("../../reproducers.rs");

reproducers! {
    smartcore_dbscan_votes,
    smartcore_lasso_zeros,
    smartcore_svr_kernel,
}
