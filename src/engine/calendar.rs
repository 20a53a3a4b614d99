//! Counts calendar months from January 1928, and reads and writes them as ISO text (`1937-08`).

use std::fmt;
use std::str::FromStr;

/// A calendar month, counted from January 1928 (= 0). The model's last month, June 1941, is 161.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Month(pub u16);

/// The reason why a text is not a month of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MonthError {
    /// Not of the form `YYYY-MM` with a month from 01 to 12.
    #[error("`{0}` is not a month: write it as YYYY-MM, for example 1937-08")]
    Form(String),
    /// A month before [`Month::FIRST`] or after [`Month::LAST`].
    #[error("{0} lies outside the calendar: months run from {first} to {last}", first = Month::FIRST, last = Month::LAST)]
    Outside(String),
}

impl Month {
    /// January 1928, the first month of the model.
    pub const FIRST: Month = Month(0);
    /// June 1941, the last month of the model.
    pub const LAST: Month = Month(161);
    /// Number of months from [`Month::FIRST`] to [`Month::LAST`].
    pub const COUNT: usize = 162;

    /// Position in a track of monthly values, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Calendar year, 1928 to 1941.
    pub fn year(self) -> u16 {
        1928 + self.0 / 12
    }

    /// Month of the year, 1 to 12.
    pub fn month_of_year(self) -> u16 {
        self.0 % 12 + 1
    }

    /// Every month of the model, in order.
    pub fn all() -> impl DoubleEndedIterator<Item = Month> {
        (Month::FIRST.0..=Month::LAST.0).map(Month)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year(), self.month_of_year())
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || MonthError::Form(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(form)?;
        let digits = |part: &str, length: usize| {
            (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse::<i32>())
        };
        let year = digits(year, 4).ok_or_else(form)?.map_err(|_| form())?;
        let month = digits(month, 2).ok_or_else(form)?.map_err(|_| form())?;
        if !(1..=12).contains(&month) {
            return Err(form());
        }
        let count = (year - 1928) * 12 + month - 1;
        u16::try_from(count)
            .ok()
            .map(Month)
            .filter(|month| *month <= Month::LAST)
            .ok_or_else(|| MonthError::Outside(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_read_and_write_as_iso_text() {
        assert_eq!("1937-08".parse(), Ok(Month(115)));
        assert_eq!(Month(115).to_string(), "1937-08");
        for month in Month::all() {
            assert_eq!(month.to_string().parse(), Ok(month));
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in ["1937-13", "1937-00", "1937-8", "37-08", "1937", "", "1937-0x", "+937-01", "１９３７-08"]
        {
            assert!(matches!(text.parse::<Month>(), Err(MonthError::Form(_))), "{text}");
        }
        for text in ["1927-12", "1941-07", "9999-12"] {
            assert!(matches!(text.parse::<Month>(), Err(MonthError::Outside(_))), "{text}");
        }
    }
}
