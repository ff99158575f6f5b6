use super::*;

fn matrix(rows: usize, columns: usize) -> Matrix {
    Matrix {
        values: (0..rows * columns).map(|k| k as f64).collect(),
        rows,
        columns,
        layout: Layout::C,
    }
}

#[test]
fn a_matrix_keeps_its_values_in_every_layout() {
    for (rows, columns) in [(1, 1), (1, 9), (9, 1), (67, 13), (130, 70)] {
        let c = matrix(rows, columns);
        let f = c.to_layout(Layout::F);
        for i in 0..rows {
            assert!((0..columns).all(|j| c.at(i, j) == f.at(i, j)));
        }
        assert_eq!(f.to_layout(Layout::C), c);
    }
}

#[test]
fn a_subset_holds_the_rows_asked_for() {
    let train = Train {
        x: matrix(5, 2),
        y: vec![0.0, 1.0, 2.0, 3.0, 4.0],
        fold: Some(vec![4, 3, 2, 1, 0]),
    };
    let odd = train.subset(|row| row % 2 == 1);
    assert_eq!((odd.x.rows, odd.y), (2, vec![1.0, 3.0]));
    assert_eq!(odd.x.values, [2.0, 3.0, 6.0, 7.0]);
    assert_eq!(odd.fold, Some(vec![3, 1]));
}

#[test]
fn values_that_are_not_finite_are_found_wherever_they_are() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for at in [0, 15, 16, 40] {
            let mut values = vec![1.0; 41];
            values[at] = bad;
            assert!(check_finite("x", &values).is_err());
        }
    }
    assert!(check_finite("x", &[f64::MAX; 40]).is_ok());
    assert!(check_finite("x", &[]).is_ok());
}

#[test]
fn rows_come_one_after_the_other_from_every_layout() {
    let c = matrix(5, 3);
    assert_eq!(c.by_rows(), c.values);
    assert_eq!(c.to_layout(Layout::F).by_rows(), c.values);
}
