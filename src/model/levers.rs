//! Defines the levers of policy, which the leadership sets for each month, from 0 to 1.
//!
//! [`LEVERS`] lists names, meanings and kinds; [`smooth`] smooths a schedule. Who sets the levers is the business of
//! [`super::leadership`]; what they do, of the rules.

/// Description of one lever.
#[derive(Debug)]
pub struct LeverInfo {
    /// Key in scenario files, under `[levers]`.
    pub key: &'static str,
    /// Symbol in docs/model.md.
    pub symbol: &'static str,
    /// Meaning of the value 1.
    pub meaning: &'static str,
    /// Rules that read the lever.
    pub rule: &'static str,
    /// True for behavioural levers, whose steps [`smooth`] smooths: people take time to believe in a change.
    /// Administrative levers and those set from data act at once.
    pub smoothed: bool,
    /// True if the track is the modellers' judgement of the sources. The robustness ensemble shifts such tracks.
    pub judged: bool,
    /// Returns the lever's value.
    pub get: fn(&Levers) -> f64,
    /// Sets the lever's value.
    pub set: fn(&mut Levers, f64),
}

macro_rules! levers {
    ($($key:ident $symbol:literal $smoothed:literal $judged:literal $rule:literal $meaning:literal;)*) => {
        /// The values of all levers in one month, 0 to 1. [`LEVERS`] has their names and meanings.
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct Levers {
            $(#[doc = $meaning] pub $key: f64,)*
        }

        impl Levers {
            /// Returns all levers at 1.
            pub fn highest() -> Levers {
                Levers { $($key: 1.0,)* }
            }

            /// Returns the levers with every value clamped to the range 0 to 1; NaN becomes 0.
            pub fn clamped(self) -> Levers {
                Levers { $($key: if self.$key >= 0.0 { self.$key.min(1.0) } else { 0.0 },)* }
            }
        }

        /// All levers.
        pub static LEVERS: &[LeverInfo] = &[
            $(LeverInfo {
                key: stringify!($key),
                symbol: $symbol,
                meaning: $meaning,
                rule: $rule,
                smoothed: $smoothed,
                judged: $judged,
                get: |levers| levers.$key,
                set: |levers, value| levers.$key = value,
            },)*
        ];
    };
}

// key, symbol, smoothed, judged, rules, meaning
levers! {
    class_war "classwar" true true "R5 R6b R8 blame" "hostility coded by class: old specialists and former people";
    origin_preference "originpref" true true "R8 R9" "preference for worker origin in schooling and promotion";
    wage_spread "wspread" true true "R1" "spread of pay between ranks";
    egalitarian_norm "egal" true true "R1 R2 R5" "egalitarian and moralist discourse";
    criticism "license" true true "R5 R6a" "licence to criticise and accuse superiors";
    vigilance "vigil" true true "R1 R5 R6b R6e R7 R8 blame" "class-neutral siege mentality: enemies anywhere, above all in high places";
    managerial_authority "auth" true true "R7" "backing of managers by the centre";
    penalty "penalty" true true "R3 R4" "sanctions on indiscipline";
    stakhanovism "stakh" true true "R1 R5 R9 R11" "norm pressure and shock workers";
    union "union" true false "R7" "room for trade unions to represent workers";
    hardship "hardship" true true "R1" "fall of living standards";
    growth "growth" false false "R8 R11" "growth of the workforce";
    post_growth "diff" false false "R8" "growth of posts beyond that of the workforce";
    schooling "school" false false "R9" "places in technical schools";
    party_recruitment "recruit" false false "R9" "admission to the party";
    absence_law "sev" false false "R3" "one day's absence costs job and rations";
    enforcement "enf" false false "implementation" "central pressure on managers to enforce";
    quit_law "quit_law" false false "R4" "how far the law binds workers to their plant";
    career_reward "rho" false false "R5" "whether a cleared post can be won by those below";
    threat "threat" true false "controller" "threat of war as the leadership sees it";
    repression "repr" false false "R6b R7" "capacity to arrest";
    purge "purge" false false "R6d" "intensity of party purges";
}

/// Returns the lever with this key, if there is one.
pub fn lever(key: &str) -> Option<&'static LeverInfo> {
    LEVERS.iter().find(|info| info.key == key)
}

/// Months over which behavioural levers are averaged: the month itself and the two before it.
///
/// People take three months to believe in a change. This is a property of the schedule, applied before any rule, and no
/// parameter of a rule.
pub const SMOOTHING_MONTHS: usize = 3;

/// Smooths a schedule, one entry per month from January 1928.
///
/// Behavioural levers become their trailing mean over [`SMOOTHING_MONTHS`]; months before the first count with its
/// value. The other levers are unchanged.
pub fn smooth(steps: &[Levers]) -> Vec<Levers> {
    let mut smoothed = steps.to_vec();
    for info in LEVERS.iter().filter(|info| info.smoothed) {
        for (month, levers) in smoothed.iter_mut().enumerate() {
            let window = (0..SMOOTHING_MONTHS).map(|back| (info.get)(&steps[month.saturating_sub(back)]));
            (info.set)(levers, window.sum::<f64>() / SMOOTHING_MONTHS as f64);
        }
    }
    smoothed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_behavioural_step_is_reached_in_three_months_and_an_administrative_one_at_once() {
        let mut steps = vec![Levers::default(); 6];
        for levers in &mut steps[2..] {
            levers.criticism = 0.9;
            levers.repression = 0.9;
        }
        let smoothed = smooth(&steps);
        let criticism: Vec<f64> = smoothed.iter().map(|levers| levers.criticism).collect();
        for (got, expected) in criticism.iter().zip([0.0, 0.0, 0.3, 0.6, 0.9, 0.9]) {
            assert!((got - expected).abs() < 1e-12, "{criticism:?}");
        }
        assert_eq!(smoothed[2].repression, 0.9);
    }

    #[test]
    fn a_constant_lever_stays_exactly_what_it_was_within_a_rounding() {
        let steps = vec![Levers { criticism: 0.55, ..Levers::default() }; 4];
        assert!(smooth(&steps).iter().all(|levers| (levers.criticism - 0.55).abs() < 1e-15));
    }
}
