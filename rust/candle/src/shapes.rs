//! Examples that a network cannot take, refused.

use rmlbench_worker::Fault;
use rmlbench_worker::networks::{Given, Targets};

use crate::answer::Built;

/// Channels, height, width.
pub type Image = [usize; 3];

/// Pixels a side.
const SMALLEST: [(&str, usize); 8] = [
    ("lenet", 12),
    ("simple_cnn", 6),
    ("attention_cnn", 4),
    ("alexnet", 63),
    ("vgg16", 32),
    ("resnet18", 17),
    ("resnet34", 17),
    ("mobilenet", 32),
];
/// They see the whole sequence before a word.
const WHOLE_ONLY: [&str; 2] = ["bidirectional_lstm", "attention_lstm"];

/// The images of a convolutional network; of a recurrent one None.
pub fn image(given: &Given<'_>) -> Built<Option<Image>> {
    let name = given.algorithm;
    let shape = &given.examples.shape()[1..];
    let least = SMALLEST.iter().find(|(known, _)| *known == name);
    let Some((_, least)) = least else {
        return sequence(given, shape).map(|()| None);
    };
    let Ok(image) = <Image>::try_from(shape) else {
        let allowed = format!("{name} takes images [c, h, w]");
        return Err(Fault::data("x_train", shape, allowed));
    };
    if image[1].min(image[2]) < *least {
        let size = format!("{} x {}", image[1], image[2]);
        let allowed = format!("{name} needs at least {least} x {least}");
        return Err(Fault::data("x_train", size, allowed));
    }
    if every_step(given) {
        let allowed = format!("{name} says one class or number of an image");
        return Err(Fault::data("y_train", "tokens", allowed));
    }
    Ok(Some(image))
}

fn sequence(given: &Given<'_>, shape: &[usize]) -> Built<()> {
    let name = given.algorithm;
    if !(1..=2).contains(&shape.len()) {
        let allowed = format!("{name} takes sequences [t, d] or [t]");
        return Err(Fault::data("x_train", shape, allowed));
    }
    if every_step(given) && WHOLE_ONLY.contains(&name) {
        let allowed = format!("{name} sees the whole sequence before it says the next token");
        return Err(Fault::data("y_train", "tokens", allowed));
    }
    Ok(())
}

/// Whether each step is answered, or the whole sequence once.
pub fn every_step(given: &Given<'_>) -> bool {
    matches!(given.targets, Targets::Tokens(_))
}
