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
    /// Where the default comes from: the section of `docs/model.md` that introduces it, and what it rests on.
    pub source: &'static str,
    /// Returns the parameter's value.
    pub get: fn(&Parameters) -> f64,
    /// Sets the parameter's value.
    pub set: fn(&mut Parameters, f64),
}

macro_rules! parameters {
    ($($key:ident $symbol:literal $unit:literal [$low:expr, $high:expr] $prior:expr, $default:expr, $rule:literal, $meaning:literal, $grade:ident $source:literal;)*) => {
        /// Values of all parameters. [`PARAMETERS`] gives their units, ranges, meanings and sources.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Parameters {
            $(#[doc = $meaning] pub $key: f64,)*
        }

        impl Default for Parameters {
            fn default() -> Self {
                Parameters { $($key: $default,)* }
            }
        }

        /// All parameters, in the order of the rules.
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
                source: $source,
                get: |parameters| parameters.$key,
                set: |parameters, value| parameters.$key = value,
            },)*
        ];
    };
}

parameters! {
    grievance_speed "α" "share per month" [0, 1] Some((0.05, 0.4)), 0.15, "R1", "share of the distance to its target that grievance covers in a month", Fitted "docs/model.md, section 7.2; fitted, jointly with the other fitted parameters, to K1 to K7";
    grievance_base "g0" "1" [-1, 1] Some((0.0, 0.25)), 0.167, "R1", "grievance of a person whom nothing else affects", Fitted "docs/model.md, section 7.2; fitted, jointly with the other fitted parameters, to K1 to K7";
    hardship_weight "w_h" "1" [0, 3] Some((0.15, 0.5)), 0.489, "R1", "grievance from a full fall of living standards", Fitted "docs/model.md, section 7.2; fitted, jointly with the other fitted parameters, to K1 to K7";
    deprivation_weight "w_rd" "1" [0, 5] Some((0.4, 1.4)), 0.9, "R1", "grievance of a full egalitarian from relative deprivation", Fitted "docs/model.md, section 7.2; fitted, jointly with the other fitted parameters, to K1 to K7";
    norm_pressure_weight "w_s" "1" [0, 2] Some((0.05, 0.4)), 0.15, "R1", "workers' grievance from norm pressure under full Stakhanovism", Judged "docs/model.md, section 7.2; judgement";
    union_voice_weight "w_u" "1" [0, 3] Some((0.1, 0.8)), 0.3, "R1", "grievance taken away by a union of full capacity", Judged "docs/model.md, section 7.2; judgement";
    catharsis_weight "w_c" "1" [0, 20] Some((0.0, 4.0)), 1.5, "R1", "grievance of a full egalitarian taken away per unit of visible punishment of the elite", Judged "docs/model.md, section 7.2; judgement";
    trial_catharsis "k_tr" "1" [0, 1] Some((0.0, 0.03)), 0.01, "R7", "catharsis from the strongest show-trial pulse of the month", Judged "docs/model.md, section 7.8; judgement";
    tunnel_weight "w_m" "1" [0, 1] Some((0.0, 0.15)), 0.05, "R1", "grievance taken away by the rise of one's own origin group (tunnel effect)", Judged "docs/model.md, section 7.2; judgement";
    resentment_weight "w_o" "1" [0, 2] Some((0.0, 0.2)), 0.08, "R1", "grievance of the ambitious when another origin group rises faster", Judged "docs/model.md, section 7.2; judgement";
    rank_gap_weight "ψ" "1" [0, 5] Some((0.1, 0.8)), 0.5, "R1", "deprivation by visible rank beside deprivation by pay", Judged "docs/model.md, section 7.2; judgement";
    siege_discount "s_v" "1" [0, 1] Some((0.0, 0.7)), 0.3, "R1", "share of deprivation that full vigilance makes people accept", Judged "docs/model.md, section 7.2; judgement";
    deprivation_scale "ζ" "1" [0, 50] Some((2.0, 6.0)), 4.0, "R1", "scale of relative deprivation", Judged "docs/model.md, section 7.2; judgement";
    pay_foreman "v_1" "workers' wages" [0, 50] Some((0.1, 0.6)), 0.3, "R1", "extra pay of a foreman over a worker at full wage spread", Judged "docs/model.md, section 7.2; judgement (compare the series staff_pay_to_worker_pay)";
    pay_middle "v_2" "workers' wages" [0, 50] Some((0.6, 1.8)), 1.2, "R1", "extra pay of the middle rank over a worker at full wage spread", Judged "docs/model.md, section 7.2; judgement (compare the series staff_pay_to_worker_pay)";
    pay_director "v_3" "workers' wages" [0, 50] Some((1.3, 3.9)), 2.6, "R1", "extra pay of a director over a worker at full wage spread", Judged "docs/model.md, section 7.2; judgement (compare the series staff_pay_to_worker_pay)";
    deprivation_floor "n_0" "1" [0, 1] Some((0.2, 0.8)), 0.5, "R1", "share of deprivation that is felt without any egalitarian discourse", Judged "docs/model.md, section 7.2; judgement";
    shock_deprivation "ζ_h" "1" [0, 20] Some((0.05, 0.5)), 0.2, "R1", "shock workers' pay in the deprivation of other workers, relative to that by rank", Judged "docs/model.md, section 7.2; judgement";
    usual_mobility "mob0" "per head and year" [0.0001, 10] None, 0.05, "R1", "unit of the rise of an origin group; also its value in January 1928", Scale "docs/model.md, sections 2.4 and 7.2; unit of measurement inside the rule, not to be varied";
    mobility_ceiling "M_max" "1" [0, 100] Some((1.0, 4.0)), 2.0, "R1", "largest rise of a group that people still notice, in units of the usual", Judged "docs/model.md, section 7.2; judgement";
    grievance_at_entry "g_in" "1" [0, 1] Some((0.1, 0.6)), 0.35, "R1", "grievance of everybody at the start, and of every newcomer to industry", Judged "docs/model.md, section 5.2; judgement";
    norm_drift "κ_n" "share per month" [0, 1] Some((0.0, 0.02)), 0.005, "R2", "share of the distance to the official egalitarian norm that people cover in a month", Judged "docs/model.md, section 7.3; judgement";
    shirking_intercept "b0" "logit" [-20, 20] Some((-2.6, -0.8)), -1.783, "R3", "logit of shirking without grievance, novelty or sanction", Fitted "docs/model.md, section 7.4; fitted, jointly with the other fitted parameters, to K1 to K7";
    shirking_grievance "b1" "logit" [-20, 20] Some((0.8, 3.6)), 1.0, "R3", "effect of full grievance on shirking", Fitted "docs/model.md, section 7.4; fitted, jointly with the other fitted parameters, to K1 to K7";
    shirking_newcomer "b2" "logit" [-20, 20] Some((0.4, 2.2)), 1.172, "R3", "effect of being wholly new to industry on shirking", Fitted "docs/model.md, section 7.4; fitted, jointly with the other fitted parameters, to K1 to K7";
    shirking_sanction "c_s" "logit" [0, 50] Some((2.0, 5.0)), 4.0, "R3", "deterrence by full authority, implementation and penalty", Fitted "docs/model.md, section 7.4; fitted, jointly with the other fitted parameters, to K1 to K7";
    scarcity_softening "c_t" "1" [0, 1] Some((0.1, 0.7)), 0.35, "R3", "share of deterrence lost where labour is wholly scarce", Judged "docs/model.md, section 7.4; judgement";
    union_fairness "b_f" "logit" [0, 20] Some((0.2, 1.0)), 0.5, "R3", "effect of a union of full capacity on shirking", Judged "docs/model.md, section 7.4; judgement";
    acculturation_months "τ" "months" [0.1, 600] Some((12.0, 48.0)), 24.0, "R3", "time in which a newcomer becomes an industrial worker", Judged "docs/model.md, section 7.4; judgement";
    quit_base "q0" "per month" [0, 1] Some((0.025, 0.06)), 0.049, "R4", "monthly probability of quitting without grievance, novelty or scarcity", Fitted "docs/model.md, section 7.5; fitted, jointly with the other fitted parameters, to K1 to K7";
    quit_grievance "q1" "1" [0, 20] Some((0.1, 3.0)), 0.937, "R4", "effect of grievance times scarcity on quitting", Fitted "docs/model.md, section 7.5; fitted, jointly with the other fitted parameters, to K1 to K7";
    quit_newcomer "q2" "1" [0, 20] Some((0.2, 2.0)), 0.646, "R4", "effect of being wholly new to industry on quitting", Fitted "docs/model.md, section 7.5; fitted, jointly with the other fitted parameters, to K1 to K7";
    quit_penalty "q3" "1" [0, 1] Some((0.1, 0.7)), 0.324, "R4", "share of quitting that full penalty prevents, before the laws of 1938-40", Fitted "docs/model.md, section 7.5; fitted, jointly with the other fitted parameters, to K1 to K7";
    quit_law_penalty "q3b" "1" [0, 1] Some((0.4, 0.9)), 0.75, "R4", "share of quitting that full penalty prevents under the law of June 1940", Fitted "docs/model.md, section 7.5; fitted, jointly with the other fitted parameters, to K1 to K7";
    quit_scarcity "q4" "1" [0, 20] Some((0.3, 2.5)), 0.773, "R4", "effect of scarcity of labour on quitting", Fitted "docs/model.md, section 7.5; fitted, jointly with the other fitted parameters, to K1 to K7";
    leaving_industry "x_out" "probability" [0, 1] Some((0.03, 0.12)), 0.057, "R4", "probability that one who quits or is dismissed leaves industry", Fitted "docs/model.md, section 7.5; fitted, jointly with the other fitted parameters, to K1 to K7";
    tenure_kept "t_mv" "1" [0, 1] Some((0.8, 1.0)), 0.92, "R9", "share of experience that a mover keeps", Fitted "docs/model.md, section 7.10; fitted, jointly with the other fitted parameters, to K1 to K7";
    hiring_share "hirefrac" "share per month" [0, 1] Some((0.3, 0.8)), 0.5, "R9", "share of workers' vacancies filled by hiring in a month", Judged "docs/model.md, section 7.10; judgement";
    vacancy_reference "vac_ref" "1" [0.0001, 1] Some((0.05, 0.1)), 0.068, "R9", "share of vacancies at which labour counts as wholly scarce", Fitted "docs/model.md, section 7.10; fitted, jointly with the other fitted parameters, to K1 to K7";
    scarcity_slack "i_t" "1" [0, 1] Some((0.2, 0.6)), 0.4, "implementation", "enforcement that managers drop where labour is wholly scarce", Judged "docs/model.md, section 7.1; judgement";
    accusation_slack "i_a" "1" [0, 1] Some((0.0, 0.6)), 0.3, "implementation", "enforcement that managers drop when they are much accused", Judged "docs/model.md, section 7.1; judgement";
    accusation_pressure "k_ba" "1" [0, 100] Some((3.0, 12.0)), 6.0, "implementation", "how fast accusations per boss fill the slack of managers who are much accused", Judged "docs/model.md, section 7.1; judgement";
    implementation_floor "i_min" "1" [0, 1] Some((0.0, 0.8)), 0.2, "implementation", "least share of the rules that is enforced", Judged "docs/model.md, section 7.1; judgement";
    absence_days "f_abs" "days" [0, 31] Some((0.8, 2.2)), 1.8, "R3", "days of absence in a month of shirking", Fitted "docs/model.md, section 7.4; fitted, jointly with the other fitted parameters, to K1 to K7";
    record_suppression "k_r" "1" [0, 100] Some((4.0, 9.0)), 8.715, "R3", "how strongly slack managers stop recording once a record costs the worker the job", Fitted "docs/model.md, section 7.4; fitted, jointly with the other fitted parameters, to K1 to K7";
    deterrence_floor "d_0" "1" [0, 1] Some((0.1, 0.5)), 0.25, "R3", "share of deterrence that is left without any penalty", Judged "docs/model.md, section 7.4; judgement";
    recording_floor "rec_0" "1" [0, 1] Some((0.01, 0.15)), 0.05, "R3", "least share of absences that is recorded", Judged "docs/model.md, section 7.4; judgement";
    accusation_scale "λ0" "per month" [0, 1] Some((0.001, 0.01)), 0.0035, "R5", "scale of the hazard of accusing; rests on no published figure", Judged "docs/model.md, section 7.6; judgement";
    criticism_slope "k_l" "1" [0, 20] Some((1.0, 5.0)), 3.0, "R5", "log-slope of accusations upwards in the licence to criticise", Judged "docs/model.md, section 7.6; judgement";
    criticism_sideways "k_h" "1" [0, 1] Some((0.0, 1.0)), 0.5, "R5", "the same slope sideways and downwards, relative to upwards", Judged "docs/model.md, section 7.6; judgement";
    image_floor "img0" "1" [0, 10] Some((0.1, 0.6)), 0.3, "R5", "weight of a target whom no official image names", Judged "docs/model.md, section 7.6; judgement";
    image_weight "k_img" "1" [0, 10] Some((0.3, 2.0)), 1.0, "R5", "weight of the official image of the enemy", Judged "docs/model.md, section 7.6; judgement";
    gap_blame "k_gap" "1" [0, 10] Some((0.0, 2.0)), 1.0, "R5", "blame of the elite for a plan gap", Judged "docs/model.md, section 7.6; judgement";
    motive_principle "μ_p" "1" [0, 50] Some((0.0, 4.0)), 2.2, "R5", "strength of the motive of principle", Judged "docs/model.md, section 7.6; judgement";
    motive_temperament "μ_t" "1" [0, 50] Some((0.0, 2.5)), 1.2, "R5", "strength of the motive of temperament", Judged "docs/model.md, section 7.6; judgement";
    motive_rivalry "μ_c" "1" [0, 50] Some((0.0, 4.0)), 2.0, "R5", "strength of the motive of rivalry", Judged "docs/model.md, section 7.6; judgement";
    motive_fear "μ_f" "1" [0, 50] Some((0.0, 2.0)), 0.8, "R5", "strength of the motive of fear", Judged "docs/model.md, section 7.6; judgement";
    openings_aspiration "a_o" "1" [0, 20] Some((0.0, 2.0)), 0.5, "R5", "how far openings arouse aspiration", Judged "docs/model.md, section 7.6; judgement";
    authority_deterrence "c_a" "1" [0, 20] Some((0.3, 1.5)), 0.9, "R5", "how far authority deters accusing upwards", Judged "docs/model.md, section 7.6; judgement";
    union_substitution "c_u" "1" [0, 20] Some((0.2, 1.5)), 0.9, "R5", "how far the union's voice takes the place of accusing", Judged "docs/model.md, section 7.6; judgement";
    clique_loyalty "c_k" "1" [0, 20] Some((0.0, 1.0)), 0.4, "R5", "how far party people in the elite spare each other", Judged "docs/model.md, section 7.6; judgement";
    moral_exposure "η" "1" [0, 50] Some((0.0, 3.0)), 1.2, "R5", "exposure of the newly risen and the ambitious under egalitarian norms", Judged "docs/model.md, section 7.6; judgement";
    suspicion_forgetting "δ" "share per month" [0, 1] Some((0.05, 0.3)), 0.12, "R5", "share of suspicion forgotten in a month", Judged "docs/model.md, section 7.6; judgement";
    competition_reference "κ_ref" "1" [0.0001, 10] None, 0.3, "R5", "unit of competition for posts", Scale "docs/model.md, section 7.6; unit of measurement inside the rule, not to be varied";
    punished_reference "p_ref" "1" [0.0001, 1] None, 0.14, "R5", "unit of the perceived share of the accused who are punished", Scale "docs/model.md, section 7.6; unit of measurement inside the rule, not to be varied";
    denouncer_reference "h_ref" "1" [0.0001, 1] None, 0.02, "R5", "unit of the share of denouncers among one's fellows", Scale "docs/model.md, section 7.6; unit of measurement inside the rule, not to be varied";
    meeting_superior "p_sup" "probability" [0, 1] Some((0.2, 0.5)), 0.35, "R5", "probability that the acquaintance of the month is a superior", Judged "docs/model.md, section 7.6; judgement";
    meeting_brigade "p_bri" "probability" [0, 1] Some((0.2, 0.5)), 0.35, "R5", "probability that the acquaintance of the month belongs to the same brigade", Judged "docs/model.md, section 7.6; judgement";
    meeting_rival "p_riv" "probability" [0, 1] Some((0.05, 0.2)), 0.15, "R5", "probability that the acquaintance of the month is a rival", Judged "docs/model.md, section 7.6; judgement";
    superior_first "l_1" "probability" [0, 1] Some((0.3, 0.7)), 0.5, "R5", "probability that a superior stands one rank higher", Judged "docs/model.md, section 7.6; judgement";
    superior_second "l_2" "probability" [0, 1] Some((0.1, 0.5)), 0.3, "R5", "probability that a superior stands two ranks higher; the rest stand three higher", Judged "docs/model.md, section 7.6; judgement";
    temperament_floor "t_0" "1" [0, 10] Some((0.1, 0.8)), 0.4, "R5", "strength of temperament without a grievance", Judged "docs/model.md, section 7.6; judgement";
    temperament_grudge "t_g" "1" [1, 50] Some((1.0, 4.0)), 2.0, "R5", "what a grudge multiplies temperament by, except downwards", Judged "docs/model.md, section 7.6; judgement";
    eligible_ability "c_el" "1" [0, 1] Some((0.3, 0.6)), 0.45, "R5", "ability above which a worker outside the party and without training may hope for a post", Judged "docs/model.md, section 7.6; judgement";
    shock_distance "d_h" "1" [0, 10] Some((0.0, 1.0)), 0.5, "R5", "how far above other workers a shock worker stands, in the units of distance between ranks", Judged "docs/model.md, section 7.6; judgement";
    rivalry_sideways "ρ_s" "1" [0, 1] Some((0.2, 0.8)), 0.5, "R5", "strength of rivalry with an equal, relative to that with the rank above", Judged "docs/model.md, section 7.6; judgement";
    fear_without_denouncers "μ_f0" "1" [0, 10] Some((0.2, 1.0)), 0.5, "R5", "strength of the motive of fear without denouncers, relative to what their reference share adds", Judged "docs/model.md, section 7.6; judgement";
    criticism_neutral "c_lic" "1" [0, 1] Some((0.3, 0.7)), 0.5, "R5", "licence to criticise at which accusations upwards and sideways are equally easy", Judged "docs/model.md, section 7.6; judgement";
    exposure_months "τ_x" "months" [0.1, 600] Some((6.0, 24.0)), 12.0, "R5", "time in which the exposure of the newly risen fades", Judged "docs/model.md, section 7.6; judgement";
    exposure_ambition "x_a" "1" [0, 10] Some((0.0, 1.0)), 0.5, "R5", "exposure of the fully ambitious, relative to that of the newly risen", Judged "docs/model.md, section 7.6; judgement";
    exposure_vigilance "x_v" "1" [0, 10] Some((0.0, 1.0)), 0.5, "R5", "rise of exposure under full vigilance", Judged "docs/model.md, section 7.6; judgement";
    class_war_specialist "a_spec" "1" [0, 10] Some((0.0, 1.0)), 0.2 / 0.7, "R5", "hostility to new specialists when it is coded by class; that to former people is 1", Judged "docs/model.md, section 7.6; judgement";
    class_war_manager "a_man" "1" [0, 10] Some((0.0, 1.0)), 0.1 / 0.7, "R5", "hostility to managers when it is coded by class; that to former people is 1", Judged "docs/model.md, section 7.6; judgement";
    vigilance_former "b_form" "1" [0, 10] Some((0.0, 1.0)), 0.1 / 0.35, "R5", "hostility to former people when enemies may be anywhere; that to officials is 1", Judged "docs/model.md, section 7.6; judgement";
    vigilance_specialist "b_spec" "1" [0, 10] Some((0.0, 1.0)), 0.15 / 0.35, "R5", "hostility to new specialists when enemies may be anywhere; that to officials is 1", Judged "docs/model.md, section 7.6; judgement";
    vigilance_manager "b_man" "1" [0, 10] Some((0.5, 1.5)), 1.0, "R5", "hostility to managers when enemies may be anywhere; that to officials is 1", Judged "docs/model.md, section 7.6; judgement";
    vigilance_worker "b_work" "1" [0, 10] Some((0.0, 1.0)), 0.05 / 0.35, "R5", "hostility to workers when enemies may be anywhere; that to officials is 1", Judged "docs/model.md, section 7.6; judgement";
    trial_memory "π_tr" "share per month" [0, 1] Some((0.7, 0.95)), 0.846_481_724_890_614_1, "R5", "share of the echo of a show trial that lasts a month", Judged "docs/model.md, section 3; judgement";
    shock_share "H_0" "1" [0, 1] Some((0.1, 0.5)), 0.30, "R5", "share of workers who are shock workers at full Stakhanovism", Judged "docs/model.md, section 2.3; judgement";
    sanction_base "p0" "probability" [0, 1] Some((0.15, 0.25)), 0.178, "R6a", "sanction per accusation, before licence and patronage", Fitted "docs/model.md, section 7.7; fitted, jointly with the other fitted parameters, to K1 to K7";
    patronage "prot" "1" [0, 1] Some((0.0, 0.7)), 0.4, "R6a", "share of sanctions that patronage averts for party people in the elite", Judged "docs/model.md, section 7.7; judgement";
    sanction_floor "p_c" "1" [0, 1] Some((0.2, 0.8)), 0.4, "R6a", "share of sanctions that is left without licence to criticise", Judged "docs/model.md, section 7.7; judgement";
    arrest_plan "q0rep" "per person and month" [0, 0.1] Some((0.0006, 0.003)), 0.0012, "R6b", "planned arrests at full repression", Judged "docs/model.md, section 7.7; judgement";
    evidence_threshold "s*" "1" [-10, 20] Some((0.5, 2.0)), 0.9, "R6b", "case against a person that always leads to arrest", Judged "docs/model.md, section 7.7; judgement";
    selection_noise "ε" "1" [0, 20] Some((0.2, 1.0)), 0.5, "R6b", "noise in the choice of whom to arrest", Judged "docs/model.md, section 7.7; judgement";
    case_image "ca_m" "1" [0, 10] Some((0.0, 1.0)), 0.5, "R6b", "how far the official image of the target strengthens the case made by suspicion", Judged "docs/model.md, section 7.7; judgement";
    case_elite "ca_e" "1" [0, 20] Some((0.0, 0.6)), 0.3, "R6b", "case against the elite under full repression and vigilance", Judged "docs/model.md, section 7.7; judgement";
    case_former "ca_f" "1" [0, 20] Some((0.0, 0.7)), 0.35, "R6b", "case against former people under full class war", Judged "docs/model.md, section 7.7; judgement";
    case_blemish "ca_b" "1" [0, 20] Some((0.0, 0.6)), 0.3, "R6b", "case made by a blemish", Judged "docs/model.md, section 7.7; judgement";
    weak_case_base "wk_0" "probability" [0, 1] Some((0.25, 0.75)), 0.5, "R6b", "probability of arrest on a weak case without repression", Judged "docs/model.md, section 7.7; judgement";
    weak_case_repression "wk_1" "1" [0, 10] Some((0.2, 1.0)), 0.6, "R6b", "rise of that probability at full repression", Judged "docs/model.md, section 7.7; judgement";
    quota_ratchet "φ" "per month" [0, 1] Some((0.0, 0.12)), 0.05, "R7", "growth of a region's quota once it is nearly fulfilled", Judged "docs/model.md, section 7.8; judgement";
    quota_ceiling "q_max" "1" [1, 50] Some((1.0, 5.0)), 3.0, "R7", "largest multiple of the plan that a region may claim", Judged "docs/model.md, section 7.8; judgement";
    fear_of_arrests "f1" "1" [0, 1000] Some((5.0, 40.0)), 20.0, "R7", "fear per arrested share of one's stratum in the enterprise", Judged "docs/model.md, section 7.8; judgement";
    fear_of_suspicion "f2" "1" [0, 1] Some((0.0, 0.4)), 0.1, "R7", "fear of the suspected under full vigilance", Judged "docs/model.md, section 7.8; judgement";
    fear_memory "f_dec" "share per month" [0, 1] Some((0.8, 0.97)), 0.9, "R7", "share of fear that lasts a month", Judged "docs/model.md, section 7.8; judgement";
    authority_speed "μ_A" "share per month" [0, 1] Some((0.02, 0.15)), 0.06, "R7", "share of the distance to its backing that authority covers in a month", Fitted "docs/model.md, section 7.8; fitted, jointly with the other fitted parameters, to K1 to K7";
    authority_loss_accusation "ν" "1" [0, 20] Some((0.0, 1.0)), 0.5, "R7", "share of authority lost per accusation per boss", Judged "docs/model.md, section 7.8; judgement";
    authority_loss_removal "ξ" "1" [0, 20] Some((0.0, 2.0)), 1.0, "R7", "share of authority lost per removed share of bosses", Judged "docs/model.md, section 7.8; judgement";
    union_decay "u_dn" "share per month" [0, 1] Some((1.0 / 12.0, 1.0 / 3.0)), 1.0 / 6.0, "R7", "speed at which union capacity decays", Judged "docs/model.md, section 7.8; judgement";
    union_rebuilding "u_up" "share per month" [0, 1] Some((1.0 / 96.0, 1.0 / 24.0)), 1.0 / 48.0, "R7", "speed at which union capacity is rebuilt", Judged "docs/model.md, section 7.8; judgement";
    authority_floor "A_min" "1" [0, 1] Some((0.0, 0.3)), 0.02, "R7", "least authority of managers", Judged "docs/model.md, sections 2.4 and 7.8; judgement";
    catharsis_memory "K_mem" "share per month" [0, 1] Some((0.6, 0.95)), 0.8, "R7", "share of catharsis that lasts a month", Judged "docs/model.md, section 7.8; judgement";
    catharsis_gain "K_gain" "1" [0, 100] None, 0.6, "R7", "unit of catharsis: what the fall of the whole elite of a plant would add", Scale "docs/model.md, section 7.8; unit of measurement inside the rule, not to be varied";
    catharsis_ceiling "K_sat" "1" [0, 1] Some((0.2, 0.8)), 0.5, "R7", "share of the elite of a plant beyond which more falls add no catharsis in a month", Judged "docs/model.md, section 7.8; judgement";
    suspicion_threshold "su_0" "1" [0, 100] Some((0.2, 1.0)), 0.5, "R7", "suspicion above which people are afraid for themselves, and above which punishing them shows that accusing works", Judged "docs/model.md, section 7.8; judgement";
    accused_speed "λ_ba" "share per month" [0, 1] Some((0.1, 0.6)), 0.3, "R7", "weight of the month in the smoothed accusations of bosses", Judged "docs/model.md, section 7.8; judgement";
    denouncer_speed "λ_h" "share per month" [0, 1] Some((0.1, 0.6)), 0.33, "R7", "weight of the month in the smoothed share of denouncers", Judged "docs/model.md, section 7.8; judgement";
    punishment_memory "m_R" "share per month" [0, 1] Some((0.7, 0.97)), 0.9, "R7", "share of what a region remembers of accusations and punishments that lasts a month", Judged "docs/model.md, section 7.8; judgement";
    perception_accusations "acc_0" "accused" [0.01, 1000] Some((2.0, 15.0)), 5.0, "R7", "accused people that the belief in punishment weighs as much as without any experience; also the start of what a region remembers", Judged "docs/model.md, sections 2.4, 5.1 and 7.8; judgement";
    perception_punished "san_0" "punished" [0, 1000] Some((0.3, 2.0)), 0.7, "R7", "punished people that the same belief begins with; also the start of what a region remembers. By default as many as give the share punished_reference", Judged "docs/model.md, sections 2.4, 5.1 and 7.8; judgement";
    perception_floor "ph_lo" "1" [0, 0.1] Some((0.0, 0.1)), 0.02, "R7", "least perceived share of the accused who are punished", Judged "docs/model.md, sections 2.4 and 7.8; judgement";
    perception_ceiling "ph_hi" "1" [0.1, 1] Some((0.1, 0.9)), 0.6, "R7", "largest perceived share of the accused who are punished", Judged "docs/model.md, sections 2.4 and 7.8; judgement";
    attack_speed "λ_att" "share per month" [0, 1] Some((0.05, 0.4)), 0.15, "R7", "weight of the month in the smoothed attack upon a region's officials", Judged "docs/model.md, section 7.8; judgement";
    attack_scale "k_att" "per official removed" [0, 100] Some((0.1, 2.0)), 1.5, "R7", "attack upon the officials of a region for each of them who is arrested or demoted in a month", Judged "docs/model.md, section 7.8; judgement";
    ratchet_repression "rep_0" "1" [0, 1] Some((0.1, 0.3)), 0.2, "R7", "repression above which regions may raise their quotas", Judged "docs/model.md, section 7.8; judgement";
    ratchet_fulfilment "q_ful" "1" [0, 10] Some((0.5, 1.0)), 0.8, "R7", "share of the arrests due whose fulfilment lets a region raise its quota", Judged "docs/model.md, section 7.8; judgement";
    ratchet_without_fear "q_fear" "1" [0, 10] Some((0.0, 1.0)), 0.5, "R7", "growth of quotas where regional officials are not afraid, relative to full fear", Judged "docs/model.md, section 7.8; judgement";
    quota_memory "q_mem" "share per month" [0, 1] Some((0.4, 0.95)), 0.7, "R7", "share of the excess over the plan that a quota keeps for a month once repression is low", Judged "docs/model.md, section 7.8; judgement";
    promotion_ability "w_comp" "score" [-10, 10] Some((0.45, 1.35)), 0.9, "R8", "ability in the score for promotion", Judged "docs/model.md, section 7.9; judgement";
    promotion_loyalty "w_loy" "score" [-10, 10] Some((0.225, 0.675)), 0.45, "R8", "a party card in the score for promotion", Judged "docs/model.md, section 7.9; judgement";
    promotion_origin "w_or" "score" [-10, 10] Some((0.3, 0.9)), 0.6, "R8", "worker origin in the score for promotion, at full preference", Judged "docs/model.md, section 7.9; judgement";
    promotion_ambition "w_amb" "score" [-10, 10] Some((0.125, 0.375)), 0.25, "R8", "ambition in the score for promotion", Judged "docs/model.md, section 7.9; judgement";
    promotion_suspicion "w_su" "score" [-10, 10] Some((0.175, 0.525)), 0.35, "R8", "suspicion against the candidate in the score for promotion", Judged "docs/model.md, section 7.9; judgement";
    promotion_former "w_fo" "score" [-10, 10] Some((0.2, 0.6)), 0.4, "R8", "belonging to the former people in the score, at full class war", Judged "docs/model.md, section 7.9; judgement";
    ability_carried "r_P" "1" [0, 1] Some((0.0, 1.0)), 0.3, "R8", "share of ability that carries over to the new rank", Judged "docs/model.md, section 7.9; judgement";
    post_filling "fillfrac" "share per month" [0, 1] Some((0.15, 0.7)), 0.35, "R8", "share of vacant posts filled in a month", Judged "docs/model.md, section 7.9; judgement";
    natural_exit "att" "per month" [0, 1] Some((0.00175, 0.00525)), 0.0035, "R6c", "probability of death, retirement or departure", Judged "docs/model.md, section 7.7; judgement";
    natural_exit_elite "att_e" "per month" [0, 1] Some((0.003, 0.009)), 0.006, "R6c", "the same, in addition, for the elite", Judged "docs/model.md, section 7.7; judgement";
    workforce_growth "g_w" "log per year" [0, 2] None, 0.26, "R8", "growth of workers at full lever", Data "docs/model.md, section 7.9; largest yearly growth of the series industrial_workers, that of 1930; series in scenarios/reference/series.csv";
    post_deepening "g_x" "log per year" [0, 2] None, 0.153, "R8", "growth of posts beyond that of workers at full lever", Data "docs/model.md, section 7.9; growth of the series engineering_technical_staff over industrial_workers, 1928 to 1932; series in scenarios/reference/series.csv";
    foreman_deepening "g_f" "1" [0, 1] Some((0.0, 1.0)), 0.5, "R8", "growth of posts of foremen beyond that of workers, relative to that of the posts above", Judged "docs/model.md, section 7.9; judgement";
    office_growth "g_o" "1" [0, 1] Some((0.0, 1.0)), 0.3, "R8", "growth of regional posts, relative to that of posts in plants", Judged "docs/model.md, section 7.9; judgement";
    promotion_noise "ε_P" "score" [0, 3] Some((0.1, 0.6)), 0.3, "R8", "noise in the choice for promotion", Judged "docs/model.md, section 7.9; judgement";
    promotion_training "w_tr" "score" [-10, 10] Some((0.1, 0.5)), 0.25, "R8", "training in the score for posts of rank 2", Judged "docs/model.md, section 7.9; judgement";
    promotion_vigilance "w_vg" "1" [0, 1] Some((0.0, 1.0)), 0.5, "R8", "share of the weight of ability that full vigilance takes away", Judged "docs/model.md, section 7.9; judgement";
    promotion_peasant "w_pe" "1" [0, 1] Some((0.0, 1.0)), 0.5, "R8", "peasant origin in the score for promotion, relative to worker origin", Judged "docs/model.md, section 7.9; judgement";
    new_ability "c_new" "1" [0, 1] Some((0.3, 0.5)), 0.40, "R8", "mean ability in a new rank, before rank and training", Judged "docs/model.md, section 7.9; judgement";
    new_ability_rank "c_rank" "per rank" [0, 0.25] Some((0.0, 0.08)), 0.04, "R8", "rise of that mean with each rank", Judged "docs/model.md, section 7.9; judgement";
    new_ability_spread "c_sd" "1" [0, 1] Some((0.08, 0.22)), 0.15, "R8", "spread of ability in a new rank", Judged "docs/model.md, section 7.9; judgement";
    new_ability_training "c_tr" "1" [0, 1] Some((0.0, 0.3)), 0.15, "R8", "what training adds to ability in a new rank", Judged "docs/model.md, section 7.9; judgement";
    role_party "r_par" "probability" [0, 1] Some((0.05, 0.2)), 0.1, "R8", "share of party people who become party officials on entering the elite; at the start as well", Judged "docs/model.md, sections 5.2 and 7.9; judgement";
    role_union "r_uni" "probability" [0, 1] Some((0.05, 0.2)), 0.1, "R8", "share of party people who become union officials on entering the elite; at the start as well", Judged "docs/model.md, sections 5.2 and 7.9; judgement";
    manager_untrained "r_man" "probability" [0, 1] Some((0.5, 0.9)), 0.7, "R8", "draw below which an untrained newcomer to the elite becomes a manager and no specialist", Judged "docs/model.md, section 7.9; judgement";
    manager_trained "r_eng" "probability" [0, 1] Some((0.2, 0.6)), 0.4, "R8", "the same of a trained newcomer", Judged "docs/model.md, section 7.9; judgement";
    regional_party "r_rp" "probability" [0, 1] Some((0.4, 0.8)), 0.6, "R8", "share of regional officials who are party officials", Judged "docs/model.md, sections 5.2 and 7.9; judgement";
    regional_union "r_ru" "probability" [0, 1] Some((0.1, 0.3)), 0.2, "R8", "share of regional officials who are union officials; the rest are managers", Judged "docs/model.md, sections 5.2 and 7.9; judgement";
    openness_speed "λ_op" "share per month" [0, 1] Some((0.05, 0.3)), 0.16, "R8", "weight of the month in the smoothed openings", Judged "docs/model.md, section 7.9; judgement";
    school_places "s0" "per elite person and month" [0, 1] Some((0.005, 0.02)), 0.01, "R9", "places in technical schools at full lever", Judged "docs/model.md, section 7.10; judgement";
    school_worker_share "b_sch" "1" [0, 1] None, 0.42, "R9", "workers' share of school places without preference", Data "docs/model.md, section 7.10; series workers_among_entrants before 1928; series in scenarios/reference/series.csv";
    school_preference "om_o" "odds" [0, 100] None, 3.5, "R9", "rise of the workers' odds of a school place at full preference", Data "docs/model.md, section 7.10; rise of the series workers_among_entrants from 1927 to 1929; series in scenarios/reference/series.csv";
    hires_peasant "π_r" "1" [0, 1] Some((0.6, 0.85)), 0.7, "R9", "share of peasants among new hires", Judged "docs/model.md, section 7.10; judgement";
    hires_former "π_f" "1" [0, 1] Some((0.0, 0.08)), 0.03, "R9", "share of former people among new hires", Judged "docs/model.md, section 7.10; judgement";
    recruitment_rate "rec0" "per year" [0, 12] None, 0.09, "R9", "entry to the party at full lever", Data "docs/model.md, section 7.10; growth of the series party_membership, 1928 to 1933; series in scenarios/reference/series.csv";
    tightness_speed "λ_t" "share per month" [0, 1] Some((0.1, 0.5)), 0.2, "R9", "weight of the month in the smoothed scarcity of labour", Judged "docs/model.md, section 7.10; judgement";
    school_tenure "τ_ten" "months" [0, 600] Some((6.0, 24.0)), 12.0, "R9", "months of experience without which no worker is sent to school", Judged "docs/model.md, section 7.10; judgement";
    school_ambition "sc_amb" "score" [0, 20] Some((1.0, 3.0)), 2.0, "R9", "ambition in the score for a place at school", Judged "docs/model.md, section 7.10; judgement";
    school_loyalty "sc_loy" "score" [0, 20] Some((0.0, 1.0)), 0.5, "R9", "a party card in the score for a place at school", Judged "docs/model.md, section 7.10; judgement";
    school_merit "sc_comp" "score" [0, 20] Some((0.5, 2.0)), 1.0, "R9", "ability in the score for a place at school", Judged "docs/model.md, section 7.10; judgement";
    school_ability "c_sch" "1" [0, 1] Some((0.1, 0.4)), 0.25, "R9", "what school adds to ability", Judged "docs/model.md, section 7.10; judgement";
    graduate_since "since_g" "whole months" [0, 255] Some((0.0, 24.0)), 12.0, "R9", "months in rank with which graduates begin", Judged "docs/model.md, sections 5.2 and 7.10; judgement";
    graduate_tenure "ten_g" "months" [0, 500] Some((0.0, 24.0)), 6.0, "R9", "experience with which graduates from outside begin", Judged "docs/model.md, section 5.2; judgement";
    recruitment_ambition "j_a" "log" [0, 2] Some((0.0, 1.6)), 0.8, "R9", "weight of ambition in joining the party", Judged "docs/model.md, section 7.10; judgement";
    recruitment_rank "j_r" "log" [0, 1] Some((0.0, 1.0)), 0.5, "R9", "weight of each rank up to the middle one in joining the party", Judged "docs/model.md, section 7.10; judgement";
    recruitment_shock "j_h" "log" [0, 2] Some((0.0, 1.6)), 0.8, "R9", "weight of being a shock worker in joining the party", Judged "docs/model.md, section 7.10; judgement";
    recruitment_former "j_f" "log" [0, 3] Some((0.0, 2.0)), 1.0, "R9", "weight of belonging to the former people (to be subtracted) in joining the party", Judged "docs/model.md, section 7.10; judgement";
    recruitment_origin "j_o" "log" [0, 2] Some((0.0, 1.2)), 0.6, "R9", "weight of worker origin in joining the party, at full preference", Judged "docs/model.md, section 7.10; judgement";
    recruitment_suspicion "j_s" "log per accusation" [0, 1] Some((0.0, 1.0)), 0.5, "R9", "weight of suspicion in joining the party (to be subtracted)", Judged "docs/model.md, section 7.10; judgement";
    recruitment_suspicion_ceiling "j_max" "1" [0, 3] Some((1.0, 3.0)), 2.0, "R9", "suspicion beyond which more does not count in joining the party", Judged "docs/model.md, section 7.10; judgement";
    purge_rate "h_p" "per month" [0, 1] None, 0.02, "R6d", "expulsion from the party at full lever", Data "docs/model.md, section 7.7; order of size of the party's losses in 1933-34, of which no series is shipped";
    purge_recent_months "τ_rec" "whole months" [0, 600] Some((12.0, 48.0)), 24.0, "R6d", "months after joining in which a party member counts as a recent recruit", Judged "docs/model.md, section 7.7; judgement (pattern H11 is held out)";
    purge_recent "π_rec" "log" [0, 2] Some((0.0, 1.4)), 0.7, "R6d", "weight of recent recruits in the purge", Judged "docs/model.md, section 7.7; judgement";
    purge_suspicion "π_su" "log per accusation" [0, 0.8] Some((0.0, 0.8)), 0.5, "R6d", "weight of suspicion in the purge", Judged "docs/model.md, section 7.7; judgement";
    purge_blemish "π_bl" "log" [0, 0.9] Some((0.0, 0.8)), 0.4, "R6d", "weight of a blemish in the purge", Judged "docs/model.md, section 7.7; judgement";
    suspicion_ceiling "su_max" "1" [0, 5] Some((1.5, 5.0)), 3.0, "R6d", "suspicion beyond which more does not count, in purges, elections and promotions", Judged "docs/model.md, sections 7.7 and 7.9; judgement";
    purge_quiet "π_q" "1" [1, 10] Some((1.0, 3.0)), 1.8, "R6d", "hazard that a worker is expelled or leaves the party quietly, relative to expulsion alone", Judged "docs/model.md, section 7.7; judgement (pattern H11 is held out)";
    purge_demotion "π_dem" "probability" [0, 1] Some((0.2, 0.8)), 0.5, "R6d", "probability that an expelled boss is demoted as well", Judged "docs/model.md, section 7.7; judgement";
    expulsion_suspicion "su_x" "1" [0, 100] Some((0.0, 2.0)), 1.0, "R6d", "suspicion that expulsion from the party adds; an accusation adds 1", Judged "docs/model.md, section 7.7; judgement";
    election_intercept "e0" "logit" [-20, 20] Some((-2.0, 0.0)), -1.0, "R6e", "logit of losing an election without local grievance", Judged "docs/model.md, section 7.7; judgement";
    election_grievance "e1" "logit" [-20, 20] Some((0.0, 4.0)), 2.0, "R6e", "effect of the electors' grievance", Judged "docs/model.md, section 7.7; judgement";
    election_suspicion "e2" "logit" [-20, 20] Some((0.0, 1.0)), 0.4, "R6e", "effect of suspicion against the official", Judged "docs/model.md, section 7.7; judgement";
    election_upper "e3" "logit per rank" [-20, 20] Some((0.0, 1.5)), 0.8, "R6e", "effect of each rank above 2 when the upper levels are the target", Judged "docs/model.md, section 7.7; judgement";
    election_vigilance "v_el" "1" [0, 1] Some((0.4, 0.8)), 0.6, "R6e", "vigilance above which elections aim at the upper levels", Judged "docs/model.md, section 7.7; judgement";
    enemies_deflect "a_φ" "1" [0, 50] Some((0.3, 2.0)), 1.0, "blame", "how far official enemies turn grievance away from the regime", Judged "docs/model.md, section 7.8; judgement";
    sanctions_deflect "b_φ" "1" [0, 100] Some((0.0, 8.0)), 4.0, "blame", "how far visible punishment turns grievance away from the regime", Judged "docs/model.md, section 7.8; judgement";
    falsification "θ" "1" [0, 20] Some((0.5, 3.0)), 1.5, "falsification", "how strongly fear hides grievance", Judged "docs/model.md, section 7.8; judgement";
    unrest_threshold_low "th_lo" "1" [0, 1] Some((0.1, 0.4)), 0.2, "unrest", "lowest threshold of joining unrest", Judged "docs/model.md, section 7.8; judgement";
    unrest_threshold_spread "th_w" "1" [0, 1] Some((0.1, 0.6)), 0.35, "unrest", "spread of the thresholds", Judged "docs/model.md, section 7.8; judgement";
    unrest_fear "w_f" "1" [0, 20] Some((0.0, 1.0)), 0.5, "unrest", "how far fear deters from unrest", Judged "docs/model.md, section 7.8; judgement";
    output_shirking "lam_s" "1" [0, 1] Some((0.2, 0.8)), 0.5, "R11", "share of output lost by a worker who shirks", Judged "docs/model.md, section 7.12; judgement";
    output_competence "o1" "elasticity" [0, 5] Some((0.0, 0.4)), 0.2, "R11", "elasticity of output in the elite's competence", Judged "docs/model.md, section 7.12; judgement";
    output_experience "o2" "elasticity" [0, 5] Some((0.0, 0.4)), 0.15, "R11", "elasticity of output in the elite's time in rank", Judged "docs/model.md, section 7.12; judgement";
    output_vacancies "o3" "elasticity" [0, 5] Some((0.0, 0.6)), 0.3, "R11", "elasticity of output in the share of filled posts", Judged "docs/model.md, section 7.12; judgement";
    capital_growth "kgrow" "per year" [-0.5, 1] Some((0.0, 0.06)), 0.03, "R11", "growth of capital", Judged "docs/model.md, section 7.12; judgement";
    output_base "y_0" "1" [0, 1] Some((0.25, 0.75)), 0.5, "R11", "output of a worker of no ability, relative to what full ability adds", Judged "docs/model.md, section 7.12; judgement";
    output_newcomer "y_n" "1" [0, 1] Some((0.1, 0.5)), 0.3, "R11", "share of output lost by a worker who is wholly new to industry", Judged "docs/model.md, section 7.12; judgement";
    output_experience_months "τ_y" "months" [0.1, 600] Some((6.0, 24.0)), 12.0, "R11", "time in rank in which one of the elite gains experience", Judged "docs/model.md, section 7.12; judgement";
    output_floor "y_min" "1" [0.0001, 1] Some((0.01, 0.15)), 0.05, "R11", "least that the elite's competence and experience count for", Judged "docs/model.md, section 7.12; judgement";
    output_vacancy_ceiling "y_vac" "1" [0, 1] Some((0.4, 1.0)), 0.9, "R11", "share of vacant posts beyond which more cost no output", Judged "docs/model.md, section 7.12; judgement";
    plan_growth "pl_g" "1" [0, 5] Some((0.0, 0.3)), 0.15, "R11", "how far plans run ahead of the trend at full growth lever", Judged "docs/model.md, section 7.12; judgement";
    plan_stakhanovism "pl_s" "1" [0, 5] Some((0.0, 0.2)), 0.10, "R11", "how far plans run ahead of the trend under full Stakhanovism", Judged "docs/model.md, section 7.12; judgement";
    plan_months "pl_m" "months" [0, 60] Some((3.0, 12.0)), 6.0, "R11", "months of growth of the workforce by which plans run ahead of the trend", Judged "docs/model.md, section 7.12; judgement (the lag of the trend)";
    plan_gap_ceiling "gap_max" "1" [0, 1] Some((0.25, 0.75)), 0.5, "R11", "largest shortfall against the plan that counts", Judged "docs/model.md, sections 2.4 and 7.12; judgement";
    trend_months "τ_Y" "months" [1, 120] Some((3.0, 12.0)), 6.0, "R11", "months over which the trend of output follows output", Judged "docs/model.md, section 7.12; judgement";
    demotion_since "since_d" "whole months" [0, 255] Some((24.0, 96.0)), 48.0, "R6", "months in rank with which the demoted begin", Judged "docs/model.md, section 7.7; judgement";
    demotion_suspicion "su_d" "1" [0, 1] Some((0.1, 0.6)), 0.3, "R6", "share of suspicion that lasts beyond a demotion", Judged "docs/model.md, section 7.7; judgement";
    grudge_months "τ_g" "whole months" [0, 600] Some((2.0, 12.0)), 6.0, "R6", "months for which a demotion or an expulsion rankles, the month itself included", Judged "docs/model.md, section 7.7; judgement";
    ability_spread "c_var" "1" [0, 1] Some((0.06, 0.18)), 0.12, "traits", "spread of ability among newcomers, and within a rank at the start", Judged "docs/model.md, section 5.2; judgement";
    hired_ability "c_hire" "1" [0, 1] Some((0.14, 0.42)), 0.28, "traits", "mean ability of a new hire", Judged "docs/model.md, section 5.2; judgement";
    graduate_ability "c_grad" "1" [0, 1] Some((0.4, 0.75)), 0.58, "traits", "mean ability of a graduate from outside", Judged "docs/model.md, section 5.2; judgement";
    start_workers "N_w" "1" [0.1, 1] Some((0.85, 0.95)), 0.905, "start", "workers in January 1928, relative to the nominal size", Judged "docs/model.md, section 5.1; judgement";
    plant_spread "s_sd" "log" [0, 2] Some((0.3, 0.9)), 0.6, "start", "spread of the logarithm of plants' sizes", Judged "docs/model.md, section 5.1; judgement";
    start_foremen "P_1" "per worker" [0, 0.2] Some((0.03, 0.07)), 0.05, "start", "posts of foremen in January 1928", Judged "docs/model.md, section 5.1; judgement";
    start_middle "P_2" "per worker" [0, 0.2] None, 0.031, "start", "posts of the middle rank in January 1928", Data "docs/model.md, sections 1.2 and 5.1; series engineering_technical_staff over industrial_workers, 1928 (pattern K2b); series in scenarios/reference/series.csv";
    start_directors "P_3" "per worker" [0, 0.2] Some((0.004, 0.01)), 0.007, "start", "posts of directors in January 1928; a plant has at least one", Judged "docs/model.md, section 5.1; judgement (start_middle gives the sum of ranks 2 and 3)";
    office_posts "P_4" "posts" [0, 100] Some((2.0, 6.0)), 3.0, "start", "posts of officials in each regional office in January 1928", Judged "docs/model.md, section 5.1; judgement";
    early_elite "e_sch" "1" [0, 1] Some((0.02, 0.08)), 0.04, "start", "elite for whom the schools of January 1928 had places, relative to all people", Judged "docs/model.md, section 5.3; judgement";
    start_authority "A_0" "1" [0, 1] Some((0.2, 0.6)), 0.40, "start", "authority of managers in January 1928", Judged "docs/model.md, section 2.4; judgement";
    start_union "U_0" "1" [0, 1] Some((0.3, 0.9)), 0.60, "start", "capacity of the unions in January 1928", Judged "docs/model.md, section 2.4; judgement";
    start_tightness "tight_0" "1" [0, 1] Some((0.1, 0.6)), 0.30, "start", "scarcity of labour in January 1928", Judged "docs/model.md, section 2.4; judgement";
    start_openness "opn_0" "per post and year" [0, 100] Some((0.05, 0.5)), 0.2, "start", "openings per post and year that people remember in January 1928", Judged "docs/model.md, section 2.4; judgement";
    start_regional_worker "o_4w" "1" [0, 1] Some((0.3, 0.8)), 0.60, "start", "share of regional officials of worker origin in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_regional_peasant "o_4p" "1" [0, 1] Some((0.05, 0.2)), 0.15, "start", "share of regional officials of peasant origin in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_elite_former "o_2f" "1" [0, 1] Some((0.2, 0.6)), 0.45, "start", "share of former people among ranks 2 and 3 in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_elite_worker "o_2w" "1" [0, 1] Some((0.1, 0.35)), 0.25, "start", "share of people of worker origin among ranks 2 and 3 in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_elite_peasant "o_2p" "1" [0, 1] Some((0.0, 0.1)), 0.05, "start", "share of people of peasant origin among ranks 2 and 3 in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_lower_former "o_0f" "1" [0, 1] Some((0.0, 0.06)), 0.02, "start", "share of former people among workers and foremen in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_lower_worker "o_0w" "1" [0, 1] Some((0.3, 0.6)), 0.44, "start", "share of people of worker origin among workers and foremen in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_party_elite "pt_2" "probability" [0, 1] Some((0.2, 0.5)), 0.35, "start", "share of party people among ranks 2 and 3 in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_party_lower "pt_0" "probability" [0, 1] Some((0.06, 0.18)), 0.12, "start", "share of party people among workers and foremen in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_party_former "pt_f" "1" [0, 1] Some((0.0, 0.3)), 0.1, "start", "the same share among former people, relative to others", Judged "docs/model.md, section 5.2; judgement";
    start_blemish "bl_0" "probability" [0, 1] Some((0.0, 0.08)), 0.03, "start", "share of people with a blemish in January 1928, former people apart, who all have one", Judged "docs/model.md, section 5.2; judgement";
    start_trained "ed_0" "probability" [0, 1] Some((0.1, 0.5)), 0.3, "start", "share of trained people among the elite of January 1928, former people apart, who all are", Judged "docs/model.md, section 5.2; judgement";
    start_manager "r_m0" "probability" [0, 1] Some((0.3, 0.7)), 0.5, "start", "draw below which one of the elite of January 1928 who is no official is a manager and no specialist", Judged "docs/model.md, section 5.2; judgement";
    start_ability "c_st" "1" [0, 1] Some((0.15, 0.45)), 0.30, "start", "mean ability of workers in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_ability_rank "c_stk" "per rank" [0, 0.3] Some((0.0, 0.18)), 0.09, "start", "rise of that mean with each rank up to director", Judged "docs/model.md, section 5.2; judgement";
    start_ability_former "c_stf" "1" [0, 1] Some((0.0, 0.3)), 0.15, "start", "what former people among the bosses have more of ability in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_tenure "ten_0" "months" [0, 500] Some((60.0, 240.0)), 120.0, "start", "longest experience of anybody in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_party_months "pj_0" "months" [0, 500] Some((48.0, 132.0)), 96.0, "start", "longest time in the party of anybody in January 1928", Judged "docs/model.md, section 5.2; judgement";
    start_rank_months "since_0" "months" [0, 500] Some((48.0, 192.0)), 96.0, "start", "longest time in rank of any boss in January 1928", Judged "docs/model.md, section 5.2; judgement";
}

