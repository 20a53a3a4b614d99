//! Defines the parameters of the rules in one table, from which the scenario reader, error messages and documents are
//! generated.
//!
//! Every constant that a scenario may change has a row: key, symbol in docs/model.md, unit, valid range (a scenario
//! outside it is rejected), prior range (for sensitivity analysis), default, rule, meaning, and the source of the
//! default.

/// Origin of a parameter's default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Set from a published series.
    Data,
    /// Fitted to the calibration patterns of `docs/model.md`.
    Fitted,
    /// The modellers' judgement; no published figure determines it.
    Judged,
    /// A unit of measurement inside a rule, not to be varied.
    Scale,
}

impl Grade {
    /// Returns the word for the grade in tables.
    pub fn word(self) -> &'static str {
        match self {
            Grade::Data => "data",
            Grade::Fitted => "fitted",
            Grade::Judged => "judged",
            Grade::Scale => "scale",
        }
    }
}

/// Description of one parameter.
#[derive(Debug)]
pub struct ParameterInfo {
    /// Key in scenario files, under `[parameters]`.
    pub key: &'static str,
    /// Symbol in docs/model.md.
    pub symbol: &'static str,
    /// Unit of measurement; `1` for a pure number.
    pub unit: &'static str,
    /// Smallest and largest value for which the rules make sense, inclusive.
    pub valid: (f64, f64),
    /// Range for sensitivity analysis; `None` for scales and parameters set from data.
    pub prior: Option<(f64, f64)>,
    /// Value in scenarios that do not set the parameter.
    pub default: f64,
    /// Rule that reads the parameter.
    pub rule: &'static str,
    /// Meaning in plain words.
    pub meaning: &'static str,
    /// Origin of the default.
    pub grade: Grade,
    /// Reads it.
    pub get: fn(&Parameters) -> f64,
    /// Sets the parameter's value.
    pub set: fn(&mut Parameters, f64),
}

