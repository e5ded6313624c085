//! The `asl-lsp` binary.

fn main() {}
