//! The fuzz targets' shared part. Run one with `cargo fuzz run -s none TARGET`, from the package's folder.

pub mod checks;
