use super::*;
use crate::job::Layout;
use crate::tensors::{self, Tensor};

fn file(name: &str, tensor: Tensor) -> FileRef {
    let folder = std::env::temp_dir().join(format!("rmlbench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name).to_str().unwrap().to_string();
    let sha256 = tensors::write(&path, &[tensor]).unwrap();
    FileRef { path, sha256 }
}

fn line(values: &[f64]) -> Matrix {
    Matrix {
        values: values.to_vec(),
        rows: values.len() / 2,
        columns: 2,
        layout: Layout::C,
    }
}

#[test]
fn the_first_rows_of_a_start_serve_any_number_of_clusters() {
    let file = file("start", Tensor::new("start", &[3], &[2i64, 0, 1]));
    let given = Given(Some(&file));
    let points = line(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(given.rows(2, 3).unwrap(), [2, 0]);
    assert_eq!(given.points(2, &points).unwrap(), [4.0, 5.0, 0.0, 1.0]);
}

#[test]
fn a_start_that_does_not_fit_is_refused() {
    let short = file("short", Tensor::new("start", &[1], &[0i64]));
    let far = file("far", Tensor::new("start", &[2], &[0i64, 3]));
    let negative = file("negative", Tensor::new("start", &[2], &[0i64, -1]));
    let other = file("other", Tensor::new("start", &[2], &[0.0, 1.0]));
    for (file, value) in [(&short, 1), (&far, 3), (&negative, -1)] {
        let fault = Given(Some(file)).rows(2, 3).unwrap_err();
        assert_eq!(
            (fault.parameter.as_str(), fault.value),
            ("start", value.into())
        );
    }
    assert_eq!(
        Given(Some(&other)).rows(2, 3).unwrap_err().parameter,
        "start"
    );
    assert_eq!(Given(None).rows(2, 3).unwrap_err().parameter, "weights");
}

#[test]
fn the_lowest_of_equally_near_centres_is_taken() {
    let points = line(&[0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 9.0, 0.0]);
    let centres = [0.0, 0.0, 2.0, 0.0, 2.0, 0.0];
    assert_eq!(nearest(&points, &centres), [0, 0, 1, 1]);
}
