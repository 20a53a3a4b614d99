//! Checks a JSON value against the schema of scenarios: the keywords of draft 07 that this schema uses, and no others.
//!
//! A complete validator takes longer to compile than the program. This one panics on a keyword or pattern that it does
//! not know, so a change of the schema cannot go unchecked. `tests/schema` runs the same tests with the crate
//! `jsonschema` and compares the two validators on every value.

use serde_json::{Map, Value};

/// A schema, ready to check values.
pub(crate) struct Validator {
    schema: Value,
}

impl Validator {
    pub(crate) fn new(schema: Value) -> Validator {
        Validator { schema }
    }

    /// Whether the value is valid.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.faults(value).is_empty()
    }

    /// Where the value breaks the schema, and which keyword; empty for a valid value.
    pub(crate) fn faults(&self, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(&self.schema, value, "", &mut faults);
        faults
    }

    fn valid(&self, schema: &Value, value: &Value) -> bool {
        let mut faults = Vec::new();
        self.check(schema, value, "", &mut faults);
        faults.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let schema = match schema {
            Value::Bool(true) => return,
            Value::Bool(false) => return faults.push(format!("{path}: not allowed")),
            Value::Object(schema) => schema,
            other => panic!("{other} is not a schema"),
        };
        // Draft 07 ignores the neighbours of a reference.
        if let Some(target) = schema.get("$ref") {
            let pointer =
                target.as_str().and_then(|target| target.strip_prefix('#')).expect("a local reference");
            let target = self.schema.pointer(pointer).unwrap_or_else(|| panic!("{target} leads nowhere"));
            return self.check(target, value, path, faults);
        }
        for (keyword, rule) in schema {
            let kept = match (keyword.as_str(), value) {
                ("$schema" | "title" | "description" | "default" | "definitions", _) => true,
                ("type", value) => has_type(rule, value),
                ("const", value) => equal(rule, value),
                ("enum", value) => list(rule).iter().any(|choice| equal(choice, value)),
                ("anyOf", value) => list(rule).iter().any(|schema| self.valid(schema, value)),
                ("oneOf", value) => list(rule).iter().filter(|schema| self.valid(schema, value)).count() == 1,
                ("not", value) => !self.valid(rule, value),
                ("allOf", value) => {
                    list(rule).iter().for_each(|schema| self.check(schema, value, path, faults));
                    true
                }
                ("if", value) => {
                    let branch = if self.valid(rule, value) { "then" } else { "else" };
                    schema.get(branch).into_iter().for_each(|schema| self.check(schema, value, path, faults));
                    true
                }
                ("then" | "else", _) => {
                    assert!(schema.contains_key("if"), "{keyword} without if");
                    true
                }
                ("minimum", Value::Number(number)) => number.as_f64() >= rule.as_f64(),
                ("maximum", Value::Number(number)) => number.as_f64() <= rule.as_f64(),
                ("minLength", Value::String(text)) => text.chars().count() >= count(rule),
                ("maxLength", Value::String(text)) => text.chars().count() <= count(rule),
                ("pattern", Value::String(text)) => matches(rule, text),
                ("minItems", Value::Array(items)) => items.len() >= count(rule),
                ("maxItems", Value::Array(items)) => items.len() <= count(rule),
                ("items", Value::Array(items)) => {
                    for (position, item) in items.iter().enumerate() {
                        let schema = match rule {
                            Value::Array(schemas) => schemas.get(position).or(schema.get("additionalItems")),
                            schema => Some(schema),
                        };
                        let path = format!("{path}/{position}");
                        schema.into_iter().for_each(|schema| self.check(schema, item, &path, faults));
                    }
                    true
                }
                ("required", Value::Object(table)) => list(rule).iter().all(|key| has(table, key)),
                ("properties", Value::Object(table)) => {
                    for (key, schema) in object(rule) {
                        let path = format!("{path}/{key}");
                        table.get(key).into_iter().for_each(|value| self.check(schema, value, &path, faults));
                    }
                    true
                }
                ("additionalProperties", Value::Object(table)) => {
                    let named = schema.get("properties").map(object);
                    for (key, value) in table {
                        if named.is_none_or(|named| !named.contains_key(key)) {
                            self.check(rule, value, &format!("{path}/{key}"), faults);
                        }
                    }
                    true
                }
                ("dependencies", Value::Object(table)) => object(rule)
                    .iter()
                    .filter(|(key, _)| table.contains_key(*key))
                    .all(|(_, needed)| list(needed).iter().all(|key| has(table, key))),
                // Keywords for one type say nothing about values of another. `items` deals with `additionalItems`.
                (
                    "minimum"
                    | "maximum"
                    | "minLength"
                    | "maxLength"
                    | "pattern"
                    | "minItems"
                    | "maxItems"
                    | "items"
                    | "additionalItems"
                    | "required"
                    | "properties"
                    | "additionalProperties"
                    | "dependencies",
                    _,
                ) => true,
                _ => panic!("the keyword {keyword} is unknown here: teach it to this validator"),
            };
            if !kept {
                faults.push(format!("{path}: {keyword} {rule}"));
            }
        }
    }
}

fn list(rule: &Value) -> &[Value] {
    rule.as_array().unwrap_or_else(|| panic!("{rule} is not a list"))
}

fn object(rule: &Value) -> &Map<String, Value> {
    rule.as_object().unwrap_or_else(|| panic!("{rule} is not an object"))
}

fn count(rule: &Value) -> usize {
    rule.as_u64().unwrap_or_else(|| panic!("{rule} is not a count")) as usize
}

