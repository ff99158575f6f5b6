//! Elastic net by smartcore's interior-point method.

use rmlbench_worker::Fault;
use rmlbench_worker::job::Layout;
use rmlbench_worker::regression::params;
use rmlbench_worker::regression::{Algorithm, Resources, Rows, Train};
use rmlbench_worker::tensors::Tensor;
use smartcore::linear::elastic_net::{ElasticNet as SmartcoreElasticNet, ElasticNetParameters};

use crate::data::{self, Dense, Input, Model};

pub struct ElasticNet;

impl Algorithm for ElasticNet {
    type Params = params::ElasticNet;
    type Data = Train;
    type Input<'a> = Input<'a>;
    type Model = Model<SmartcoreElasticNet<f64, f64, Dense, Vec<f64>>>;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()?;
        if !params.fit_intercept {
            let allowed = "smartcore's elastic net always fits an intercept";
            return Err(Fault::unsupported("fit_intercept", false, allowed));
        }
        Ok(())
    }

    fn convert(train: &Train, layout: Layout) -> Train {
        Train {
            x: train.x.to_layout(layout),
            y: train.y.clone(),
        }
    }

    fn fit(params: &Self::Params, data: &Train, _: Resources) -> Result<Self::Model, Fault> {
        let data = data::centered(data, params.fit_intercept)?;
        let settings = ElasticNetParameters::default()
            .with_alpha(params.alpha * (1.0 + params.l1_ratio))
            .with_l1_ratio(2.0 * params.l1_ratio / (1.0 + params.l1_ratio))
            .with_normalize(false)
            .with_tol(params.tol)
            .with_max_iter(params.max_iter as usize);
        let fitted = SmartcoreElasticNet::fit(&data.x, &data.y, settings).map_err(data::refused)?;
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
