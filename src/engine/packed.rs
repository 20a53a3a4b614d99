//! Packs two numbers of 16 bits into a 32-bit word.
//!
//! [`Fixed16`] and the macro `packed!` are for attributes that millions of people have and few processes change. A number
//! takes half the memory of an `f32` and costs a shift and a conversion in loops over columns. Two numbers share a column
//! because moving a person costs a cache miss per column. Attributes that grow a little every month do not fit: each change
//! is rounded to a whole step.

/// A value of 16 bits.
pub trait Half: Copy {
    /// The value with these bits.
    fn from_bits(bits: u16) -> Self;
    /// The bits of the value.
    fn bits(self) -> u16;
}

impl Half for i16 {
    #[inline(always)]
    fn from_bits(bits: u16) -> Self {
        bits.cast_signed()
    }

    #[inline(always)]
    fn bits(self) -> u16 {
        self.cast_unsigned()
    }
}

/// A fixed-point number: a whole number of steps of 2^-BITS, from -2^(15 - BITS) to one step below 2^(15 - BITS).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[repr(transparent)]
pub struct Fixed16<const BITS: u32>(i16);

impl<const BITS: u32> Half for Fixed16<BITS> {
    #[inline(always)]
    fn from_bits(bits: u16) -> Self {
        Fixed16(bits.cast_signed())
    }

    #[inline(always)]
    fn bits(self) -> u16 {
        self.0.cast_unsigned()
    }
}

impl<const BITS: u32> Fixed16<BITS> {
    /// Number of steps in 1.
    const STEPS: f32 = (1u32 << BITS) as f32;
    /// Size of a step.
    pub const STEP: f32 = 1.0 / Self::STEPS;

    /// Rounds to the nearest number, ties to even. Values out of range give the lowest or the highest number, NaN the
    /// lowest.
    #[inline(always)]
    pub fn nearest(value: f32) -> Self {
        // 1.5 · 2^23: the sum has no fraction bits, and its low bits are the number of steps.
        const ROUNDER: f32 = 12_582_912.0;
        let steps = value * Self::STEPS;
        let steps = if steps > -32_768.0 { steps } else { -32_768.0 };
        let steps = if steps < 32_767.0 { steps } else { 32_767.0 };
        Fixed16((steps + ROUNDER).to_bits() as i16)
    }

    /// The exact value.
    #[inline(always)]
    pub fn value(self) -> f32 {
        f32::from(self.0) * Self::STEP
    }
}

/// Defines a word of two [`Half`]s, each with a name.
macro_rules! packed {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $(#[$of_low:meta])* $low:ident: $low_type:ty, $set_low:ident;
            $(#[$of_high:meta])* $high:ident: $high_type:ty, $set_high:ident;
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[repr(transparent)]
        $visibility struct $name(u32);

        impl $name {
            /// Packs both parts.
            #[inline(always)]
            $visibility fn new($low: $low_type, $high: $high_type) -> Self {
                let (low, high) = ($crate::engine::packed::Half::bits($low), $crate::engine::packed::Half::bits($high));
                $name(u32::from(low) | u32::from(high) << 16)
            }

            $(#[$of_low])*
            #[inline(always)]
            $visibility fn $low(self) -> $low_type {
                $crate::engine::packed::Half::from_bits(self.0 as u16)
            }

            $(#[$of_high])*
            #[inline(always)]
            $visibility fn $high(self) -> $high_type {
                $crate::engine::packed::Half::from_bits((self.0 >> 16) as u16)
            }

            /// Sets the low part.
            #[inline(always)]
            $visibility fn $set_low(&mut self, $low: $low_type) {
                *self = $name::new($low, self.$high());
            }

            /// Sets the high part.
            #[inline(always)]
            $visibility fn $set_high(&mut self, $high: $high_type) {
                *self = $name::new(self.$low(), $high);
            }

            /// The 32 bits.
            $visibility fn bits(self) -> u32 {
                self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut parts = formatter.debug_struct(stringify!($name));
                parts.field(stringify!($low), &self.$low()).field(stringify!($high), &self.$high()).finish()
            }
        }
    };
}
pub(crate) use packed;

#[cfg(test)]
mod tests {
    use super::*;

    packed! {
        /// Two ends.
        struct Span {
            /// The first.
            first: i16, set_first;
            /// The last.
            last: Fixed16<15>, set_last;
        }
    }

    #[test]
    fn every_number_is_the_nearest_to_its_own_value() {
        for steps in i16::MIN..=i16::MAX {
            let (share, months) = (Fixed16::<15>(steps), Fixed16::<6>(steps));
            assert_eq!(Fixed16::<15>::nearest(share.value()), share);
            assert_eq!(Fixed16::<6>::nearest(months.value()), months);
            assert_eq!(months.value() * 64.0, f32::from(steps));
        }
    }

    #[test]
    fn values_are_rounded_to_the_nearest_step_and_kept_within_the_range() {
        let steps = |value: f32| Fixed16::<6>::nearest(value).0;
        for whole in [-32_768.0, -300.0, -1.0, 0.0, 1.0, 255.0, 32_766.0f32] {
            let near = |part: f32| steps((whole + part) / 64.0);
            assert_eq!(
                [near(0.0), near(0.496), near(0.504)],
                [0.0, 0.0, 1.0].map(|part| (whole + part) as i16)
            );
        }
        // Ties go to the even step.
        assert_eq!([0.5, 1.5, -0.5, -1.5].map(|value| steps(value / 64.0)), [0, 2, 0, -2]);
        assert_eq!(steps(f32::NAN), i16::MIN);
        assert_eq!([-1e9, 1e9, f32::NEG_INFINITY].map(steps), [i16::MIN, i16::MAX, i16::MIN]);
        assert_eq!(Fixed16::<15>::nearest(1.0).value(), 1.0 - Fixed16::<15>::STEP);
        assert_eq!(Fixed16::<15>::nearest(-1.0).value(), -1.0);
    }

    #[test]
    fn setting_one_half_of_a_word_keeps_the_other() {
        for (first, last) in [(0, 0.0), (-1, 0.5), (i16::MIN, -1.0), (i16::MAX, -0.25), (7, 1.0)] {
            let last = Fixed16::nearest(last);
            let mut span = Span::new(first, last);
            assert_eq!((span.first(), span.last()), (first, last));
            span.set_first(-300);
            assert_eq!((span.first(), span.last()), (-300, last));
            span.set_last(Fixed16::nearest(0.75));
            assert_eq!((span.first(), span.last().value()), (-300, 0.75));
        }
        assert_eq!(format!("{:?}", Span::new(-3, Fixed16(5))), "Span { first: -3, last: Fixed16(5) }");
        assert_eq!(Span::new(-1, Fixed16(1)).bits(), 0x0001_ffff);
    }
}
