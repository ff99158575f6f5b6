//! Clustering on faer: k-means, Gaussian mixtures and spectral clustering, each with
//! scikit-learn 1.9's objectives, starts and stopping rules.
//!
//! Everything takes [`points::Points`], rows one after the other, checks that they are finite
//! and works on a copy centred at their mean, so that squared distances keep their digits.

use rmlbench_kernels::{self as kernels, threads, wide};

pub mod affinity;
pub mod cluster_qr;
pub mod covariance;
mod dense;
pub mod density;
pub mod embedding;
pub mod kmeans;
mod lanczos;
pub mod laplacian;
mod lloyd;
pub mod mixture;
mod moments;
mod nearest;
mod neighbours;
pub mod points;
mod precision;
mod random;
mod relocate;
mod seeding;
mod share;
mod sparse;
pub mod spectral;
pub mod start;
pub mod tiles;
mod weighting;

#[cfg(test)]
mod kmeans_tests;
#[cfg(test)]
mod mixture_tests;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod spectral_tests;
