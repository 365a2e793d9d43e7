//! Makes PDF files.
fn main() {}
