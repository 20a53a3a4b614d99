//! Computes ChaCha8 with plain loops over lanes, for processors without a path of their own.
//!
//! The compiler vectorises the loops. Tests in the parent module compare the words with [`super::Key::block`].

use super::Line;

/// Number of identities computed at once: enough for the loop over them to be vectorised instead of unrolled, few
/// enough for the state (4 KiB) to stay in the first-level cache.
const LANES: usize = 64;

/// The quarter-rounds of the first half of a double round: positions in the state.
const COLUMNS: [[usize; 4]; 4] = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15]];
/// The quarter-rounds of the second half of a double round.
const DIAGONALS: [[usize; 4]; 4] = [[0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

/// The states of [`LANES`] identities, word by word.
type Lanes = [[u32; LANES]; 16];

/// Fills columns with the blocks of identities.
pub(super) fn fill(lines: &mut [Line], stride: usize, start: &[u32; 16], identities: &[u64]) {
    let mut state: Lanes = [[0; LANES]; 16];
    let mut counters = [[0; LANES]; 2];
    for (number, identities) in identities.chunks(LANES).enumerate() {
        for (lane, identity) in identities.iter().enumerate() {
            (counters[0][lane], counters[1][lane]) = (*identity as u32, (identity >> 32) as u32);
        }
        for (word, lanes) in state.iter_mut().enumerate() {
            lanes.fill(start[word]);
        }
        (state[12], state[13]) = (counters[0], counters[1]);
        for _ in 0..4 {
            for quarter in COLUMNS {
                quarter_round(&mut state, quarter);
            }
            for quarter in DIAGONALS {
                quarter_round(&mut state, quarter);
            }
        }
        for (word, lanes) in state.iter_mut().enumerate() {
            match word {
                12 | 13 => {
                    lanes.iter_mut().zip(&counters[word - 12]).for_each(|(a, b)| *a = a.wrapping_add(*b))
                }
                _ => lanes.iter_mut().for_each(|a| *a = a.wrapping_add(start[word])),
            }
            // The last chunk may be shorter than the lanes: `zip` stops at the end of the column.
            let first = number * (LANES / 16);
            let column = &mut lines[word * stride + first..(word + 1) * stride];
            for (line, words) in column.iter_mut().zip(lanes.as_chunks::<16>().0) {
                line.0 = *words;
            }
        }
    }
}

/// The quarter-round of ChaCha on four words of every lane.
#[inline(always)]
fn quarter_round(state: &mut Lanes, quarter: [usize; 4]) {
    let Ok([a, b, c, d]) = state.get_disjoint_mut(quarter) else { unreachable!("the positions differ") };
    for lane in 0..LANES {
        let (mut w, mut x, mut y, mut z) = (a[lane], b[lane], c[lane], d[lane]);
        w = w.wrapping_add(x);
        z = (z ^ w).rotate_left(16);
        y = y.wrapping_add(z);
        x = (x ^ y).rotate_left(12);
        w = w.wrapping_add(x);
        z = (z ^ w).rotate_left(8);
        y = y.wrapping_add(z);
        x = (x ^ y).rotate_left(7);
        (a[lane], b[lane], c[lane], d[lane]) = (w, x, y, z);
    }
}
