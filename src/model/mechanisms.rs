//! Defines the ablation switches, one for each mechanism on which the argument rests.
//!
//! A switch removes its mechanism where it acts and nowhere else. With all switches on, the model is complete.

use super::parameters::Parameters;

/// Description of one switch.
#[derive(Debug)]
pub struct MechanismInfo {
    /// Key in scenario files, under `[mechanisms]`.
    pub key: &'static str,
    /// What the mechanism does, and what happens without it.
    pub meaning: &'static str,
    /// Returns the switch's state.
    pub get: fn(&Mechanisms) -> bool,
    /// Sets the switch's state.
    pub set: fn(&mut Mechanisms, bool),
}

macro_rules! mechanisms {
    ($($key:ident $meaning:literal;)*) => {
        /// Which mechanisms act; by default all of them. [`MECHANISMS`] says what each does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Mechanisms {
            $(#[doc = $meaning] pub $key: bool,)*
        }

        impl Default for Mechanisms {
            fn default() -> Self {
                Mechanisms { $($key: true,)* }
            }
        }

        /// All switches.
        pub static MECHANISMS: &[MechanismInfo] = &[
            $(MechanismInfo {
                key: stringify!($key),
                meaning: $meaning,
                get: |mechanisms| mechanisms.$key,
                set: |mechanisms, value| mechanisms.$key = value,
            },)*
        ];
    };
}

mechanisms! {
    competition "rivalry depends on how many compete for how many posts; off: competition is always at its reference";
    fear "people fear arrest and accuse from fear; off: nobody is afraid";
    catharsis "visible punishment of the elite lowers grievance; off: it does not";
    authority_feedback "accusations and removals of bosses cost authority; off: authority follows its backing alone";
    moral_exposure "the newly risen and the ambitious are exposed under egalitarian norms; off: all targets alike";
    group_mobility "the rise of one's own or another origin group changes grievance; off: it does not";
    siege_discount "vigilance makes people accept deprivation; off: it does not";
    norm_drift "people's egalitarianism follows the official norm; off: it stays as it was";
    union_stock "union capacity decays and is rebuilt slowly; off: it equals its lever at once";
    rivalry "people accuse to win posts; off: they do not";
    principle "people accuse out of egalitarian principle; off: they do not";
    temperament "people accuse out of temperament; off: they do not";
    quota_ratchet "regions raise their arrest quotas when they fulfil them; off: quotas stay at the plan";
    plan_gap "the elite is blamed for a plan gap; off: it is not";
}

impl Mechanisms {
    /// Returns the parameters with those of ablated mechanisms set to zero.
    ///
    /// Two mechanisms have no such parameter; the rules ask for them where they act: competition (R5) and the union
    /// stock (R7).
    pub fn ablate(&self, mut parameters: Parameters) -> Parameters {
        let mut off = |on: bool, coefficients: &[fn(&mut Parameters) -> &mut f64]| {
            if !on {
                for coefficient in coefficients {
                    *coefficient(&mut parameters) = 0.0;
                }
            }
        };
        off(self.fear, &[|p| &mut p.motive_fear, |p| &mut p.fear_of_arrests, |p| &mut p.fear_of_suspicion]);
        off(self.catharsis, &[|p| &mut p.catharsis_weight]);
        off(
            self.authority_feedback,
            &[|p| &mut p.authority_loss_accusation, |p| &mut p.authority_loss_removal],
        );
        off(self.moral_exposure, &[|p| &mut p.moral_exposure]);
        off(self.group_mobility, &[|p| &mut p.tunnel_weight, |p| &mut p.resentment_weight]);
        off(self.siege_discount, &[|p| &mut p.siege_discount]);
        off(self.norm_drift, &[|p| &mut p.norm_drift]);
        off(self.rivalry, &[|p| &mut p.motive_rivalry]);
        off(self.principle, &[|p| &mut p.motive_principle]);
        off(self.temperament, &[|p| &mut p.motive_temperament]);
        off(self.quota_ratchet, &[|p| &mut p.quota_ratchet]);
        off(self.plan_gap, &[|p| &mut p.gap_blame]);
        parameters
    }
}

/// Returns the switch with this key, if there is one.
pub fn mechanism(key: &str) -> Option<&'static MechanismInfo> {
    MECHANISMS.iter().find(|info| info.key == key)
}
