//! Tensors in and out as safetensors files.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::FileExt;

use safetensors::tensor::{Metadata, TensorInfo};
use safetensors::{Dtype, View};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::fault::Fault;

/// A number that a tensor can hold: any bit pattern is a value of it.
///
/// # Safety
/// The type has no padding and no invalid bit pattern, and is little-endian on disk.
pub unsafe trait Element: Copy + Default {
    const DTYPE: Dtype;
}

// SAFETY: plain numbers.
unsafe impl Element for f64 {
    const DTYPE: Dtype = Dtype::F64;
}
// SAFETY: plain numbers.
unsafe impl Element for f32 {
    const DTYPE: Dtype = Dtype::F32;
}
// SAFETY: plain numbers.
unsafe impl Element for i64 {
    const DTYPE: Dtype = Dtype::I64;
}
// SAFETY: plain numbers.
unsafe impl Element for u8 {
    const DTYPE: Dtype = Dtype::U8;
}

fn bytes<T: Element>(values: &[T]) -> &[u8] {
    // SAFETY: an Element has no padding, so its bytes are all initialised.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), size_of_val(values)) }
}

fn bytes_mut<T: Element>(values: &mut [T]) -> &mut [u8] {
    // SAFETY: every bit pattern is a valid Element.
    unsafe { std::slice::from_raw_parts_mut(values.as_mut_ptr().cast(), size_of_val(values)) }
}

/// An open safetensors file; tensors are read straight into their own memory.
pub struct TensorFile {
    file: File,
    metadata: Metadata,
    data_at: u64,
    path: String,
}

impl TensorFile {
    /// Open a file and read its header.
    pub fn open(path: &str) -> Result<Self, Fault> {
        let wrong = |error: String| {
            Fault::data(
                "path",
                path,
                format!("must be a safetensors file ({error})"),
            )
        };
        let mut file = File::open(path).map_err(|error| wrong(error.to_string()))?;
        let size = file.metadata().map_err(|e| wrong(e.to_string()))?.len();
        let mut length = [0; 8];
        file.read_exact(&mut length)
            .map_err(|error| wrong(error.to_string()))?;
        let length = u64::from_le_bytes(length);
        if length > size.saturating_sub(8) {
            return Err(wrong(format!("its header claims {length} bytes")));
        }
        let mut header = vec![0; length as usize];
        file.read_exact(&mut header)
            .map_err(|error| wrong(error.to_string()))?;
        let metadata: Metadata =
            serde_json::from_slice(&header).map_err(|error| wrong(error.to_string()))?;
        if metadata.data_len() as u64 != size - 8 - length {
            return Err(wrong("its length is not what its header says".into()));
        }
        Ok(Self {
            file,
            metadata,
            data_at: 8 + length,
            path: path.into(),
        })
    }

    fn info(&self, name: &str) -> Result<&TensorInfo, Fault> {
        self.metadata.info(name).ok_or_else(|| {
            let allowed = format!("the file {} needs this tensor", self.path);
            Fault::data(name, Value::Null, allowed)
        })
    }

    /// The names of all tensors.
    pub fn names(&self) -> Vec<String> {
        self.metadata.tensors().into_keys().collect()
    }

    /// Shape of a tensor.
    pub fn shape_of(&self, name: &str) -> Result<&[usize], Fault> {
        Ok(&self.info(name)?.shape)
    }

    /// Shape of a tensor that must have `N` dimensions.
    pub fn shape<const N: usize>(&self, name: &str) -> Result<[usize; N], Fault> {
        let shape = self.shape_of(name)?;
        shape.try_into().map_err(|_| {
            let found = format!("{shape:?}");
            Fault::data(name, found, format!("must have {N} dimensions"))
        })
    }

    /// Read a tensor's values, in C order.
    pub fn read<T: Element>(&self, name: &str) -> Result<Vec<T>, Fault> {
        let info = self.info(name)?;
        if info.dtype != T::DTYPE {
            let allowed = format!("must be {}", T::DTYPE);
            return Err(Fault::data(name, info.dtype.to_string(), allowed));
        }
        let mut values = vec![T::default(); info.shape.iter().product()];
        let at = self.data_at + info.data_offsets.0 as u64;
        self.file
            .read_exact_at(bytes_mut(&mut values), at)
            .map_err(|error| Fault::data(name, self.path.as_str(), error.to_string()))?;
        Ok(values)
    }
}

/// A named output of any type and shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl Tensor {
    /// A tensor of `values` in C order; their number must be the product of `shape`.
    pub fn new<T: Element>(name: &str, shape: &[usize], values: &[T]) -> Self {
        assert_eq!(
            shape.iter().product::<usize>(),
            values.len(),
            "shape of {name}"
        );
        Self {
            name: name.into(),
            dtype: T::DTYPE,
            shape: shape.into(),
            data: bytes(values).into(),
        }
    }
}

impl View for &Tensor {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.data)
    }
    fn data_len(&self) -> usize {
        self.data.len()
    }
}

/// Write tensors to a file; answers its SHA-256 in hexadecimal.
pub fn write(path: &str, tensors: &[Tensor]) -> Result<String, Fault> {
    let named = tensors.iter().map(|tensor| (tensor.name.as_str(), tensor));
    let file = safetensors::serialize(named, None)
        .map_err(|error| Fault::data("outputs", path, error.to_string()))?;
    fs::write(path, &file)
        .map_err(|error| Fault::protocol("outputs", path, format!("cannot be written: {error}")))?;
    Ok(hex(&Sha256::digest(&file)))
}

pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "tensors_tests.rs"]
mod tests;
