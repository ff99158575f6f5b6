//! Examples that an architecture cannot take.

use rmlbench_worker::fault::Fault;
use rmlbench_worker::networks::{Examples, Given, Targets};

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
const WHOLE_ONLY: [&str; 2] = ["bidirectional_lstm", "attention_lstm"];

/// Refuse them.
pub fn check(given: &Given<'_>) -> Result<(), Fault> {
    let (name, shape) = (given.algorithm, &given.examples.shape()[1..]);
    let refused = |said: &str| Fault::data("x_train", shape.to_vec(), format!("{name} {said}"));
    let tokens = matches!(given.targets, Targets::Tokens(_));
    if let Some((_, least)) = SMALLEST.iter().find(|(known, _)| *known == name) {
        let [_, high, wide] = shape[..] else {
            return Err(refused("takes images [c, h, w]"));
        };
        if high.min(wide) < *least {
            let allowed = format!("{name} needs at least {least} x {least}");
            return Err(Fault::data("x_train", format!("{high} x {wide}"), allowed));
        }
        if tokens {
            let allowed = format!("{name} says a class or a number of an image");
            return Err(Fault::data("y_train", "tokens", allowed));
        }
        return Ok(());
    }
    if shape.len() > 2 {
        return Err(refused("takes sequences [t, d] or [t]"));
    }
    if tokens && WHOLE_ONLY.contains(&name) {
        let allowed = format!("{name} sees the whole sequence before it says the next token");
        return Err(Fault::data("y_train", "tokens", allowed));
    }
    Ok(())
}

/// Refuse examples of another shape than those the network was built for.
pub fn check_alike(name: &str, examples: &Examples, wanted: &[usize]) -> Result<(), Fault> {
    let shape = &examples.shape()[1..];
    if shape == wanted {
        return Ok(());
    }
    let allowed = format!("each must have the shape {wanted:?} of a training row");
    Err(Fault::data(name, shape.to_vec(), allowed))
}

/// Refuse a token that has no vector.
pub fn check_tokens(name: &str, examples: &Examples, vocabulary: usize) -> Result<(), Fault> {
    let Examples::Tokens(tokens) = examples else {
        return Ok(());
    };
    let allowed = 0..vocabulary as i64;
    match tokens.values.iter().find(|token| !allowed.contains(token)) {
        Some(token) => {
            let said = format!("must be from 0 to {}", allowed.end - 1);
            Err(Fault::data(name, *token, said))
        }
        None => Ok(()),
    }
}
