//! Which examples a network can take, in the words of `rmlbench_utils/contenders/network_terms.py`.

use super::{Examples, Given, Targets};
use crate::fault::Fault;

/// Channels, height and width.
pub type Image = [usize; 3];

/// Pixels a side that the smallest image of a convolutional network has.
const SMALLEST: [(&str, usize); 9] = [
    ("lenet", 12),
    ("simple_cnn", 6),
    ("attention_cnn", 4),
    ("alexnet", 63),
    ("vgg16", 32),
    ("resnet18", 17),
    ("resnet34", 17),
    ("mobilenet", 32),
    ("efficientnet_lite0", 32),
];
/// They see the whole sequence before a word.
const WHOLE_ONLY: [&str; 2] = ["bidirectional_lstm", "attention_lstm"];

impl Given<'_> {
    /// The images of a convolutional network; of a recurrent one None.
    pub fn image(&self) -> Option<Image> {
        Image::try_from(self.shape()).ok()
    }

    /// Numbers a step of a recurrent network's sequences; None where steps are tokens.
    pub fn width(&self) -> Option<usize> {
        self.shape().get(1).copied()
    }

    /// Whether each step is answered, as by a language model, or the whole sequence once.
    pub fn every_step(&self) -> bool {
        matches!(self.targets, Targets::Tokens(_))
    }

    fn shape(&self) -> &[usize] {
        &self.examples.shape()[1..]
    }
}

/// Refuse examples that the architecture cannot take.
pub(super) fn check(given: &Given<'_>) -> Result<(), Fault> {
    let (name, shape) = (given.algorithm, given.shape());
    let refused = |said: &str| Fault::data("x_train", shape, format!("{name} {said}"));
    let tokens = |said: &str| Fault::data("y_train", "tokens", format!("{name} {said}"));
    let least = SMALLEST.iter().find(|(known, _)| *known == name);
    if let Some((_, least)) = least {
        let [_, high, wide] = shape[..] else {
            return Err(refused("takes images [c, h, w]"));
        };
        if high.min(wide) < *least {
            let allowed = format!("{name} needs at least {least} x {least}");
            return Err(Fault::data("x_train", format!("{high} x {wide}"), allowed));
        }
        if given.every_step() {
            return Err(tokens("says one class or number of an image"));
        }
        return Ok(());
    }
    if shape.len() > 2 {
        return Err(refused("takes sequences [t, d] or [t]"));
    }
    if given.every_step() && WHOLE_ONLY.contains(&name) {
        return Err(tokens(
            "sees the whole sequence before it says the next token",
        ));
    }
    Ok(())
}

/// What every example must be like once the network is built.
pub(super) struct Alike {
    shape: Vec<usize>,
    vocabulary: usize,
}

impl Alike {
    /// As the training rows, with tokens that have a vector.
    pub fn of(given: &Given<'_>) -> Result<Self, Fault> {
        let vocabulary = match given.examples {
            Examples::Tokens(_) => given.weights.shape("embedding.weight")?[0],
            Examples::Real(_) => 0,
        };
        let alike = Self {
            shape: given.shape().to_vec(),
            vocabulary,
        };
        alike.check("x_train", given.examples)?;
        Ok(alike)
    }

    /// Refuse examples of another shape, and tokens outside the vocabulary.
    pub fn check(&self, name: &str, examples: &Examples) -> Result<(), Fault> {
        let shape = &examples.shape()[1..];
        if shape != self.shape {
            let allowed = format!(
                "each must have the shape {:?} of a training row",
                self.shape
            );
            return Err(Fault::data(name, shape, allowed));
        }
        let Examples::Tokens(tokens) = examples else {
            return Ok(());
        };
        let allowed = 0..self.vocabulary as i64;
        match tokens.values.iter().find(|token| !allowed.contains(token)) {
            Some(token) => {
                let said = format!("must be from 0 to {}", allowed.end - 1);
                Err(Fault::data(name, *token, said))
            }
            None => Ok(()),
        }
    }
}
