//! Which parameters are searched, and over which range.

use super::FittedParameter;
use crate::model::parameters::{Grade, PARAMETERS, ParameterInfo, Parameters, SHARES, parameter};
use crate::scenario::nearest;

/// The range of a parameter without a prior: this share of the valid range on each side of the value of the base.
const SHARE_OF_VALID: f64 = 0.1;

/// A parameter that cannot be searched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// There is none with this key.
    #[error("there is no parameter `{0}`{suggestion}", suggestion = .1.map_or_else(String::new, |key| format!(": did you mean `{key}`?")))]
    Unknown(String, Option<&'static str>),
    /// It is a unit of measurement.
    #[error("`{0}` is a unit of measurement inside a rule and is not fitted: name another parameter")]
    Scale(&'static str),
    /// It is one of several shares of a whole.
    #[error(
        "`{0}` is one of several shares of a whole, and they cannot be moved apart: name another parameter"
    )]
    Share(&'static str),
    /// It is named twice.
    #[error("`{0}` is named twice: name each parameter once")]
    Twice(&'static str),
}

/// Finds the parameters with these keys, which may begin with `parameters.`. Without keys, all parameters of grade *fitted*.
///
/// # Errors
///
/// The first key that cannot be searched.
pub fn chosen(keys: &[String]) -> Result<Vec<&'static ParameterInfo>, ParameterError> {
    if keys.is_empty() {
        return Ok(PARAMETERS.iter().filter(|info| info.grade == Grade::Fitted).collect());
    }
    let mut found: Vec<&'static ParameterInfo> = Vec::with_capacity(keys.len());
    for key in keys {
        let key = key.strip_prefix("parameters.").unwrap_or(key);
        let Some(info) = parameter(key) else {
            let nearest = nearest(key, PARAMETERS.iter().map(|info| info.key));
            return Err(ParameterError::Unknown(key.to_owned(), nearest));
        };
        if info.grade == Grade::Scale {
            return Err(ParameterError::Scale(info.key));
        }
        if SHARES.iter().any(|shares| shares.keys.contains(&info.key)) {
            return Err(ParameterError::Share(info.key));
        }
        if found.iter().any(|other| other.key == info.key) {
            return Err(ParameterError::Twice(info.key));
        }
        found.push(info);
    }
    Ok(found)
}

/// A parameter and the range in which it is searched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Searched {
    /// The parameter.
    pub(super) info: &'static ParameterInfo,
    /// The value of the base, where the search starts.
    pub(super) start: f64,
    /// The range: the prior if there is one, widened to the start if that lies outside.
    pub(super) range: (f64, f64),
}

impl Searched {
    /// The range of a parameter around the value that it has.
    pub(super) fn new(info: &'static ParameterInfo, base: &Parameters) -> Searched {
        let start = (info.get)(base);
        let (least, most) = info.valid;
        let around = SHARE_OF_VALID * (most - least);
        let (low, high) = info.prior.unwrap_or(((start - around).max(least), (start + around).min(most)));
        Searched { info, start, range: (low.min(start), high.max(start)) }
    }

    /// The place of the start in the range, from 0 to 1.
    pub(super) fn place(&self) -> f64 {
        let (low, high) = self.range;
        if high > low { (self.start - low) / (high - low) } else { 0.5 }
    }

    /// The value at a place, rounded to four significant digits so that a file holds exactly the value that was run. A
    /// parameter that counts months is rounded to a whole number.
    pub(super) fn at(&self, place: f64) -> f64 {
        let (low, high) = self.range;
        let exact = low + place * (high - low);
        let rounded = if self.info.is_whole() {
            exact.round()
        } else {
            format!("{exact:.3e}").parse().unwrap_or(exact)
        };
        f64::clamp(rounded, low, high)
    }

    /// The parameter with its fitted value.
    pub(super) fn fitted(&self, after: f64) -> FittedParameter {
        let (key, unit) = (self.info.key, self.info.unit);
        FittedParameter { key, unit, range: self.range, before: self.start, after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &[&str]) -> Result<Vec<&'static str>, ParameterError> {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        Ok(chosen(&keys)?.iter().map(|info| info.key).collect())
    }

    #[test]
    fn parameters_that_count_months_stay_whole() {
        let info = parameter("grudge_months").unwrap();
        let searched = Searched::new(info, &Parameters::default());
        let (low, high) = searched.range;
        for place in [0.0, 0.31, 0.77, 1.0] {
            let value = searched.at(place);
            assert!(value == value.round() && (low..=high).contains(&value), "{value}");
        }
        assert!(searched.at(0.0) < searched.at(1.0));
    }

    #[test]
    fn without_keys_all_fitted_parameters_are_searched() {
        let all = keys(&[]).unwrap();
        assert!(all.contains(&"quit_base") && !all.contains(&"union_fairness"));
        assert_eq!(all.len(), PARAMETERS.iter().filter(|info| info.grade == Grade::Fitted).count());
        assert!(all.iter().all(|key| keys(&[key]).is_ok()), "{all:?}");
    }

    #[test]
    fn keys_that_cannot_be_searched_are_refused() {
        assert_eq!(
            keys(&["quit_base", "parameters.quit_law_penalty"]).unwrap(),
            ["quit_base", "quit_law_penalty"]
        );
        assert_eq!(
            keys(&["quit_bas"]),
            Err(ParameterError::Unknown("quit_bas".to_owned(), Some("quit_base")))
        );
        assert_eq!(keys(&["usual_mobility"]), Err(ParameterError::Scale("usual_mobility")));
        assert_eq!(keys(&["role_party"]), Err(ParameterError::Share("role_party")));
        let twice = keys(&["quit_base", "parameters.quit_base"]);
        assert_eq!(twice, Err(ParameterError::Twice("quit_base")));
    }

    #[test]
    fn ranges_are_priors_that_hold_the_start() {
        let mut base = Parameters::default();
        let of = |key: &str, base: &Parameters| Searched::new(parameter(key).unwrap(), base);
        let quits = of("quit_base", &base);
        assert_eq!(quits.range, (0.025, 0.06));
        assert!((quits.at(quits.place()) - 0.049).abs() < 1e-15);
        assert_eq!((quits.at(0.0), quits.at(1.0), quits.at(1.0 / 3.0)), (0.025, 0.06, 0.03667));
        base.quit_base = 0.2;
        assert_eq!(of("quit_base", &base).range, (0.025, 0.2));
        let data = PARAMETERS.iter().find(|info| info.prior.is_none() && info.grade == Grade::Data).unwrap();
        let found = Searched::new(data, &base);
        assert!(
            found.range.0 >= data.valid.0 && found.range.1 <= data.valid.1 && found.range.0 < found.range.1
        );
    }
}
