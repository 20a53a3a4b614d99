//! Computes points of the Sobol' sequence in up to 64 dimensions, with the direction numbers of Joe and Kuo (2008).
//!
//! The points are not scrambled, and the first is included. It is 0 in every dimension: a sweep begins with all keys at
//! the lower ends of their ranges. Without it, the first 2^m points would no longer fall into each of 2^m equal parts of
//! every range once (A. B. Owen, "On dropping the first Sobol' point", 2020).

pub(in crate::experiment) use super::joe_kuo::DIMENSIONS;
use super::joe_kuo::TABLE;

/// Bits of a coordinate: enough for 2^32 points.
const BITS: usize = 32;

/// The Sobol' sequence in some dimensions.
pub(in crate::experiment) struct Sobol {
    /// For each dimension, the direction numbers as binary fractions of [`BITS`] bits.
    directions: Vec<[u32; BITS]>,
}

impl Sobol {
    /// The sequence in this number of dimensions, at most [`DIMENSIONS`].
    pub(in crate::experiment) fn new(dimensions: usize) -> Sobol {
        assert!(dimensions <= DIMENSIONS);
        Sobol { directions: (0..dimensions).map(directions).collect() }
    }

    /// A coordinate of a point, from 0, as a binary fraction of 32 bits: from 0 to below 1.
    pub(in crate::experiment) fn coordinate(&self, point: u32, dimension: usize) -> u32 {
        // In the order of the Gray code, as Antonov and Saleev number the points.
        let gray = point ^ point >> 1;
        let bits = (0..BITS).filter(|bit| gray >> bit & 1 == 1);
        bits.fold(0, |coordinate, bit| coordinate ^ self.directions[dimension][bit])
    }
}

/// The direction numbers of a dimension, from 0.
fn directions(dimension: usize) -> [u32; BITS] {
    let mut v: [u32; BITS] = std::array::from_fn(|bit| 1 << (BITS - 1 - bit));
    let Some(row) = dimension.checked_sub(1).map(|position| &TABLE[position]) else { return v };
    let degree = row.degree;
    for (direction, number) in v.iter_mut().zip(row.numbers) {
        *direction *= number;
    }
    for bit in degree..BITS {
        v[bit] = v[bit - degree] ^ v[bit - degree] >> degree;
        for step in 1..degree {
            v[bit] ^= (row.coefficients >> (degree - 1 - step) & 1) * v[bit - step];
        }
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    /// The first ten points that Joe and Kuo publish for three dimensions.
    #[test]
    fn the_first_points_are_those_published() {
        let published = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        let sobol = Sobol::new(3);
        for (point, coordinates) in published.iter().enumerate() {
            for (dimension, expected) in coordinates.iter().enumerate() {
                let coordinate =
                    f64::from(sobol.coordinate(point as u32, dimension)) / f64::from(1u32 << 31) / 2.0;
                assert_eq!(coordinate, *expected, "point {point}, dimension {dimension}");
            }
        }
    }

    /// SHA-256 of the first 4,096 points in 64 dimensions from an independent implementation:
    /// `scipy.stats.qmc.Sobol(64, scramble=False, bits=32)` of SciPy 1.17.1, times 2^32, little-endian.
    #[test]
    fn all_dimensions_equal_those_of_another_implementation() {
        let sobol = Sobol::new(DIMENSIONS);
        let mut digest = Sha256::new();
        for point in 0..4_096 {
            for dimension in 0..DIMENSIONS {
                digest.update(sobol.coordinate(point, dimension).to_le_bytes());
            }
        }
        let hex: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "eb652b2fef68714072f325758c3471ee8622e12a5d9b4ad5d90784464c6a8da3");
    }

    #[test]
    fn powers_of_two_fill_every_part_of_every_dimension_once() {
        let sobol = Sobol::new(DIMENSIONS);
        for dimension in 0..DIMENSIONS {
            let mut parts: Vec<u32> =
                (0..256).map(|point| sobol.coordinate(point, dimension) >> 24).collect();
            parts.sort_unstable();
            assert!(parts.iter().copied().eq(0..256), "dimension {dimension}");
        }
    }
}
