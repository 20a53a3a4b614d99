//! Computes ChaCha8 for 4, 8 or 16 identities in a vector, with the instructions of x86-64.
//!
//! The loop over lanes that the compiler vectorises takes several times as long: it runs out of registers and does not use
//! the rotation of AVX-512. A vector holds one word of the state for every identity. Tests in the parent module compare
//! the words with [`super::Key::block`].
//!
//! Each step of a quarter-round depends on the one before, so a single state would leave the processor idle half of the
//! time. Two states are therefore computed in turn, half a double round each. Only AVX-512 has registers for both; on the
//! other paths the spills cost little, because loads and stores have execution units of their own.

use std::arch::x86_64::*;

use super::Line;

#[inline]
#[target_feature(enable = "sse2")]
fn sse2_splat(word: u32) -> __m128i {
    _mm_set1_epi32(word.cast_signed())
}

/// Empty: SSE2 has no byte shuffle.
#[inline]
fn sse2_orders() -> [(); 2] {
    [(), ()]
}

#[inline]
#[target_feature(enable = "sse2")]
fn sse2_rotate_16(words: __m128i, _order: ()) -> __m128i {
    _mm_shufflehi_epi16::<0b10_11_00_01>(_mm_shufflelo_epi16::<0b10_11_00_01>(words))
}

#[inline]
#[target_feature(enable = "sse2")]
fn sse2_rotate_12(words: __m128i) -> __m128i {
    _mm_or_si128(_mm_slli_epi32::<12>(words), _mm_srli_epi32::<20>(words))
}

#[inline]
#[target_feature(enable = "sse2")]
fn sse2_rotate_8(words: __m128i, _order: ()) -> __m128i {
    _mm_or_si128(_mm_slli_epi32::<8>(words), _mm_srli_epi32::<24>(words))
}

#[inline]
#[target_feature(enable = "sse2")]
fn sse2_rotate_7(words: __m128i) -> __m128i {
    _mm_or_si128(_mm_slli_epi32::<7>(words), _mm_srli_epi32::<25>(words))
}

/// The low words and the high words of 4 numbers.
#[inline]
#[target_feature(enable = "sse2")]
fn sse2_halves(numbers: &[u64; 4]) -> (__m128i, __m128i) {
    let [near, far] = [0, 2].map(|first| {
        // SAFETY: both loads lie within the 4 numbers, and need no alignment.
        unsafe { _mm_loadu_ps(numbers.as_ptr().add(first).cast()) }
    });
    let low = _mm_shuffle_ps::<0b10_00_10_00>(near, far);
    let high = _mm_shuffle_ps::<0b11_01_11_01>(near, far);
    (_mm_castps_si128(low), _mm_castps_si128(high))
}

#[inline]
#[target_feature(enable = "avx2")]
fn avx2_splat(word: u32) -> __m256i {
    _mm256_set1_epi32(word.cast_signed())
}

/// The byte shuffles that rotate every word by 16 and by 8 bits.
///
/// Hidden from the compiler, which would otherwise replace some of them by two shuffles to save a register.
#[inline]
#[target_feature(enable = "avx2")]
fn avx2_orders() -> [__m256i; 2] {
    std::hint::black_box([
        _mm256_broadcastsi128_si256(_mm_set_epi8(13, 12, 15, 14, 9, 8, 11, 10, 5, 4, 7, 6, 1, 0, 3, 2)),
        _mm256_broadcastsi128_si256(_mm_set_epi8(14, 13, 12, 15, 10, 9, 8, 11, 6, 5, 4, 7, 2, 1, 0, 3)),
    ])
}

#[inline]
#[target_feature(enable = "avx2")]
fn avx2_rotate_12(words: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_slli_epi32::<12>(words), _mm256_srli_epi32::<20>(words))
}

#[inline]
#[target_feature(enable = "avx2")]
fn avx2_rotate_7(words: __m256i) -> __m256i {
    _mm256_or_si256(_mm256_slli_epi32::<7>(words), _mm256_srli_epi32::<25>(words))
}

