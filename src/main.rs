//! The program `kadry`.

fn main() {}
