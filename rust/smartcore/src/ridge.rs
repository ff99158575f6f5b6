//! Ridge by smartcore's Cholesky.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::regression::params;
use rmlbench_worker::regression::{Algorithm, Resources, Rows, Train};
use rmlbench_worker::tensors::Tensor;
use smartcore::linear::ridge_regression::{RidgeRegression, RidgeRegressionParameters};

use crate::data::{self, Dense, Input, Model};

pub struct Ridge;

impl Algorithm for Ridge {
    type Params = params::Ridge;
    type Data = Train;
    type Input<'a> = Input<'a>;
    type Model = Model<RidgeRegression<f64, f64, Dense, Vec<f64>>>;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()
    }

    fn convert(train: &Train, layout: Layout) -> Train {
        Train {
            x: train.x.to_layout(layout),
            y: train.y.clone(),
        }
    }

    fn fit(params: &Self::Params, data: &Train, _: Resources) -> Result<Self::Model, Fault> {
        let data = data::centered(data, params.fit_intercept)?;
        let settings = RidgeRegressionParameters::default()
            .with_alpha(params.alpha)
            .with_normalize(false);
        let fitted = RidgeRegression::fit(&data.x, &data.y, settings).map_err(data::refused)?;
        let coefficients = fitted.coefficients().clone();
        let intercept = *fitted.intercept();
        Ok(Model::new(fitted, &coefficients, intercept, &data))
    }

    fn input<'a>(rows: Rows<'a>) -> Input<'a> {
        data::input(rows)
    }

    fn predict(model: &Self::Model, input: &Input<'_>) -> Result<Vec<f64>, Fault> {
        model.predict(input)
    }

    fn attributes(model: &Self::Model) -> Vec<Tensor> {
        model.attributes()
    }
}
