use super::*;

fn scratch(name: &str) -> String {
    let folder = std::env::temp_dir().join(format!("rmlbench-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder.join(name).to_str().unwrap().to_string()
}

#[test]
fn written_tensors_are_read_back() {
    let path = scratch("pair.safetensors");
    let x = Tensor::new("x", &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, f64::MIN_POSITIVE]);
    let fold = Tensor::new("fold", &[2], &[0i64, -1]);
    let sha256 = write(&path, &[x, fold]).unwrap();
    assert_eq!(sha256, hex(&Sha256::digest(fs::read(&path).unwrap())));
    let file = TensorFile::open(&path).unwrap();
    assert_eq!(file.shape::<2>("x").unwrap(), [2, 3]);
    assert_eq!(file.read::<f64>("x").unwrap()[5], f64::MIN_POSITIVE);
    assert_eq!(file.read::<i64>("fold").unwrap(), [0, -1]);
}

#[test]
fn missing_tensors_and_other_types_are_refused_by_name() {
    let path = scratch("types.safetensors");
    write(&path, &[Tensor::new("x", &[1], &[1.0f32])]).unwrap();
    let file = TensorFile::open(&path).unwrap();
    assert_eq!(file.read::<f64>("x").unwrap_err().parameter, "x");
    assert_eq!(file.read::<f64>("y").unwrap_err().parameter, "y");
    assert_eq!(file.shape::<2>("x").unwrap_err().parameter, "x");
}

#[test]
fn files_that_are_not_safetensors_are_refused() {
    let path = scratch("garbage.safetensors");
    for content in [
        &b""[..],
        b"abc",
        b"\xff\xff\xff\xff\xff\xff\xff\x7f{}",
        b"\x02\0\0\0\0\0\0\0{}x",
    ] {
        fs::write(&path, content).unwrap();
        assert!(TensorFile::open(&path).is_err(), "{content:?}");
    }
    assert!(TensorFile::open(&scratch("absent")).is_err());
}
