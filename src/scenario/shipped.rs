//! Lists the shipped scenarios, which are compiled into the program. A test compares the list with the folder
//! `scenarios/`.

/// A shipped scenario.
#[derive(Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its name.
    pub name: &'static str,
    /// Its text in TOML.
    pub text: &'static str,
}

impl Shipped {
    /// Whether it is a base, complete by itself; the others are counterfactuals, patches over `historical`.
    pub fn is_base(&self) -> bool {
        !self.text.lines().any(|line| line.starts_with("extends"))
    }
}

macro_rules! shipped {
    ($($name:literal)*) => {
        /// All shipped scenarios: the baseline, the other bases, and the counterfactuals.
        pub static SHIPPED: &[Shipped] = &[
            $(Shipped { name: $name, text: include_str!(concat!("../../scenarios/", $name, ".toml")) },)*
        ];
    };
}

shipped! {
    "historical"
    "decrees_only"
    "first_model"
    "unions_kept"
    "unions_restored_1934"
    "no_origin_preference"
    "no_terror"
    "terror_without_career"
    "terror_without_criticism"
    "no_expansion"
    "no_egalitarian_norm"
    "early_authority"
    "technocracy"
    "class_coded_1937"
    "no_enemies"
    "no_stakhanovism"
    "egalitarian_pay_kept"
    "expansion_delayed"
}

/// Finds a shipped scenario by name.
pub(super) fn find(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.name == name)
}