/// The low words and the high words of 8 numbers.
#[inline]
#[target_feature(enable = "avx2")]
fn avx2_halves(numbers: &[u64; 8]) -> (__m256i, __m256i) {
    let [near, far] = [0, 4].map(|first| {
        // SAFETY: both loads lie within the 8 numbers, and need no alignment.
        unsafe { _mm256_loadu_ps(numbers.as_ptr().add(first).cast()) }
    });
    // The shuffles work within 128 bits and leave pairs in the order 0 2 1 3; the permutation sorts them.
    let low = _mm256_castps_si256(_mm256_shuffle_ps::<0b10_00_10_00>(near, far));
    let high = _mm256_castps_si256(_mm256_shuffle_ps::<0b11_01_11_01>(near, far));
    (_mm256_permute4x64_epi64::<0b11_01_10_00>(low), _mm256_permute4x64_epi64::<0b11_01_10_00>(high))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn avx512_splat(word: u32) -> __m512i {
    _mm512_set1_epi32(word.cast_signed())
}

/// The low words and the high words of 16 numbers.
#[inline]
#[target_feature(enable = "avx512f")]
fn avx512_halves(numbers: &[u64; 16]) -> (__m512i, __m512i) {
    let [near, far] = [0, 8].map(|first| {
        // SAFETY: both loads lie within the 16 numbers, and need no alignment.
        unsafe { _mm512_loadu_si512(numbers.as_ptr().add(first).cast()) }
    });
    let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    let odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    (_mm512_permutex2var_epi32(near, even, far), _mm512_permutex2var_epi32(near, odd, far))
}

/// Empty: AVX-512 has a rotation by any number of bits.
#[inline]
fn avx512_orders() -> [(); 2] {
    [(), ()]
}

#[inline]
#[target_feature(enable = "avx512f")]
fn avx512_rotate_16(words: __m512i, _order: ()) -> __m512i {
    _mm512_rol_epi32::<16>(words)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn avx512_rotate_8(words: __m512i, _order: ()) -> __m512i {
    _mm512_rol_epi32::<8>(words)
}

/// The quarter-round of ChaCha on four words of a state.
fn quarter_round(state: &mut [u32; 16], [a, b, c, d]: [usize; 4]) {
    state[a] = state[a].wrapping_add(state[b]);
    state[d] = (state[d] ^ state[a]).rotate_left(16);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_left(12);
    state[a] = state[a].wrapping_add(state[b]);
    state[d] = (state[d] ^ state[a]).rotate_left(8);
    state[c] = state[c].wrapping_add(state[d]);
    state[b] = (state[b] ^ state[c]).rotate_left(7);
}

/// Defines a function that fills columns with the blocks of identities, and its inner step, from the operations of one
/// vector type.
macro_rules! blocks {
    (
        $(#[$attribute:meta])* $name:ident, $step:ident, $vector:ty, $feature:literal, $lanes:literal,
        $splat:ident, $halves:ident, $orders:ident -> $order:ty, $add:ident, $xor:ident, $rotate_16:ident,
        $rotate_12:expr, $rotate_8:ident, $rotate_7:expr, $store:ident
    ) => {
        $(#[$attribute])*
        #[target_feature(enable = $feature)]
        pub(super) fn $name(lines: &mut [Line], stride: usize, start: &[u32; 16], identities: &[u64]) {
            // The counter does not enter these two quarter-rounds: their result is the same for every identity.
            let mut common = *start;
            quarter_round(&mut common, [2, 6, 10, 14]);
            quarter_round(&mut common, [3, 7, 11, 15]);

            let [mut starts, mut commons] = [[$splat(0); 16]; 2];
            for word in 0..16 {
                (starts[word], commons[word]) = ($splat(start[word]), $splat(common[word]));
            }
            let orders = $orders();

            let pairs = identities.as_chunks::<$lanes>().0.as_chunks::<2>().0;
            let rest = &identities[pairs.as_flattened().as_flattened().len()..];
            let mut padded = [[0; $lanes]; 2];
            padded.as_flattened_mut()[..rest.len()].copy_from_slice(rest);
            let last = (rest.len() > $lanes).then_some(&padded);
            for (number, pair) in pairs.iter().chain(last).enumerate() {
                $step(lines, stride, 2 * number, &starts, &commons, orders, pair);
            }
            if !rest.is_empty() && rest.len() <= $lanes {
                $step(lines, stride, 2 * pairs.len(), &starts, &commons, orders, &[padded[0]]);
            }
        }

        /// Computes the blocks of one or two vectors of identities; `number` counts the vectors before them.
        #[inline]
        #[target_feature(enable = $feature)]
        fn $step<const VECTORS: usize>(
            lines: &mut [Line],
            stride: usize,
            number: usize,
            start: &[$vector; 16],
            common: &[$vector; 16],
            orders: [$order; 2],
            identities: &[[u64; $lanes]; VECTORS],
        ) {
            assert!(lines.len() >= 16 * stride && 16 * stride >= (number + VECTORS) * $lanes);
            let words: *mut u32 = lines.as_mut_ptr().cast();

            let mut counters = [($splat(0), $splat(0)); VECTORS];
            let mut states = [*common; VECTORS];
            for vector in 0..VECTORS {
                counters[vector] = $halves(&identities[vector]);
                (states[vector][12], states[vector][13]) = counters[vector];
            }
            macro_rules! quarter {
                ($s:ident, $a:literal, $b:literal, $c:literal, $d:literal) => {
                    $s[$a] = $add($s[$a], $s[$b]);
                    $s[$d] = $rotate_16($xor($s[$d], $s[$a]), orders[0]);
                    $s[$c] = $add($s[$c], $s[$d]);
                    $s[$b] = $rotate_12($xor($s[$b], $s[$c]));
                    $s[$a] = $add($s[$a], $s[$b]);
                    $s[$d] = $rotate_8($xor($s[$d], $s[$a]), orders[1]);
                    $s[$c] = $add($s[$c], $s[$d]);
                    $s[$b] = $rotate_7($xor($s[$b], $s[$c]));
                };
            }
            for s in &mut states {
                quarter!(s, 0, 4, 8, 12);
                quarter!(s, 1, 5, 9, 13);
            }
            for double_round in 0..4 {
                if double_round > 0 {
                    for s in &mut states {
                        quarter!(s, 0, 4, 8, 12);
                        quarter!(s, 1, 5, 9, 13);
                        quarter!(s, 2, 6, 10, 14);
                        quarter!(s, 3, 7, 11, 15);
                    }
                }
                for s in &mut states {
                    quarter!(s, 0, 5, 10, 15);
                    quarter!(s, 1, 6, 11, 12);
                    quarter!(s, 2, 7, 8, 13);
                    quarter!(s, 3, 4, 9, 14);
                }
            }
            for word in 0..16 {
                for vector in 0..VECTORS {
                    let initial = match word {
                        12 => counters[vector].0,
                        13 => counters[vector].1,
                        _ => start[word],
                    };
                    let place = word * 16 * stride + (number + vector) * $lanes;
                    // SAFETY: `place` is a multiple of the number of lanes, counted from the start of a line, so the
                    // store is aligned. A column has 16 * stride words; by the assertion the store stays within it, and
                    // all columns lie within `lines`.
                    unsafe { $store(words.add(place).cast(), $add(states[vector][word], initial)) };
                }
            }
        }
    };
}

blocks! {
    /// Fills columns with 4 identities in a vector.
    sse2, sse2_step, __m128i, "sse2", 4, sse2_splat, sse2_halves, sse2_orders -> (), _mm_add_epi32,
    _mm_xor_si128, sse2_rotate_16, sse2_rotate_12, sse2_rotate_8, sse2_rotate_7, _mm_store_si128
}

blocks! {
    /// Fills columns with 8 identities in a vector.
    avx2, avx2_step, __m256i, "avx2", 8, avx2_splat, avx2_halves, avx2_orders -> __m256i,
    _mm256_add_epi32, _mm256_xor_si256, _mm256_shuffle_epi8, avx2_rotate_12, _mm256_shuffle_epi8,
    avx2_rotate_7, _mm256_store_si256
}

blocks! {
    /// Fills columns with 16 identities in a vector.
    avx512, avx512_step, __m512i, "avx512f", 16, avx512_splat, avx512_halves, avx512_orders -> (),
    _mm512_add_epi32, _mm512_xor_si512, avx512_rotate_16, _mm512_rol_epi32::<12>, avx512_rotate_8,
    _mm512_rol_epi32::<7>, _mm512_store_si512
}
