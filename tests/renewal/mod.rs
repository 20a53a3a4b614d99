//! What `KADRY_RENEW` asks for: nothing, generated pages (`1`), or golden results, for a reason in words.
//!
//! Pages say what the code says and are renewed without a reason; results are not. One value never renews both.

/// What is to be written anew.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// Everything is compared.
    Nothing,
    /// Pages made from the tables in the code.
    Pages,
    /// Golden results, with the reason why they change.
    Results(String),
}

impl Renewal {
    /// What the environment asks for; panics where the value is neither `1` nor a reason.
    pub(crate) fn asked() -> Self {
        let value = std::env::var_os("KADRY_RENEW").unwrap_or_default();
        Self::read(&value.to_string_lossy()).unwrap_or_else(|message| panic!("{message}"))
    }

    fn read(value: &str) -> Result<Self, String> {
        match value.trim() {
            "" => Ok(Renewal::Nothing),
            "1" => Ok(Renewal::Pages),
            reason if reason.contains(' ') => Ok(Renewal::Results(reason.to_owned())),
            other => Err(format!(
                "KADRY_RENEW={other:?} asks for nothing known: 1 renews generated pages, a reason of several words \
                 renews golden results"
            )),
        }
    }
}

#[test]
fn a_renewal_is_one_of_pages_or_a_reason_of_several_words() {
    assert_eq!(Renewal::read(""), Ok(Renewal::Nothing));
    assert_eq!(Renewal::read("1"), Ok(Renewal::Pages));
    assert_eq!(Renewal::read(" quits follow pay \n"), Ok(Renewal::Results("quits follow pay".to_owned())));
    for value in ["0", "true", "because"] {
        assert!(Renewal::read(value).unwrap_err().contains(value));
    }
}