fn has(table: &Map<String, Value>, key: &Value) -> bool {
    table.contains_key(key.as_str().unwrap_or_else(|| panic!("{key} is not a key")))
}

/// Equality of a constant with a value. Numbers would need 1 to equal 1.0.
fn equal(constant: &Value, value: &Value) -> bool {
    assert!(
        constant.is_string() || constant.is_boolean(),
        "{constant}: only texts and switches are compared"
    );
    constant == value
}

fn has_type(name: &Value, value: &Value) -> bool {
    match name.as_str() {
        Some("array") => value.is_array(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("object") => value.is_object(),
        Some("string") => value.is_string(),
        // 1.0 is an integer.
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        _ => panic!("the type {name} is unknown here: teach it to this validator"),
    }
}

/// Whether a text matches one of the schema's patterns.
fn matches(pattern: &Value, text: &str) -> bool {
    match pattern.as_str() {
        Some("^[a-z][a-z0-9_]{0,63}$") => {
            text.starts_with(|c: char| c.is_ascii_lowercase())
                && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
                && text.len() <= 64
        }
        Some("^(19(2[89]|3[0-9]|40)-(0[1-9]|1[0-2])|1941-0[1-6])$") => {
            let months = (1928..=1941).flat_map(|year| (1..=12).map(move |month| (year, month)));
            let mut known = months.filter(|month| *month <= (1941, 6));
            known.any(|(year, month)| format!("{year}-{month:02}") == text)
        }
        Some(
            r"^[^\s\u0000-\u001f\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f\u2028\u2029]*[^\s\u0000-\u001f\u007f-\u009f])?$",
        ) => {
            // White space as ECMAScript defines it, control characters aside.
            let space = |c| {
                matches!(
                    c,
                    ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
                        ..='\u{200a}'
                            | '\u{2028}'
                            | '\u{2029}'
                            | '\u{202f}'
                            | '\u{205f}'
                            | '\u{3000}'
                            | '\u{feff}'
                )
            };
            let forbidden = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}';
            !text.is_empty()
                && !text.contains(forbidden)
                && !text.starts_with(space)
                && !text.ends_with(space)
        }
        _ => panic!("the pattern {pattern} is unknown here: teach it to this validator"),
    }
}

#[test]
fn every_keyword_counts() {
    let cases = [
        (
            r#"{"type": "integer", "minimum": 1, "maximum": 3}"#,
            vec!["1", "3", "2.0"],
            vec!["0", "4", "2.5", "\"2\"", "true"],
        ),
        (r#"{"minLength": 2, "maxLength": 3}"#, vec!["\"äö\"", "\"abc\"", "7"], vec!["\"ä\"", "\"abcd\""]),
        (
            r#"{"minItems": 1, "maxItems": 2, "items": {"type": "boolean"}}"#,
            vec!["[true]", "{}"],
            vec!["[]", "[1]", "[true, true, true]"],
        ),
        (
            r#"{"items": [{"const": "a"}, true], "additionalItems": false}"#,
            vec!["[]", "[\"a\", 1]"],
            vec!["[\"b\"]", "[\"a\", 1, 2]"],
        ),
        (
            r#"{"properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "number"}}"#,
            vec!["{\"a\": \"\", \"b\": 1}", "[]"],
            vec!["{\"a\": 1}", "{\"b\": \"\"}"],
        ),
        (
            r#"{"required": ["a"], "dependencies": {"b": ["c"]}}"#,
            vec!["{\"a\": 1}", "{\"a\": 1, \"b\": 2, \"c\": 3}", "7"],
            vec!["{}", "{\"a\": 1, \"b\": 2}"],
        ),
        (r#"{"oneOf": [{"type": "integer"}, {"minimum": 2}]}"#, vec!["1", "2.5"], vec!["2", "1.5"]),
        (
            r#"{"anyOf": [{"enum": ["a", "b"]}, {"type": "boolean"}], "not": {"const": true}}"#,
            vec!["\"b\"", "false"],
            vec!["\"c\"", "true"],
        ),
        (
            r#"{"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"allOf": [{"minimum": 0}, {"maximum": 9}]}}"#,
            vec!["\"ab\"", "9"],
            vec!["\"a\"", "-1", "10"],
        ),
        (
            r##"{"definitions": {"a": {"type": "object"}}, "properties": {"b": {"$ref": "#/definitions/a", "type": "string"}}}"##,
            vec!["{\"b\": {}}"],
            vec!["{\"b\": \"\"}"],
        ),
        (
            r#"{"pattern": "^[a-z][a-z0-9_]{0,63}$"}"#,
            vec!["\"a_1\"", "1"],
            vec!["\"\"", "\"_\"", "\"aB\"", "\"a\\n\""],
        ),
        (
            r#"{"pattern": "^(19(2[89]|3[0-9]|40)-(0[1-9]|1[0-2])|1941-0[1-6])$"}"#,
            vec!["\"1928-01\"", "\"1940-12\"", "\"1941-06\""],
            vec!["\"1941-07\"", "\"1927-12\"", "\"1930-00\"", "\"1930-1\""],
        ),
    ];
    for (schema, good, bad) in cases {
        let validator = Validator::new(serde_json::from_str(schema).unwrap());
        let accepts = |text: &&str| validator.accepts(&serde_json::from_str(text).unwrap());
        for text in good {
            assert!(accepts(&text), "{schema} refuses {text}");
        }
        for text in bad {
            assert!(!accepts(&text), "{schema} accepts {text}");
        }
    }
}

#[test]
#[should_panic = "the keyword uniqueItems is unknown here"]
fn unknown_keywords_are_refused() {
    Validator::new(serde_json::json!({ "uniqueItems": true })).accepts(&Value::Null);
}
