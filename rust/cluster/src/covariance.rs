//! The four shapes a Gaussian mixture's covariances can have.

/// What the components' covariances are held to, as scikit-learn's `covariance_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covariance {
    /// A matrix each: k x d x d values.
    Full,
    /// One matrix for all: d x d.
    Tied,
    /// A diagonal each: k x d.
    Diag,
    /// One variance each: k.
    Spherical,
}

impl Covariance {
    /// Dimensions of the covariances, precisions and their Cholesky factors.
    pub fn shape(self, k: usize, d: usize) -> Vec<usize> {
        match self {
            Self::Full => vec![k, d, d],
            Self::Tied => vec![d, d],
            Self::Diag => vec![k, d],
            Self::Spherical => vec![k],
        }
    }

    /// Free parameters of the mixture: covariances, means, and weights that sum to one.
    pub fn parameters(self, k: usize, d: usize) -> usize {
        let covariances = match self {
            Self::Full => k * d * (d + 1) / 2,
            Self::Tied => d * (d + 1) / 2,
            Self::Diag => k * d,
            Self::Spherical => k,
        };
        covariances + k * d + k - 1
    }

    /// Matrices or vectors there are, and the values of each.
    pub fn blocks(self, k: usize, d: usize) -> (usize, usize) {
        match self {
            Self::Full => (k, d * d),
            Self::Tied => (1, d * d),
            Self::Diag => (k, d),
            Self::Spherical => (k, 1),
        }
    }
}