macro_rules! parameters {
    ($($key:ident $symbol:literal $unit:literal [$low:expr, $high:expr] $prior:expr, $default:expr, $rule:literal, $meaning:literal, $grade:ident;)*) => {
        /// The values of all parameters. Units, ranges, meaning and sources: [`PARAMETERS`].
        #[derive(Debug, Clone, PartialEq)]
        pub struct Parameters {
            $(#[doc = $meaning] pub $key: f64,)*
        }

        impl Default for Parameters {
            fn default() -> Self {
                Parameters { $($key: $default,)* }
            }
        }

        /// Every parameter, in the order of the rules.
        pub static PARAMETERS: &[ParameterInfo] = &[
            $(ParameterInfo {
                key: stringify!($key),
                symbol: $symbol,
                unit: $unit,
                valid: ($low as f64, $high as f64),
                prior: $prior,
                default: $default,
                rule: $rule,
                meaning: $meaning,
                grade: Grade::$grade,
                get: |parameters| parameters.$key,
                set: |parameters, value| parameters.$key = value,
            },)*
        ];
    };
}

parameters! {
    grievance_speed "α" "share per month" [0, 1] Some((0.05, 0.4)), 0.15, "R1", "share of the distance to its target that grievance covers in a month", Fitted;
    grievance_base "g0" "1" [-1, 1] Some((0.0, 0.25)), 0.167, "R1", "grievance of a person whom nothing else affects", Fitted;
    hardship_weight "w_h" "1" [0, 3] Some((0.15, 0.5)), 0.489, "R1", "grievance from a full fall of living standards", Fitted;
    deprivation_weight "w_rd" "1" [0, 5] Some((0.4, 1.4)), 0.9, "R1", "grievance of a full egalitarian from relative deprivation", Fitted;
    norm_pressure_weight "w_s" "1" [0, 2] Some((0.05, 0.4)), 0.15, "R1", "workers' grievance from norm pressure under full Stakhanovism", Judged;
    union_voice_weight "w_u" "1" [0, 3] Some((0.1, 0.8)), 0.3, "R1", "grievance taken away by a union of full capacity", Judged;
    catharsis_weight "w_c" "1" [0, 20] Some((0.0, 4.0)), 1.5, "R1", "grievance of a full egalitarian taken away per unit of visible punishment of the elite", Judged;
    trial_catharsis "k_tr" "1" [0, 1] Some((0.0, 0.03)), 0.01, "R7", "catharsis from the strongest show-trial pulse of the month", Judged;
    tunnel_weight "w_m" "1" [0, 1] Some((0.0, 0.15)), 0.05, "R1", "grievance taken away by the rise of one's own origin group (tunnel effect)", Judged;
    resentment_weight "w_o" "1" [0, 2] Some((0.0, 0.2)), 0.08, "R1", "grievance of the ambitious when another origin group rises faster", Judged;
    rank_gap_weight "ψ" "1" [0, 5] Some((0.1, 0.8)), 0.5, "R1", "deprivation by visible rank beside deprivation by pay", Judged;
    siege_discount "s_v" "1" [0, 1] Some((0.0, 0.7)), 0.3, "R1", "share of deprivation that full vigilance makes people accept", Judged;
    deprivation_scale "ζ" "1" [0, 50] Some((2.0, 6.0)), 4.0, "R1", "scale of relative deprivation", Judged;
    norm_drift "κ_n" "share per month" [0, 1] Some((0.0, 0.02)), 0.005, "R2", "share of the distance to the official egalitarian norm that people cover in a month", Judged;
    shirking_intercept "b0" "logit" [-20, 20] Some((-2.6, -0.8)), -1.783, "R3", "logit of shirking without grievance, novelty or sanction", Fitted;
    shirking_grievance "b1" "logit" [-20, 20] Some((0.8, 3.6)), 1.0, "R3", "effect of full grievance on shirking", Fitted;
    shirking_newcomer "b2" "logit" [-20, 20] Some((0.4, 2.2)), 1.172, "R3", "effect of being wholly new to industry on shirking", Fitted;
    shirking_sanction "c_s" "logit" [0, 50] Some((2.0, 5.0)), 4.0, "R3", "deterrence by full authority, implementation and penalty", Fitted;
    scarcity_softening "c_t" "1" [0, 1] Some((0.1, 0.7)), 0.35, "R3", "share of deterrence lost where labour is wholly scarce", Judged;
    union_fairness "b_f" "logit" [0, 20] Some((0.2, 1.0)), 0.5, "R3", "effect of a union of full capacity on shirking", Judged;
    acculturation_months "τ" "months" [0.1, 600] Some((12.0, 48.0)), 24.0, "R3", "time in which a newcomer becomes an industrial worker", Judged;
    quit_base "q0" "per month" [0, 1] Some((0.025, 0.06)), 0.049, "R4", "monthly probability of quitting without grievance, novelty or scarcity", Fitted;
    quit_grievance "q1" "1" [0, 20] Some((0.1, 3.0)), 0.937, "R4", "effect of grievance times scarcity on quitting", Fitted;
    quit_newcomer "q2" "1" [0, 20] Some((0.2, 2.0)), 0.646, "R4", "effect of being wholly new to industry on quitting", Fitted;
    quit_penalty "q3" "1" [0, 1] Some((0.1, 0.7)), 0.324, "R4", "share of quitting that full penalty prevents, before the laws of 1938-40", Fitted;
    quit_law_penalty "q3b" "1" [0, 1] Some((0.4, 0.9)), 0.75, "R4", "share of quitting that full penalty prevents under the law of June 1940", Fitted;
    quit_scarcity "q4" "1" [0, 20] Some((0.3, 2.5)), 0.773, "R4", "effect of scarcity of labour on quitting", Fitted;
    leaving_industry "x_out" "probability" [0, 1] Some((0.03, 0.12)), 0.057, "R4", "probability that one who quits or is dismissed leaves industry", Fitted;
    tenure_kept "t_mv" "1" [0, 1] Some((0.8, 1.0)), 0.92, "R9", "share of experience that a mover keeps", Fitted;
    hiring_share "hirefrac" "share per month" [0, 1] Some((0.3, 0.8)), 0.5, "R9", "share of workers' vacancies filled by hiring in a month", Judged;
    vacancy_reference "vac_ref" "1" [0.0001, 1] Some((0.05, 0.1)), 0.068, "R9", "share of vacancies at which labour counts as wholly scarce", Fitted;
    scarcity_slack "i_t" "1" [0, 1] Some((0.2, 0.6)), 0.4, "implementation", "enforcement that managers drop where labour is wholly scarce", Judged;
    accusation_slack "i_a" "1" [0, 1] Some((0.0, 0.6)), 0.3, "implementation", "enforcement that managers drop when they are much accused", Judged;
    absence_days "f_abs" "days" [0, 31] Some((0.8, 2.2)), 1.8, "R3", "days of absence in a month of shirking", Fitted;
    record_suppression "k_r" "1" [0, 100] Some((4.0, 9.0)), 8.715, "R3", "how strongly slack managers stop recording once a record costs the worker the job", Fitted;
    accusation_scale "λ0" "per month" [0, 1] Some((0.001, 0.01)), 0.0035, "R5", "scale of the hazard of accusing; rests on no published figure", Judged;
    criticism_slope "k_l" "1" [0, 20] Some((1.0, 5.0)), 3.0, "R5", "log-slope of accusations upwards in the licence to criticise", Judged;
    criticism_sideways "k_h" "1" [0, 1] Some((0.0, 1.0)), 0.5, "R5", "the same slope sideways and downwards, relative to upwards", Judged;
    image_floor "img0" "1" [0, 10] Some((0.1, 0.6)), 0.3, "R5", "weight of a target whom no official image names", Judged;
    image_weight "k_img" "1" [0, 10] Some((0.3, 2.0)), 1.0, "R5", "weight of the official image of the enemy", Judged;
    gap_blame "k_gap" "1" [0, 10] Some((0.0, 2.0)), 1.0, "R5", "blame of the elite for a plan gap", Judged;
    motive_principle "μ_p" "1" [0, 50] Some((0.0, 4.0)), 2.2, "R5", "strength of the motive of principle", Judged;
    motive_temperament "μ_t" "1" [0, 50] Some((0.0, 2.5)), 1.2, "R5", "strength of the motive of temperament", Judged;
    motive_rivalry "μ_c" "1" [0, 50] Some((0.0, 4.0)), 2.0, "R5", "strength of the motive of rivalry", Judged;
    motive_fear "μ_f" "1" [0, 50] Some((0.0, 2.0)), 0.8, "R5", "strength of the motive of fear", Judged;
    openings_aspiration "a_o" "1" [0, 20] Some((0.0, 2.0)), 0.5, "R5", "how far openings arouse aspiration", Judged;
    authority_deterrence "c_a" "1" [0, 20] Some((0.3, 1.5)), 0.9, "R5", "how far authority deters accusing upwards", Judged;
    union_substitution "c_u" "1" [0, 20] Some((0.2, 1.5)), 0.9, "R5", "how far the union's voice takes the place of accusing", Judged;
    clique_loyalty "c_k" "1" [0, 20] Some((0.0, 1.0)), 0.4, "R5", "how far party people in the elite spare each other", Judged;
    moral_exposure "η" "1" [0, 50] Some((0.0, 3.0)), 1.2, "R5", "exposure of the newly risen and the ambitious under egalitarian norms", Judged;
    suspicion_forgetting "δ" "share per month" [0, 1] Some((0.05, 0.3)), 0.12, "R5", "share of suspicion forgotten in a month", Judged;
    competition_reference "κ_ref" "1" [0.0001, 10] None, 0.3, "R5", "unit of competition for posts", Scale;
    punished_reference "p_ref" "1" [0.0001, 1] None, 0.14, "R5", "unit of the perceived share of accusations that are punished", Scale;
    denouncer_reference "h_ref" "1" [0.0001, 1] None, 0.02, "R5", "unit of the share of denouncers among one's fellows", Scale;
    sanction_base "p0" "probability" [0, 1] Some((0.15, 0.25)), 0.178, "R6a", "sanction per accusation, before licence and patronage", Fitted;
    patronage "prot" "1" [0, 1] Some((0.0, 0.7)), 0.4, "R6a", "share of sanctions that patronage averts for party people in the elite", Judged;
    arrest_plan "q0rep" "per person and month" [0, 0.1] Some((0.0006, 0.003)), 0.0012, "R6b", "planned arrests at full repression", Judged;
    evidence_threshold "s*" "1" [-10, 20] Some((0.5, 2.0)), 0.9, "R6b", "case against a person that always leads to arrest", Judged;
    selection_noise "ε" "1" [0, 20] Some((0.2, 1.0)), 0.5, "R6b", "noise in the choice of whom to arrest", Judged;
    quota_ratchet "φ" "per month" [0, 1] Some((0.0, 0.12)), 0.05, "R7", "growth of a region's quota once it is nearly fulfilled", Judged;
    quota_ceiling "q_max" "1" [1, 50] Some((1.0, 5.0)), 3.0, "R7", "largest multiple of the plan that a region may claim", Judged;
    fear_of_arrests "f1" "1" [0, 1000] Some((5.0, 40.0)), 20.0, "R7", "fear per arrested share of one's stratum in the enterprise", Judged;
    fear_of_suspicion "f2" "1" [0, 1] Some((0.0, 0.4)), 0.1, "R7", "fear of the suspected under full vigilance", Judged;
    fear_memory "f_dec" "share per month" [0, 1] Some((0.8, 0.97)), 0.9, "R7", "share of fear that lasts a month", Judged;
    authority_speed "μ_A" "share per month" [0, 1] Some((0.02, 0.15)), 0.06, "R7", "share of the distance to its backing that authority covers in a month", Fitted;
    authority_loss_accusation "ν" "1" [0, 20] Some((0.0, 1.0)), 0.5, "R7", "share of authority lost per accusation per boss", Judged;
    authority_loss_removal "ξ" "1" [0, 20] Some((0.0, 2.0)), 1.0, "R7", "share of authority lost per removed share of bosses", Judged;
    union_decay "u_dn" "share per month" [0, 1] Some((1.0 / 12.0, 1.0 / 3.0)), 1.0 / 6.0, "R7", "speed at which union capacity decays", Judged;
    union_rebuilding "u_up" "share per month" [0, 1] Some((1.0 / 96.0, 1.0 / 24.0)), 1.0 / 48.0, "R7", "speed at which union capacity is rebuilt", Judged;
    promotion_ability "w_comp" "score" [-10, 10] Some((0.45, 1.35)), 0.9, "R8", "ability in the score for promotion", Judged;
    promotion_loyalty "w_loy" "score" [-10, 10] Some((0.225, 0.675)), 0.45, "R8", "a party card in the score for promotion", Judged;
    promotion_origin "w_or" "score" [-10, 10] Some((0.3, 0.9)), 0.6, "R8", "worker origin in the score for promotion, at full preference", Judged;
    promotion_ambition "w_amb" "score" [-10, 10] Some((0.125, 0.375)), 0.25, "R8", "ambition in the score for promotion", Judged;
    promotion_suspicion "w_su" "score" [-10, 10] Some((0.175, 0.525)), 0.35, "R8", "suspicion against the candidate in the score for promotion", Judged;
    promotion_former "w_fo" "score" [-10, 10] Some((0.2, 0.6)), 0.4, "R8", "belonging to the former people in the score, at full class war", Judged;
    ability_carried "r_P" "1" [0, 1] Some((0.0, 1.0)), 0.3, "R8", "share of ability that carries over to the new rank", Judged;
    post_filling "fillfrac" "share per month" [0, 1] Some((0.15, 0.7)), 0.35, "R8", "share of vacant posts filled in a month", Judged;
    natural_exit "att" "per month" [0, 1] Some((0.00175, 0.00525)), 0.0035, "R6c", "probability of death, retirement or departure", Judged;
    natural_exit_elite "att_e" "per month" [0, 1] Some((0.003, 0.009)), 0.006, "R6c", "the same, in addition, for the elite", Judged;
    workforce_growth "g_w" "log per year" [0, 2] None, 0.26, "R8", "growth of workers at full lever", Data;
    post_deepening "g_x" "log per year" [0, 2] None, 0.153, "R8", "growth of posts beyond that of workers at full lever", Data;
    school_places "s0" "per elite person and month" [0, 1] Some((0.005, 0.02)), 0.01, "R9", "places in technical schools at full lever", Judged;
    school_worker_share "b_sch" "1" [0, 1] None, 0.42, "R9", "workers' share of school places without preference", Data;
    school_preference "om_o" "odds" [0, 100] None, 3.5, "R9", "rise of the workers' odds of a school place at full preference", Data;
    hires_peasant "π_r" "1" [0, 1] Some((0.6, 0.85)), 0.7, "R9", "share of peasants among new hires", Judged;
    hires_former "π_f" "1" [0, 1] Some((0.0, 0.08)), 0.03, "R9", "share of former people among new hires", Judged;
    recruitment_rate "rec0" "per year" [0, 12] None, 0.09, "R9", "entry to the party at full lever", Data;
    purge_rate "h_p" "per month" [0, 1] None, 0.02, "R6d", "expulsion from the party at full lever", Data;
    election_intercept "e0" "logit" [-20, 20] Some((-2.0, 0.0)), -1.0, "R6e", "logit of losing an election without local grievance", Judged;
    election_grievance "e1" "logit" [-20, 20] Some((0.0, 4.0)), 2.0, "R6e", "effect of the electors' grievance", Judged;
    election_suspicion "e2" "logit" [-20, 20] Some((0.0, 1.0)), 0.4, "R6e", "effect of suspicion against the official", Judged;
    election_upper "e3" "logit per rank" [-20, 20] Some((0.0, 1.5)), 0.8, "R6e", "effect of each rank above 2 when the upper levels are the target", Judged;
    enemies_deflect "a_φ" "1" [0, 50] Some((0.3, 2.0)), 1.0, "blame", "how far official enemies turn grievance away from the regime", Judged;
    sanctions_deflect "b_φ" "1" [0, 100] Some((0.0, 8.0)), 4.0, "blame", "how far visible punishment turns grievance away from the regime", Judged;
    falsification "θ" "1" [0, 20] Some((0.5, 3.0)), 1.5, "falsification", "how strongly fear hides grievance", Judged;
    unrest_threshold_low "th_lo" "1" [0, 1] Some((0.1, 0.4)), 0.2, "unrest", "lowest threshold of joining unrest", Judged;
    unrest_threshold_spread "th_w" "1" [0, 1] Some((0.1, 0.6)), 0.35, "unrest", "spread of the thresholds", Judged;
    unrest_fear "w_f" "1" [0, 20] Some((0.0, 1.0)), 0.5, "unrest", "how far fear deters from unrest", Judged;
    output_shirking "lam_s" "1" [0, 1] Some((0.2, 0.8)), 0.5, "R11", "share of output lost by a worker who shirks", Judged;
    output_competence "o1" "elasticity" [0, 5] Some((0.0, 0.4)), 0.2, "R11", "elasticity of output in the elite's competence", Judged;
    output_experience "o2" "elasticity" [0, 5] Some((0.0, 0.4)), 0.15, "R11", "elasticity of output in the elite's time in rank", Judged;
    output_vacancies "o3" "elasticity" [0, 5] Some((0.0, 0.6)), 0.3, "R11", "elasticity of output in the share of filled posts", Judged;
    capital_growth "kgrow" "per year" [-0.5, 1] Some((0.0, 0.06)), 0.03, "R11", "growth of capital", Judged;
}

impl ParameterInfo {
    /// Where the default comes from, in words; series are those of `scenarios/reference/series.csv`.
    pub fn source(&self) -> &'static str {
        match (self.grade, self.key) {
            (Grade::Data, "workforce_growth") => {
                "largest yearly growth of workers, that of 1930, laid through industrial_workers"
            }
            (Grade::Data, "post_deepening") => {
                "engineering_technical_staff over industrial_workers, 1928 to 1932"
            }
            (Grade::Data, "school_worker_share") => "workers_among_entrants before 1928",
            (Grade::Data, "school_preference") => "rise of workers_among_entrants from 1927 to 1929",
            (Grade::Data, "recruitment_rate") => "growth of party_membership, 1928 to 1933",
            (Grade::Data, "purge_rate") => {
                "order of size of the party's losses in 1933-34; no series of them is shipped"
            }
            (Grade::Data, _) => "set from a published series",
            (Grade::Fitted, _) => "jointly with the other fitted parameters, to the calibration patterns",
            (Grade::Judged, _) => "the modellers' judgement; no published figure fixes it",
            (Grade::Scale, _) => "unit of measurement inside a rule, not to be varied",
        }
    }
}

/// Returns the parameter with this key, if there is one.
pub fn parameter(key: &str) -> Option<&'static ParameterInfo> {
    PARAMETERS.iter().find(|info| info.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_lies_in_its_ranges() {
        for info in PARAMETERS {
            assert!(info.valid.0 <= info.default && info.default <= info.valid.1, "{}", info.key);
            if let Some((low, high)) = info.prior {
                assert!(info.valid.0 <= low && low < high && high <= info.valid.1, "{}", info.key);
                assert!(low <= info.default && info.default <= high, "{}", info.key);
            }
            assert_eq!((info.get)(&Parameters::default()), info.default, "{}", info.key);
        }
    }

    #[test]
    fn keys_are_unique_and_each_reads_what_it_writes() {
        for (position, info) in PARAMETERS.iter().enumerate() {
            assert!(PARAMETERS[..position].iter().all(|other| other.key != info.key), "{}", info.key);
            let mut parameters = Parameters::default();
            (info.set)(&mut parameters, 0.12345);
            assert_eq!((info.get)(&parameters), 0.12345);
            (info.set)(&mut parameters, info.default);
            assert_eq!(parameters, Parameters::default());
        }
    }
}
