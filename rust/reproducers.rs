/// A test of each program named, under `book/reproducers`: all are linked once.
macro_rules! reproducers {
    ($($name:ident,)+) => {$(
        mod $name {
            include!(concat!("../../../book/reproducers/", stringify!($name), ".rs"));

            #[test]
            fn still_shows() -> impl std::process::Termination {
                main()
            }
        }
    )+};
}
