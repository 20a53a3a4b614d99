//! Formats numbers in messages, descriptions and the parameter page.

/// Formats a value rounded to twelve decimals, without trailing zeros. Hides the rounding errors of adding and scaling
/// (`0.8999999999999999`).
pub(crate) fn shown(value: f64) -> String {
    let rounded = (value * 1e12).round() / 1e12;
    if rounded == 0.0 || !rounded.is_finite() { value } else { rounded }.to_string()
}

/// Formats a value as a user may have written it: with an exponent if it is very large or very small.
pub(super) fn as_written(value: f64) -> String {
    match value.abs() {
        f64::MAX => "a huge number".to_owned(),
        size if size != 0.0 && !(1e-9..1e15).contains(&size) => format!("{value:e}"),
        _ => value.to_string(),
    }
}

/// Formats a value exactly or, if that takes more than ten characters, rounded to six decimals.
pub(super) fn short(value: f64) -> String {
    let exact = value.to_string();
    if exact.len() <= 10 { exact } else { ((value * 1e6).round() / 1e6).to_string() }
}
