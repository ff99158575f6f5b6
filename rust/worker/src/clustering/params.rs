//! Hyper-parameters of clustering, shared by all frameworks: scikit-learn's names and defaults.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::supervised::Params;

/// Hyper-parameters that may say how many clusters there are.
pub trait Count: Params {
    /// Name and value of the number of clusters; none where the data decide it.
    fn count(&self) -> Option<(&'static str, u64)>;
}

/// Where k-means begins.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum KMeansInit {
    /// At the rows of the job's start.
    #[serde(rename = "given")]
    Given,
    /// At rows the framework draws by k-means++.
    #[serde(rename = "k-means++")]
    PlusPlus,
}

/// How k-means iterates.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KMeansAlgorithm {
    Lloyd,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KMeans {
    pub n_clusters: u64,
    pub init: KMeansInit,
    pub n_init: u64,
    pub max_iter: u64,
    /// Squared shift of all centres that ends the iteration, by the mean variance of the columns.
    pub tol: f64,
    pub algorithm: KMeansAlgorithm,
}

impl Default for KMeans {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            init: KMeansInit::Given,
            n_init: 1,
            max_iter: 300,
            tol: 1e-4,
            algorithm: KMeansAlgorithm::Lloyd,
        }
    }
}

impl Params for KMeans {
    fn check(&self) -> Result<(), Fault> {
        at_least_one("n_clusters", self.n_clusters)?;
        at_least_one("n_init", self.n_init)?;
        at_least_one("max_iter", self.max_iter)?;
        not_negative("tol", self.tol)?;
        if self.init == KMeansInit::Given && self.n_init > 1 {
            let allowed = "must be 1 with init=\"given\": every run would be the same";
            return Err(Fault::parameter("n_init", self.n_init, allowed));
        }
        Ok(())
    }
}

impl Count for KMeans {
    fn count(&self) -> Option<(&'static str, u64)> {
        Some(("n_clusters", self.n_clusters))
    }
}

/// DBSCAN with Euclidean distances.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dbscan {
    pub eps: f64,
    /// Points within `eps`, the point itself included, that make a core point.
    pub min_samples: u64,
}

impl Default for Dbscan {
    fn default() -> Self {
        Self {
            eps: 0.5,
            min_samples: 5,
        }
    }
}

impl Params for Dbscan {
    fn check(&self) -> Result<(), Fault> {
        positive("eps", self.eps)?;
        at_least_one("min_samples", self.min_samples)
    }
}

impl Count for Dbscan {
    fn count(&self) -> Option<(&'static str, u64)> {
        None
    }
}

/// What is smallest about the two clusters that are merged next.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Linkage {
    Ward,
    Complete,
    Average,
    Single,
}

/// Agglomerative clustering with Euclidean distances.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Agglomerative {
    pub n_clusters: u64,
    pub linkage: Linkage,
}

impl Default for Agglomerative {
    fn default() -> Self {
        Self {
            n_clusters: 2,
            linkage: Linkage::Ward,
        }
    }
}

impl Params for Agglomerative {
    fn check(&self) -> Result<(), Fault> {
        at_least_one("n_clusters", self.n_clusters)
    }
}

impl Count for Agglomerative {
    fn count(&self) -> Option<(&'static str, u64)> {
        Some(("n_clusters", self.n_clusters))
    }
}

/// What the covariances of a mixture are held to.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CovarianceType {
    Full,
    Tied,
    Diag,
    Spherical,
}

/// Where a mixture begins.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MixtureInit {
    /// With every point in the component of the nearest of the start's rows.
    Given,
    /// With the clusters of the framework's own k-means.
    KMeans,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GaussianMixture {
    pub n_components: u64,
    pub covariance_type: CovarianceType,
    /// Least change of the mean log-likelihood that goes on.
    pub tol: f64,
    /// Added to every variance.
    pub reg_covar: f64,
    pub max_iter: u64,
    pub init: MixtureInit,
}

impl Default for GaussianMixture {
    fn default() -> Self {
        Self {
            n_components: 1,
            covariance_type: CovarianceType::Full,
            tol: 1e-3,
            reg_covar: 1e-6,
            max_iter: 100,
            init: MixtureInit::Given,
        }
    }
}

impl Params for GaussianMixture {
    fn check(&self) -> Result<(), Fault> {
        at_least_one("n_components", self.n_components)?;
        not_negative("tol", self.tol)?;
        not_negative("reg_covar", self.reg_covar)?;
        at_least_one("max_iter", self.max_iter)
    }
}

impl Count for GaussianMixture {
    fn count(&self) -> Option<(&'static str, u64)> {
        Some(("n_components", self.n_components))
    }
}

/// How alike two points are.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Affinity {
    /// `exp(-gamma |x - y|^2)`
    Rbf,
    /// Whether one is among the `n_neighbors` nearest of the other, the mean of both directions.
    NearestNeighbors,
}

/// How the rows of the embedding become clusters.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignLabels {
    ClusterQr,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Spectral {
    pub n_clusters: u64,
    pub affinity: Affinity,
    pub gamma: f64,
    pub n_neighbors: u64,
    pub assign_labels: AssignLabels,
    /// What an eigenvalue may be off, relative to it; 0 is machine precision.
    pub eigen_tol: f64,
}

impl Default for Spectral {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            affinity: Affinity::Rbf,
            gamma: 1.0,
            n_neighbors: 10,
            assign_labels: AssignLabels::ClusterQr,
            eigen_tol: 0.0,
        }
    }
}

impl Params for Spectral {
    fn check(&self) -> Result<(), Fault> {
        at_least_one("n_clusters", self.n_clusters)?;
        positive("gamma", self.gamma)?;
        at_least_one("n_neighbors", self.n_neighbors)?;
        not_negative("eigen_tol", self.eigen_tol)
    }
}

impl Count for Spectral {
    fn count(&self) -> Option<(&'static str, u64)> {
        Some(("n_clusters", self.n_clusters))
    }
}

fn at_least_one(name: &str, value: u64) -> Result<(), Fault> {
    if value >= 1 {
        Ok(())
    } else {
        Err(Fault::parameter(name, value, "must be at least 1"))
    }
}

fn positive(name: &str, value: f64) -> Result<(), Fault> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(Fault::parameter(name, value, "must be above 0"))
    }
}

fn not_negative(name: &str, value: f64) -> Result<(), Fault> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(Fault::parameter(name, value, "must be at least 0"))
    }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