impl ParameterInfo {
    /// Returns true if only whole numbers are allowed.
    pub fn is_whole(&self) -> bool {
        self.unit.starts_with("whole")
    }
}

/// A group of parameters that are shares of one whole and may add up to at most 1. The scenario reader
/// rejects a larger sum.
#[derive(Debug)]
pub struct Shares {
    /// Keys of the parameters.
    pub keys: &'static [&'static str],
    /// Meaning of the rest.
    pub rest: &'static str,
}

/// All groups of parameters that are shares of one whole.
pub static SHARES: &[Shares] = &[
    Shares {
        keys: &["meeting_superior", "meeting_brigade", "meeting_rival"],
        rest: "acquaintances are of the party cell",
    },
    Shares { keys: &["superior_first", "superior_second"], rest: "superiors stand three ranks higher" },
    Shares { keys: &["role_party", "role_union"], rest: "party people become managers or specialists" },
    Shares { keys: &["regional_party", "regional_union"], rest: "regional officials are managers" },
    Shares { keys: &["hires_peasant", "hires_former"], rest: "hires are workers" },
    Shares {
        keys: &["start_regional_worker", "start_regional_peasant"],
        rest: "regional officials are of the families of employees",
    },
    Shares {
        keys: &["start_elite_former", "start_elite_worker", "start_elite_peasant"],
        rest: "people of ranks 2 and 3 are of the families of employees",
    },
    Shares {
        keys: &["start_lower_former", "start_lower_worker"],
        rest: "workers and foremen are of peasant origin",
    },
];

