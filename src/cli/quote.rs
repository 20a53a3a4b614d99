//! Quotes words for `bash`, so that any path can stand in a script: with spaces, quotes, line breaks, or bytes that are
//! not UTF-8.

use std::ffi::OsStr;

/// Quotes a word: `plain`, `'with space'`, `$'line\x0abreak'`.
///
/// The result is one line of printable text. `bash` reads it as the same bytes again; other shells need not know the
/// last form.
pub(super) fn quoted(word: &OsStr) -> String {
    let bytes = word.as_encoded_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(byte);
    match word.to_str() {
        Some(text) if !bytes.is_empty() && bytes.iter().all(is_plain) => text.to_owned(),
        Some(text) if !text.contains(char::is_control) => format!("'{}'", text.replace('\'', r"'\''")),
        _ => escaped(bytes),
    }
}

/// Quotes with escapes for what is not printable.
fn escaped(bytes: &[u8]) -> String {
    let mut quoted = String::from("$'");
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\'' | '\\' => quoted.extend(['\\', letter]),
                _ if letter.is_control() => {
                    let mut buffer = [0; 4];
                    quoted += &hexadecimal(letter.encode_utf8(&mut buffer).as_bytes());
                }
                _ => quoted.push(letter),
            }
        }
        quoted += &hexadecimal(chunk.invalid());
    }
    quoted.push('\'');
    quoted
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_only_as_far_as_necessary() {
        let cases = [
            ("/home/anna/three", "/home/anna/three"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's", r"'it'\''s'"),
            ("$HOME `id` $(id) \"x\" \\", "'$HOME `id` $(id) \"x\" \\'"),
            ("план", "'план'"),
            ("a\nb's\\c\x07", r"$'a\x0ab\'s\\c\x07'"),
            ("next\u{85}line", r"$'next\xc2\x85line'"),
        ];
        for (word, expected) in cases {
            assert_eq!(quoted(OsStr::new(word)), expected);
        }
    }

    /// Every byte that a path can have, one by one and all in a row.
    #[cfg(unix)]
    #[test]
    fn bash_reads_the_same_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let mut words: Vec<Vec<u8>> = (1..=255).map(|byte| vec![b'a', byte, b'f']).collect();
        words.push((1..=255).collect());
        words.push(b"#SBATCH --array=1-9\n#SBATCH --wrap\r\n".to_vec());
        words.push(b"!! !$ ~ ~root * [a-z] {a,b} & | ; < > ( )".to_vec());
        let list: String = words.iter().map(|word| format!(" {}", quoted(OsStr::from_bytes(word)))).collect();
        assert!(!list.contains(char::is_control));
        let output =
            std::process::Command::new("bash").arg("-c").arg(format!("printf '%s\\0'{list}")).output();
        let Ok(output) = output else { return };
        assert!(output.status.success());
        let read: Vec<&[u8]> =
            output.stdout.strip_suffix(b"\0").unwrap().split(|byte| *byte == b'\0').collect();
        assert_eq!(read, words);
    }
}
