//! The run of a served model: load what was fitted elsewhere, inputs, predict, latency.

use std::hint::black_box;

use crate::channel::Channel;
use crate::fault::Fault;
use crate::framework::Entry;
use crate::job::{self, Job};
use crate::networks::{Array, Examples, served};
use crate::prediction;
use crate::supervised::{Params, Rows, params, svm};
use crate::tensors::{Tensor, TensorFile};
use crate::timing::phase;

const CLASSIFIERS: [&str; 3] = ["svc", "nusvc", "linearsvc"];
/// The phases a served run can time.
pub(crate) const PHASES: [&str; 3] = ["load", "predict", "latency"];

/// A runtime that holds a model. One that scikit-learn fitted and skl2onnx converted: its first
/// output is the answer to each row, of classifiers the second their scores. Or a network that
/// torch trained and exported, whose only output are its logits.
pub trait Served: Sized {
    /// Examples to answer as the runtime takes them.
    type Input;

    /// Make the runtime ready, before the job's files are touched.
    fn prepare() -> Result<(), Fault> {
        Ok(())
    }
    /// Build what answers from the bytes of an ONNX model.
    fn load(model: &[u8], threads: usize) -> Result<Self, Fault>;
    /// An output of the model for some rows, C order; the rows are converted to the type the
    /// model wants here, as its user would.
    fn output(&self, number: usize, rows: &Rows<'_>) -> Result<Vec<f64>, Fault>;
    /// Hold examples as `answer` takes them; not timed.
    fn input(&self, examples: Examples) -> Result<Self::Input, Fault>;
    /// What a network says of examples.
    fn answer(&self, input: &Self::Input) -> Result<Array<f32>, Fault>;
}

/// The table of a framework that serves: every algorithm that is exported.
pub const fn entries<S: Served>() -> [Entry; 25] {
    [
        entry::<S, params::Linear>("linear"),
        entry::<S, params::Ridge>("ridge"),
        entry::<S, params::Lasso>("lasso"),
        entry::<S, params::ElasticNet>("elastic_net"),
        entry::<S, svm::Svc>("svc"),
        entry::<S, svm::NuSvc>("nusvc"),
        entry::<S, svm::Svr>("svr"),
        entry::<S, svm::NuSvr>("nusvr"),
        entry::<S, svm::LinearSvc>("linearsvc"),
        entry::<S, svm::LinearSvr>("linearsvr"),
        served::convolutional::<S>("lenet"),
        served::convolutional::<S>("simple_cnn"),
        served::convolutional::<S>("attention_cnn"),
        served::convolutional::<S>("alexnet"),
        served::convolutional::<S>("vgg16"),
        served::convolutional::<S>("resnet18"),
        served::convolutional::<S>("resnet34"),
        served::convolutional::<S>("mobilenet"),
        served::convolutional::<S>("efficientnet_lite0"),
        served::recurrent::<S>("rnn"),
        served::recurrent::<S>("lstm"),
        served::recurrent::<S>("gru"),
        served::recurrent::<S>("bidirectional_lstm"),
        served::recurrent::<S>("stacked_lstm"),
        served::recurrent::<S>("attention_lstm"),
    ]
}

const fn entry<S: Served, P: Params>(name: &'static str) -> Entry {
    Entry {
        name,
        phases: &PHASES,
        defaults: job::defaults::<P>,
        check: check::<S, P>,
        run: run::<S>,
    }
}

fn check<S: Served, P: Params>(job: &Job) -> Result<(), Fault> {
    P::check(&job::params(&job.params)?)?;
    if job.params.get("probability") == Some(&true.into()) {
        let allowed = "the model served gives decisions only";
        return Err(Fault::unsupported("probability", true, allowed));
    }
    check_phases(job)?;
    S::prepare()
}

/// Refuse what a model that is given cannot do.
pub(crate) fn check_phases(job: &Job) -> Result<(), Fault> {
    if let Some(phase) = job.repeat.keys().find(|p| !PHASES.contains(&p.as_str())) {
        let allowed = "phases are predict, latency";
        return Err(Fault::unsupported("repeat", phase.as_str(), allowed));
    }
    if job.folds {
        let allowed = "a model that is served is not fitted";
        return Err(Fault::unsupported("folds", true, allowed));
    }
    Ok(())
}

fn run<S: Served>(channel: &mut Channel, job: &Job) -> Result<Vec<Tensor>, Fault> {
    let model = phase(channel, "load", || S::load(&bytes(job)?, job.threads))?;
    let inputs = prediction::inputs(channel)?;
    let hold = |rows| rows;
    let answer = |rows: &Rows<'_>| black_box(&model).output(0, rows);
    let mut outputs = vec![prediction::predict(channel, job, &inputs, hold, answer)?];
    if CLASSIFIERS.contains(&job.algorithm.as_str()) {
        let first = inputs.windows().next().expect("inputs have a window");
        outputs.push(decision(&model.output(1, &first)?, first.len()));
    }
    Ok(outputs)
}

/// The bytes of the model that the job brings.
pub(crate) fn bytes(job: &Job) -> Result<Vec<u8>, Fault> {
    let Some(weights) = &job.weights else {
        let allowed = "must name the file of the model that is served";
        return Err(Fault::data("weights", serde_json::Value::Null, allowed));
    };
    TensorFile::open(&weights.path)?.read("model")
}

/// Scores as our decisions. Of two classes there are two, one the negative of the other, and the
/// second is wanted: above 0 for the first class of the pair, but of the linear form, whose
/// converter has the other order, for the second class.
fn decision(scores: &[f64], rows: usize) -> Tensor {
    let width = scores.len() / rows;
    if width != 2 {
        return Tensor::new("decision", &[rows, width], scores);
    }
    let second: Vec<f64> = scores.chunks_exact(2).map(|pair| pair[1]).collect();
    Tensor::new("decision", &[rows, 1], &second)
}
