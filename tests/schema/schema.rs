//! The tests of the scenario schema with a complete validator, the crate `jsonschema`.
//!
//! `cargo test` runs the same tests with a small validator of the keywords that the schema uses. Here both check every
//! value, and must agree. To run: `cargo test --release -p kadry-schema-tests`.

#[path = "../scenario/random.rs"]
mod random;
#[path = "../scenario/validator.rs"]
mod subset;

mod validator {
    use serde_json::Value;

    /// Both validators of one schema.
    pub(crate) struct Validator {
        complete: jsonschema::Validator,
        subset: super::subset::Validator,
    }

    impl Validator {
        pub(crate) fn new(schema: Value) -> Validator {
            let complete = jsonschema::draft7::new(&schema).unwrap();
            Validator { complete, subset: super::subset::Validator::new(schema) }
        }

        pub(crate) fn accepts(&self, value: &Value) -> bool {
            let accepted = self.complete.is_valid(value);
            let faults = self.subset.faults(value);
            assert_eq!(faults.is_empty(), accepted, "the validators disagree: {faults:?}\n{value:#}");
            accepted
        }

        pub(crate) fn faults(&self, value: &Value) -> Vec<String> {
            self.accepts(value);
            self.complete.iter_errors(value).map(|error| error.to_string()).collect()
        }
    }
}
