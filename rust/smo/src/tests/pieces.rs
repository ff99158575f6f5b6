use proptest::prelude::*;

use super::{Clouds, FORMS, KERNELS, noise, plain};
use crate::cache::Cache;
use crate::gram::Gram;
use crate::panels::{LANES, Panels};
use crate::{Form, Kernel, Settings, dot, exp};

proptest! {
    #[test]
    fn dot_products_agree_with_the_plain_loop(n in 0usize..150) {
        let (x, y): (Vec<f64>, Vec<f64>) = (0..n).map(|i| (noise(i), noise(i + 997))).unzip();
        let plain: f64 = x.iter().zip(&y).map(|(x, y)| x * y).sum();
        prop_assert!((dot::dot(&x, &y) - plain).abs() < 1e-13);
        prop_assert_eq!(dot::dot(&x, &y), dot::dot(&y, &x));
    }

    #[test]
    fn exponentials_agree_with_the_library(x in -700.0..700.0f64, n in 1usize..40) {
        let mut values: Vec<f64> = (0..n).map(|k| x / (k + 1) as f64).collect();
        let library: Vec<f64> = values.iter().map(|x| x.exp()).collect();
        exp::exp(&mut values);
        for (a, b) in values.iter().zip(library) {
            prop_assert!((a - b).abs() <= 4.0 * f64::EPSILON * b, "{a} {b}");
        }
    }

    #[test]
    fn a_kernel_matrix_follows_exchanges(
        n in 2usize..100, d in 1usize..20, which in 0usize..3, product: bool, seed in 0usize..99
    ) {
        let data = Clouds::new(n, d, 2, seed);
        let kernel = KERNELS[which];
        let settings = Settings::new(kernel, FORMS[usize::from(product)]);
        let ids: Vec<u32> = (0..n as u32).collect();
        let mut gram = Gram::new(data.rows(), &ids, &settings);
        let mut order: Vec<usize> = (0..n).collect();
        gram.load(0, n);
        gram.load(n - 1, n / 2);
        let pairs: Vec<_> = (0..5).map(|k| ((k * 7 + seed) % n, (k * 11 + 3) % n)).collect();
        gram.exchange(&pairs);
        pairs.iter().for_each(|(i, j)| order.swap(*i, *j));
        for (place, &i) in order.iter().enumerate() {
            gram.load(place, n);
            for (value, &j) in gram.row(place).iter().zip(&order) {
                let exact = plain(kernel, data.row(i), data.row(j));
                prop_assert!((f64::from(*value) - exact).abs() <= 1e-6 * exact.abs().max(1.0));
            }
        }
    }
}

#[test]
fn the_ends_of_the_exponential() {
    let mut values = [0.0, -0.0, -1e300, f64::NEG_INFINITY, f64::NAN];
    exp::exp(&mut values);
    assert_eq!(values[..2], [1.0, 1.0]);
    assert!(values[2] < 1e-300 && values[3] < 1e-300 && values[4].is_nan());
}

#[test]
fn panels_hold_rows_and_exchange_them() {
    let (n, d) = (70, 5);
    let values: Vec<f64> = (0..n * d).map(noise).collect();
    let ids: Vec<u32> = (0..n as u32).rev().collect();
    let mut panels = Panels::new(&values, d, &ids);
    let row = |i: usize| &values[i * d..(i + 1) * d];
    assert_eq!(panels.row(3), row(66));
    panels.swap(3, 40);
    assert_eq!(panels.row(3), row(29));
    let mut out = vec![0.0; 3 * LANES];
    panels.products(row(7), 0..3, &mut out);
    assert!((out[3] - dot::dot(row(7), row(29))).abs() < 1e-14);
    assert_eq!(out[n..], vec![0.0; 3 * LANES - n]);
}

#[test]
fn the_oldest_row_is_given_up() {
    let lists = 4 * 32;
    let mut cache = Cache::new(4, 8, lists + 3 * 8 * 4);
    for row in 0..3 {
        assert_eq!(cache.extend(row, 8).len(), 8);
    }
    assert_eq!(cache.extend(0, 4).len(), 0);
    assert_eq!(cache.extend(3, 8).len(), 8);
    let held: Vec<usize> = (0..4).map(|row| cache.row(row).len()).collect();
    assert_eq!(held, [8, 0, 8, 8]);
}

#[test]
fn a_row_cut_by_an_exchange_is_given_up() {
    let mut cache = Cache::new(3, 6, 1 << 12);
    for (row, len) in [(0, 6), (1, 3), (2, 1)] {
        let fill = cache.extend(row, len).iter_mut().enumerate();
        fill.for_each(|(k, value)| *value = k as f32);
    }
    cache.exchange(&[(5, 2), (1, 2)]);
    assert_eq!(cache.row(0), [0.0, 5.0, 1.0, 3.0, 4.0, 2.0]);
    assert!(cache.row(1).is_empty());
    assert_eq!(cache.row(2), [0.0]);
}

#[test]
fn threads_fill_the_same_row() {
    let data = Clouds::new(1500, 200, 2, 1);
    let ids: Vec<u32> = (0..1500).collect();
    let row = |form: Form, threads: usize| {
        let settings = Settings {
            threads,
            ..Settings::new(Kernel::Linear, form)
        };
        let mut gram = Gram::new(data.rows(), &ids, &settings);
        gram.load(9, 100);
        gram.load(9, 1500);
        gram.row(9).to_vec()
    };
    for form in FORMS {
        assert_eq!(row(form, 1), row(form, 2));
    }
}