impl Shares {
    /// Returns the rows of the group.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = &'static ParameterInfo> + Clone {
        self.keys.iter().filter_map(|key| parameter(key))
    }

    /// Returns the sum of the shares.
    pub fn sum(&self, parameters: &Parameters) -> f64 {
        self.rows().map(|info| (info.get)(parameters)).sum()
    }

    /// Returns true if the shares add up to more than 1. A sum that exceeds 1 only by rounding does not count.
    pub fn exceed_one(&self, parameters: &Parameters) -> bool {
        self.sum(parameters) > 1.0 + 1e-9
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
    fn sources_name_a_section_and_agree_with_the_grade() {
        for info in PARAMETERS {
            let section = info.source.strip_prefix("docs/model.md, section");
            let what = section.and_then(|section| section.split_once("; ")).map(|(_, what)| what);
            let what = what.unwrap_or_else(|| panic!("{}: {}", info.key, info.source));
            let agrees = match info.grade {
                Grade::Data => !what.contains("judgement") && !what.contains("fitted"),
                Grade::Fitted => what.starts_with("fitted"),
                Grade::Judged => what.starts_with("judgement"),
                Grade::Scale => what.starts_with("unit of measurement"),
            };
            assert!(agrees, "{}: {}", info.key, info.source);
        }
    }

    #[test]
    fn whole_numbers_have_whole_ranges_and_defaults() {
        for info in PARAMETERS.iter().filter(|info| info.is_whole()) {
            let (low, high) = info.valid;
            assert!([low, high, info.default].iter().all(|value| value.fract() == 0.0), "{}", info.key);
        }
    }

    #[test]
    fn groups_of_shares_have_rows_and_leave_a_rest() {
        for shares in SHARES {
            assert_eq!(shares.rows().count(), shares.keys.len(), "{:?}", shares.keys);
            assert!(shares.rows().all(|info| info.valid == (0.0, 1.0)), "{:?}", shares.keys);
            assert!(shares.sum(&Parameters::default()) < 1.0, "{:?}", shares.keys);
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
