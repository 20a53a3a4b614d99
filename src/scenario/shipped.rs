//! The list of the scenarios inside the program; a test compares it with the folder `scenarios/`.

/// A scenario inside the program.
#[derive(Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Its bare name.
    pub name: &'static str,
    /// Its text, TOML.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($name:literal)*) => {
        /// Every shipped scenario, the baseline first.
        pub static SHIPPED: &[Shipped] = &[
            $(Shipped { name: $name, text: include_str!(concat!("../../scenarios/", $name, ".toml")) },)*
        ];
    };
}

shipped! {
    "historical"
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

/// The shipped scenario of a name.
pub(super) fn find(name: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| shipped.name == name)
}
