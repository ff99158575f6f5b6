//! Networks by name, each with the names and shapes of torch's.

mod alexnet;
mod attention_cnn;
mod cells;
mod lenet;
mod mobilenet;
mod recurrent;
mod resnet;
mod simple_cnn;
mod vgg16;

use candle_core::ModuleT;
use rmlbench_worker::Fault;
use rmlbench_worker::networks::Given;

use crate::answer::Built;
use crate::pool::Pool;
use crate::store::Store;

/// Networks whose pools overlap.
const OVERLAPPING: [&str; 3] = ["alexnet", "resnet18", "resnet34"];

/// A network that answers images `[n, c, h, w]`, sequences `[n, t, d]` or tokens `[n, t]`.
pub type Model = Box<dyn ModuleT>;

/// Build the network of a job from the weights of a store.
pub fn build<P: Pool>(given: &Given<'_>, store: &Store<'_>) -> Built<Model> {
    let Some(image) = given.image() else {
        return Ok(Box::new(recurrent::Recurrent::new(given, store)?));
    };
    if !P::OVERLAPPING && OVERLAPPING.contains(&given.algorithm) {
        let allowed = "candle's max_pool2d has no gradient where windows overlap";
        return Err(Fault::unsupported("algorithm", given.algorithm, allowed));
    }
    let (outputs, dropout) = (given.outputs, given.settings.dropout);
    Ok(match given.algorithm {
        "lenet" => Box::new(lenet::LeNet::<P>::new(store, image, outputs, dropout)?),
        "simple_cnn" => Box::new(simple_cnn::SimpleCnn::<P>::new(
            store, image, outputs, dropout,
        )?),
        "attention_cnn" => Box::new(attention_cnn::AttentionCnn::<P>::new(
            store, image, outputs, dropout,
        )?),
        "alexnet" => Box::new(alexnet::AlexNet::new::<P>(store, image, outputs, dropout)?),
        "vgg16" => Box::new(vgg16::Vgg16::new::<P>(store, image, outputs, dropout)?),
        "mobilenet" => Box::new(mobilenet::MobileNet::new(store, image, outputs, dropout)?),
        name => {
            let blocks = if name == "resnet18" {
                [2, 2, 2, 2]
            } else {
                [3, 4, 6, 3]
            };
            Box::new(resnet::ResNet::<P>::new(
                blocks, store, image, outputs, dropout,
            )?)
        }
    })
}
