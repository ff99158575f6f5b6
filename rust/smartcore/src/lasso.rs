//! Lasso by smartcore's interior-point method.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Resources, Train};
use smartcore::linear::lasso::{Lasso as SmartcoreLasso, LassoParameters};

use crate::data::{self, Centred, Dense, Model};

pub struct Lasso;

impl Algorithm for Lasso {
    type Form = Centred;
    type Params = params::Lasso;
    type Model = Model<SmartcoreLasso<f64, f64, Dense, Vec<f64>>>;

    fn fit(params: &Self::Params, data: &Train, _: Resources) -> Result<Self::Model, Fault> {
        let data = data::centered(data, params.fit_intercept)?;
        let settings = LassoParameters::default()
            .with_alpha(2.0 * params.alpha)
            .with_normalize(false)
            .with_tol(params.tol)
            .with_max_iter(params.max_iter as usize)
            .with_fit_intercept(true);
        let fitted = SmartcoreLasso::fit(&data.x, &data.y, settings).map_err(data::refused)?;
        let (coefficients, intercept) = (fitted.coefficients().clone(), *fitted.intercept());
        Ok(Model::new(fitted, &coefficients, intercept, &data))
    }
}
