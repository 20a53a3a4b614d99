//! Detects the width and the character set of the terminal, and aligns, shortens and wraps text for it.
//!
//! No other module reads the width or the locale. `docs/terminal.md` documents the environment variables.

use std::env;
use std::io::{IsTerminal, stderr, stdout};
use terminal_size::{Width, terminal_size_of};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Width if stdout is not a terminal and `COLUMNS` is not set.
const DEFAULT_WIDTH: usize = 100;

/// The supported widths; other widths are clamped to them.
const WIDTHS: (usize, usize) = (40, 200);

/// The width and the character set of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terminal {
    /// Number of columns.
    pub(super) width: usize,
    /// Whether characters outside ASCII can be shown.
    pub(super) unicode: bool,
}

impl Terminal {
    /// The terminal that stdout goes to.
    pub(super) fn of_stdout() -> Self {
        let columns = terminal_size_of(stdout()).map(|(Width(columns), _)| usize::from(columns));
        Terminal { width: width(&variable, columns), unicode: unicode(&variable) }
    }

    /// The terminal that stderr goes to.
    pub(super) fn of_stderr() -> Self {
        let columns = terminal_size_of(stderr()).map(|(Width(columns), _)| usize::from(columns));
        Terminal { width: width(&variable, columns), unicode: unicode(&variable) }
    }

    /// The sign between a mean and the half-width of its interval.
    pub(super) fn plus_minus(self) -> &'static str {
        if self.unicode { "±" } else { "+-" }
    }

    /// The arrow between an earlier phase and a later one.
    pub(super) fn arrow(self) -> &'static str {
        if self.unicode { "→" } else { "->" }
    }

    /// Shortens a text to at most `room` columns and marks the cut.
    pub(super) fn shortened(self, text: &str, room: usize) -> String {
        if display_width(text) <= room {
            return text.to_owned();
        }
        let mark = if self.unicode { "…" } else { "~" };
        let mut short = String::new();
        let mut left = room.saturating_sub(1);
        for letter in text.chars() {
            let wide = letter.width().unwrap_or(0);
            if wide > left {
                break;
            }
            left -= wide;
            short.push(letter);
        }
        short.truncate(short.trim_end().len());
        if room > 0 { short + mark } else { short }
    }

    /// Wraps a text to the width of the terminal, with `indent` spaces before each line and a newline after each. A
    /// word wider than a line gets a line of its own and is not cut.
    pub(super) fn wrapped(self, text: &str, indent: usize) -> String {
        let mut lines = String::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && indent + display_width(&line) + 1 + display_width(word) > self.width {
                lines.push_str(&format!("{:indent$}{line}\n", ""));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push_str(&format!("{:indent$}{line}\n", ""));
        }
        lines
    }
}

/// Number of columns of a text on a terminal; wide characters take two.
pub(super) fn display_width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// Pads a text with spaces at its end to `width` columns.
pub(super) fn align_left(text: &str, width: usize) -> String {
    format!("{text}{:gap$}", "", gap = width.saturating_sub(display_width(text)))
}

/// Pads a text with spaces at its beginning to `width` columns.
pub(super) fn align_right(text: &str, width: usize) -> String {
    format!("{:gap$}{text}", "", gap = width.saturating_sub(display_width(text)))
}

/// Whether to use colours on stderr: if it is a terminal, `TERM` is not `dumb` and `NO_COLOR` is not set.
pub(super) fn colour_on_stderr() -> bool {
    stderr().is_terminal() && colour(&variable)
}

/// The value of an environment variable; an empty variable counts as unset.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// `COLUMNS` takes precedence over the width of the terminal, as in `ls`, so that a script can set the width.
fn width(variable: &dyn Fn(&str) -> Option<String>, terminal: Option<usize>) -> usize {
    let asked = variable("COLUMNS").and_then(|columns| columns.trim().parse().ok());
    let known = asked.into_iter().chain(terminal).find(|columns| *columns > 0);
    known.unwrap_or(DEFAULT_WIDTH).clamp(WIDTHS.0, WIDTHS.1)
}

