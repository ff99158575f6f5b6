//! Ridge by smartcore's Cholesky.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources, Train};
use smartcore::linear::ridge_regression::{RidgeRegression, RidgeRegressionParameters};

use crate::data::{self, Centred, Dense, Model};

pub struct Ridge;

impl Algorithm for Ridge {
    type Form = Centred;
    type Params = params::Ridge;
    type Model = Model<RidgeRegression<f64, f64, Dense, Vec<f64>>>;

    fn fit(params: &Self::Params, data: &Train, _: Resources) -> Result<Self::Model, Fault> {
        let data = data::centered(data, params.fit_intercept)?;
        let settings = RidgeRegressionParameters::default()
            .with_alpha(params.alpha)
            .with_normalize(false);
        let fitted = RidgeRegression::fit(&data.x, &data.y, settings).map_err(data::refused)?;
        let (coefficients, intercept) = (fitted.coefficients().clone(), *fitted.intercept());
        Ok(Model::new(fitted, &coefficients, intercept, &data))
    }
}
