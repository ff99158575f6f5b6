//! Elastic net by smartcore's interior-point method.

use rmlbench_worker::Fault;
use rmlbench_worker::supervised::params;
use rmlbench_worker::supervised::{Algorithm, Params, Resources, Train};
use smartcore::linear::elastic_net::{ElasticNet as SmartcoreElasticNet, ElasticNetParameters};

use crate::data::{self, Centred, Dense, Model};

pub struct ElasticNet;

impl Algorithm for ElasticNet {
    type Form = Centred;
    type Params = params::ElasticNet;
    type Model = Model<SmartcoreElasticNet<f64, f64, Dense, Vec<f64>>>;

    fn check(params: &Self::Params) -> Result<(), Fault> {
        params.check()?;
        if !params.fit_intercept {
            let allowed = "smartcore's elastic net always fits an intercept";
            return Err(Fault::unsupported("fit_intercept", false, allowed));
        }
        Ok(())
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
        let (coefficients, intercept) = (fitted.coefficients().clone(), *fitted.intercept());
        Ok(Model::new(fitted, &coefficients, intercept, &data))
    }
}