/// Decides by `KADRY_ASCII`, then by `TERM`, then by the locale. Without any locale variable (cron, CI, a container)
/// the encoding is assumed to be UTF-8, as in systemd; `C` and `POSIX` mean ASCII.
fn unicode(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    if let Some(asked) = variable("KADRY_ASCII") {
        return asked == "0";
    }
    if variable("TERM").is_some_and(|terminal| terminal == "dumb") {
        return false;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    locale.is_none_or(|locale| {
        let encoding = locale.split('@').next().unwrap_or_default().rsplit('.').next().unwrap_or_default();
        let plain: String = encoding.chars().filter(char::is_ascii_alphanumeric).collect();
        plain.eq_ignore_ascii_case("utf8")
    })
}

/// Any non-empty `NO_COLOR` disables colours (<https://no-color.org>).
fn colour(variable: &dyn Fn(&str) -> Option<String>) -> bool {
    variable("NO_COLOR").is_none() && variable("TERM").is_none_or(|terminal| terminal != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn columns_takes_precedence_over_the_terminal_and_is_clamped() {
        for (columns, terminal, expected) in [
            (None, None, 100),
            (None, Some(72), 72),
            (Some("60"), Some(72), 60),
            (Some("wide"), Some(72), 72),
            (Some("0"), None, 100),
            (Some("7"), None, 40),
            (Some("1000"), None, 200),
        ] {
            let set: Vec<(&str, &str)> = columns.map(|columns| ("COLUMNS", columns)).into_iter().collect();
            assert_eq!(width(&among(&set), terminal), expected, "{columns:?} {terminal:?}");
        }
    }

    #[test]
    fn the_locale_decides_unless_overruled() {
        let cases: [(&[(&str, &str)], bool); 15] = [
            (&[], true),
            (&[("LANG", "en_GB.UTF-8")], true),
            (&[("LANG", "C.utf8")], true),
            (&[("LC_CTYPE", "UTF-8")], true),
            (&[("LANG", "de_DE.UTF-8@euro")], true),
            (&[("LANG", "C")], false),
            (&[("LC_ALL", "POSIX")], false),
            (&[("LANG", "en_GB")], false),
            (&[("LANG", "ru_RU.KOI8-R")], false),
            (&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], false),
            (&[("LC_CTYPE", "en_GB.UTF-8"), ("LANG", "C")], true),
            (&[("TERM", "dumb"), ("LANG", "en_GB.UTF-8")], false),
            (&[("KADRY_ASCII", "1"), ("LANG", "en_GB.UTF-8")], false),
            (&[("KADRY_ASCII", "0"), ("LANG", "C")], true),
            (&[("TERM", "xterm")], true),
        ];
        for (set, expected) in cases {
            assert_eq!(unicode(&among(set)), expected, "{set:?}");
        }
    }

    #[test]
    fn colours_can_be_disabled() {
        assert!(colour(&among(&[("TERM", "xterm")])));
        assert!(!colour(&among(&[("NO_COLOR", "1")])));
        assert!(!colour(&among(&[("TERM", "dumb")])));
    }

    #[test]
    fn texts_are_shortened_by_columns_not_by_characters() {
        let terminal = |unicode| Terminal { width: 40, unicode };
        assert_eq!(terminal(true).shortened("criticism from below", 20), "criticism from below");
        assert_eq!(terminal(true).shortened("criticism from below", 11), "criticism…");
        assert_eq!(terminal(false).shortened("criticism from below", 12), "criticism f~");
        assert_eq!(terminal(true).shortened("大粛清の時代", 8), "大粛清…");
        assert_eq!((align_left("大", 4), align_right("大", 4)), ("大  ".to_owned(), "  大".to_owned()));
        assert_eq!(terminal(true).shortened("abc", 0), "");
    }

    #[test]
    fn wrapped_lines_fit_the_width_and_keep_every_word() {
        let words = "a b cc ddd ".repeat(40);
        let text = Terminal { width: 40, unicode: true }.wrapped(&words, 2);
        assert!(text.lines().all(|line| line.len() <= 40 && line.starts_with("  ")));
        assert!(text.split_whitespace().eq(words.split_whitespace()));
        assert_eq!(Terminal { width: 40, unicode: true }.wrapped("", 2), "");
    }
}
