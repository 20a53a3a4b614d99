//! How the work of one month is shared among threads.

/// Who does the work of a month. The results are the same, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workers {
    /// The calling thread alone: the right choice while there are as many replicates as cores.
    One,
    /// The threads of the surrounding rayon pool share the blocks of enterprises.
    Pool,
}
