//! Estimates the width of a text without a font.
//!
//! Browsers choose the font, so the estimate uses the widest common sans-serif font, DejaVu Sans, by class of letter.

/// Width of a letter relative to the font size.
fn letter(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | 'I' => 0.32,
        'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 0.41,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 0.97,
        'A'..='Z' | '–' | '—' | '+' | '±' | '=' | '<' | '>' => 0.76,
        _ => 0.62,
    }
}

/// Width of a text in pixels at a font size in pixels.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(letter).sum::<f64>() * size
}

/// Wraps a text into at most `most` lines of `room` pixels; `None` if a word is too wide or it needs more lines.
pub fn wrapped(text: &str, size: f64, room: f64, most: usize) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split([' ', '_']).filter(|word| !word.is_empty()) {
        if width(word, size) > room {
            return None;
        }
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    (lines.len() <= most).then_some(lines)
}

/// Like [`wrapped`], but cuts a text that does not fit to one line with an ellipsis.
pub fn fitted(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    wrapped(text, size, room, most).unwrap_or_else(|| vec![cut(text, size, room)])
}

/// Cuts a text to `room` pixels, with an ellipsis if it is too long.
pub fn cut(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if width(&format!("{kept}{letter}…"), size) > room {
            break;
        }
        kept.push(letter);
    }
    kept.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_and_cut() {
        assert_eq!(wrapped("criticism from below", 10.0, 70.0, 3).unwrap(), ["criticism", "from below"]);
        assert_eq!(wrapped("criticism from below", 10.0, 70.0, 1), None);
        assert_eq!(wrapped("indescribable", 10.0, 20.0, 3), None);
        assert_eq!(wrapped("no_origin_preference", 10.0, 200.0, 1).unwrap(), ["no origin preference"]);
        assert!(cut("indescribable", 10.0, 40.0).ends_with('…'));
        assert_eq!(fitted("a b", 10.0, 100.0, 1), ["a b"]);
    }
}
