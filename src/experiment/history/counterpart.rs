//! Lists the counterpart of each reference series in the model.
//!
//! A series without a counterpart is listed too, with the reason.

/// The model's value for a figure, computed from columns of `series.csv` over the months of the figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Mean of a column, times a factor.
    Mean(&'static str, f64),
    /// Sum of a column.
    Sum(&'static str),
    /// Sum of the first column as a percentage of the sum of both, over the calendar year of the figure.
    PercentOfYear(&'static str, &'static str),
}

impl Amount {
    /// The columns that are read.
    pub fn columns(self) -> Vec<&'static str> {
        match self {
            Amount::Mean(column, _) | Amount::Sum(column) => vec![column],
            Amount::PercentOfYear(part, rest) => vec![part, rest],
        }
    }
}

/// How model and figures are made comparable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Basis {
    /// Not at all: levels are compared.
    Level,
    /// Relative to the first figure of the series, whose error is zero by construction and left out.
    First,
    /// Relative to the geometric mean of the series: only the shape is compared.
    Shape,
}

impl Basis {
    /// The basis in words.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Level => "level",
            Basis::First => "relative to the first figure",
            Basis::Shape => "relative to the geometric mean",
        }
    }
}

/// A series and its counterpart.
#[derive(Debug)]
pub struct Counterpart {
    /// The series.
    pub series: &'static str,
    /// What is compared and on which basis, or why nothing is.
    pub compared: Result<(Amount, Basis), &'static str>,
    /// The counterpart in words.
    pub model: &'static str,
    /// The caution for readers of the distance.
    pub caution: &'static str,
}

const fn none(series: &'static str, reason: &'static str) -> Counterpart {
    Counterpart { series, compared: Err(reason), model: "", caution: "" }
}

/// Every reference series, those that can be compared first.
pub static COUNTERPARTS: &[Counterpart] = &[
    Counterpart {
        series: "labour_turnover",
        compared: Ok((Amount::Mean("quit_rate", 100.0), Basis::Level)),
        model: "100 times `quit_rate`, mean of the year",
        caution: "fitted to; the figures count all leavers, the model's rate only those who quit by choice",
    },
    Counterpart {
        series: "recorded_absence",
        compared: Ok((Amount::Mean("recorded_absence_days", 1.0), Basis::Level)),
        model: "`recorded_absence_days`, mean of the year",
        caution: "fitted to; a record and not behaviour (caution 1)",
    },
    Counterpart {
        series: "industrial_workers",
        compared: Ok((Amount::Mean("workers", 1.0), Basis::First)),
        model: "`workers`, mean of the year",
        caution: "fitted to; growth follows from a lever",
    },
    Counterpart {
        series: "engineering_technical_staff",
        compared: Ok((Amount::Mean("elite", 1.0), Basis::First)),
        model: "`elite` (ranks 2 to 4), mean of the year",
        caution: "fitted to; the figures include foremen but no party or union officials, the elite the reverse",
    },
    Counterpart {
        series: "political_convictions",
        compared: Ok((Amount::Sum("arrests"), Basis::Shape)),
        model: "`arrests`, sum of the year",
        caution: "nearly an input: the lever of repression was made from these figures; most of those convicted in 1937-38 were outside industry (caution 3)",
    },
    Counterpart {
        series: "party_membership",
        compared: Ok((Amount::Mean("party_members", 1.0), Basis::First)),
        model: "`party_members` at the start of the month",
        caution: "the figures cover the whole country, the model only industry",
    },
    Counterpart {
        series: "workers_among_entrants",
        compared: Ok((Amount::PercentOfYear("sent_to_school", "outsiders_to_school"), Basis::Level)),
        model: "`sent_to_school` as a share of `sent_to_school` and `outsiders_to_school`, calendar year",
        caution: "met by construction of the rule for schools; the figures cover higher education in the whole country",
    },
    none("wage_and_salary_earners", "the whole economy; the model has only industry"),
    none(
        "students_in_higher_education",
        "all higher schools of the country; the model has only students who come from industry or go there",
    ),
    none("leading_personnel", "the whole economy; the model has only industry"),
    none("staff_pay_to_worker_pay", "an input, represented by the lever of wage spread"),
    none("real_wage", "an input, represented by the lever of hardship"),
    none("groundless_signals", "the model's accusations are neither true nor false"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::history::figures;
    use crate::model::measures::MONTH_MEASURES;
    use std::collections::BTreeSet;

    #[test]
    fn every_series_is_listed_once() {
        let of_file: BTreeSet<String> = figures().into_iter().map(|figure| figure.series).collect();
        let of_table: BTreeSet<String> = COUNTERPARTS.iter().map(|row| row.series.to_owned()).collect();
        assert_eq!(of_file, of_table);
        assert_eq!(of_table.len(), COUNTERPARTS.len());
    }

    #[test]
    fn counterparts_are_columns_of_the_series() {
        for column in
            COUNTERPARTS.iter().filter_map(|row| row.compared.ok()).flat_map(|(amount, _)| amount.columns())
        {
            assert!(MONTH_MEASURES.iter().any(|measure| measure.key == column), "{column}");
        }
    }
}
