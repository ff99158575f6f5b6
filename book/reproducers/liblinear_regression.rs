// The crate liblinear reads the labels of a regression model, which has none, and crashes.
// cargo new crash && cd crash && cargo add liblinear@=1.0.0, then this file as src/main.rs.
// It panics once the failure is gone.
use liblinear::util::TrainingInput;
use liblinear::{Builder, LibLinearModel, SolverType};

fn main() {
    if std::env::args().any(|argument| argument == "fit") {
        let x = (0..20).map(|i| vec![(1, f64::from(i)), (2, 1.0)]).collect();
        let y = (0..20).map(|i| 3.0 * f64::from(i) - 1.0).collect();
        let mut builder = Builder::new();
        builder
            .problem()
            .input_data(TrainingInput::from_sparse_features(y, x).unwrap());
        builder.parameters().solver_type(SolverType::L2R_L2LOSS_SVR);
        // linear.cpp sets the labels of a regression model to NULL and its classes to 2;
        // Model::from_input copies as many labels as there are classes.
        let model = builder.build_model().unwrap();
        println!("slope {}", model.feature_coefficient(1, 0));
        return;
    }
    let program = std::env::current_exe().unwrap();
    let done = std::process::Command::new(program)
        .arg("fit")
        .status()
        .unwrap();
    println!("the process that fits ended with {done}");
    assert_eq!(done.code(), None, "the failure no longer shows");
}
