//! Symmetric matrices of few entries, and their Cholesky factors.

use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering,
    factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, MatMut, Par, Side};

use crate::affinity::Symmetric;

/// A symmetric n x n matrix of which the entries of the lower triangle are kept, column after
/// column with their rows ascending; the diagonal is whole.
#[derive(Clone, Debug)]
pub struct Sparse {
    pub order: usize,
    /// Where each column begins, and the last ends.
    starts: Vec<usize>,
    rows: Vec<usize>,
    pub values: Vec<f64>,
}

impl Sparse {
    /// The sum of entries `(column, row, value)` with `column <= row`, among which every one of
    /// the diagonal is.
    pub fn sum(order: usize, mut entries: Vec<(u32, u32, f64)>) -> Self {
        entries.sort_unstable_by_key(|(column, row, _)| (*column, *row));
        entries.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            kept.2 += if same { next.2 } else { 0.0 };
            same
        });
        let mut starts = vec![0; order + 1];
        for (column, _, _) in &entries {
            starts[*column as usize + 1] += 1;
        }
        for j in 0..order {
            starts[j + 1] += starts[j];
        }
        Self {
            order,
            starts,
            rows: entries.iter().map(|(_, row, _)| *row as usize).collect(),
            values: entries.into_iter().map(|(_, _, value)| value).collect(),
        }
    }

    /// Column, row and value of every entry kept.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = (usize, usize, &mut f64)> {
        let columns = self.starts.windows(2).enumerate();
        let columns = columns.flat_map(|(j, ends)| std::iter::repeat_n(j, ends[1] - ends[0]));
        let places = columns.zip(&self.rows);
        places
            .zip(&mut self.values)
            .map(|((j, i), value)| (j, *i, value))
    }

    /// The same with all entries.
    pub fn dense(&self) -> Symmetric {
        let mut whole = Symmetric::zeros(self.order);
        for j in 0..self.order {
            for at in self.starts[j]..self.starts[j + 1] {
                whole.values[j * self.order + self.rows[at]] = self.values[at];
            }
        }
        whole
    }
}

/// The Cholesky factor of a sparse matrix, ordered for few entries (approximate minimum degree:
/// Amestoy, Davis and Duff, 1996).
pub struct Factor {
    symbolic: SymbolicCholesky<usize>,
    values: Vec<f64>,
}

impl Factor {
    /// The factor of the matrix and `shift` on its diagonal; none where that is not positive
    /// definite.
    pub fn new(matrix: &Sparse, shift: f64, par: Par) -> Option<Self> {
        let n = matrix.order;
        let mut shifted = matrix.clone();
        for (j, i, value) in shifted.entries_mut() {
            *value += if i == j { shift } else { 0.0 };
        }
        let places =
            SymbolicSparseColMatRef::new_checked(n, n, &shifted.starts, None, &shifted.rows);
        let params = CholeskySymbolicParams::default();
        let ordering = SymmetricOrdering::Amd;
        let symbolic = factorize_symbolic_cholesky(places, Side::Lower, ordering, params).ok()?;
        let mut values = vec![0.0; symbolic.len_val()];
        let scratch = symbolic.factorize_numeric_llt_scratch::<f64>(par, Default::default());
        symbolic
            .factorize_numeric_llt(
                &mut values,
                SparseColMatRef::new(places, &shifted.values),
                Side::Lower,
                Default::default(),
                par,
                MemStack::new(&mut MemBuffer::new(scratch)),
                Default::default(),
            )
            .ok()?;
        Some(Self { symbolic, values })
    }

    /// Solve for some columns in place.
    pub fn solve(&self, columns: MatMut<'_, f64>, par: Par) {
        let scratch: StackReq = self
            .symbolic
            .solve_in_place_scratch::<f64>(columns.ncols(), par);
        LltRef::new(&self.symbolic, &self.values).solve_in_place_with_conj(
            Conj::No,
            columns,
            par,
            MemStack::new(&mut MemBuffer::new(scratch)),
        );
    }
}
