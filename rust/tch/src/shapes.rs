//! Which examples a network can take, in the words of `rmlbench_utils/contenders/network_terms.py`.

use rmlbench_worker::Fault;
use rmlbench_worker::networks::{Given, Targets};

/// Pixels a side that the smallest image has.
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

/// Channels, height and width of a convolutional network's images; refuses too small ones.
pub fn image(given: &Given<'_>) -> Result<[usize; 3], Fault> {
    let name = given.algorithm;
    let shape = &given.examples.shape()[1..];
    let Ok([channels, high, wide]) = <[usize; 3]>::try_from(shape) else {
        let allowed = format!("{name} takes images [c, h, w]");
        return Err(Fault::data("x_train", shape.to_vec(), allowed));
    };
    let least = SMALLEST.iter().find(|(known, _)| *known == name);
    match least {
        Some((_, least)) if high.min(wide) < *least => {
            let allowed = format!("{name} needs at least {least} x {least}");
            Err(Fault::data("x_train", format!("{high} x {wide}"), allowed))
        }
        _ => Ok([channels, high, wide]),
    }
}

/// Numbers a step of a recurrent network's sequences; none where steps are tokens.
pub fn sequence(given: &Given<'_>) -> Result<Option<usize>, Fault> {
    let name = given.algorithm;
    let shape = &given.examples.shape()[1..];
    if shape.len() > 2 {
        let allowed = format!("{name} takes sequences [t, d] or [t]");
        return Err(Fault::data("x_train", shape.to_vec(), allowed));
    }
    if matches!(given.targets, Targets::Tokens(_)) && WHOLE_ONLY.contains(&name) {
        let allowed = format!("{name} sees the whole sequence before it says the next token");
        return Err(Fault::data("y_train", "tokens", allowed));
    }
    Ok(shape.get(1).copied())
}
