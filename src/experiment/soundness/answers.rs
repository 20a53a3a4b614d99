//! Holds the answers: figures with what they are about, patterns, and constant policies.

use super::cases::POLICY_LEVERS;
use super::patterns::all_of;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// How far a measure is one lever read back, month by month.
    ReadBack,
    /// How far the levers of random policies explain a measure.
    Explained,
    /// What is left without accusations.
    NoAccusations,
    /// What constant policies are at least as good as the base.
    Constant,
    /// What a lever buys and costs.
    Dose,
    /// What growth and unions buy and cost together.
    Frontier,
    /// Who is arrested, demoted or gone.
    Fates,
    /// How far the images of the enemy overlap.
    Overlap,
    /// How the variance of plants is divided.
    Variance,
    /// How alike two replicates are.
    Alike,
}

impl Question {
    /// All questions, in the order of tables and page.
    pub const ALL: [Question; 10] = [
        Question::ReadBack,
        Question::Explained,
        Question::NoAccusations,
        Question::Constant,
        Question::Dose,
        Question::Frontier,
        Question::Fates,
        Question::Overlap,
        Question::Variance,
        Question::Alike,
    ];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Question::ReadBack => "read back",
            Question::Explained => "explained by levers",
            Question::NoAccusations => "without accusations",
            Question::Constant => "constant policies",
            Question::Dose => "dose",
            Question::Frontier => "growth and unions",
            Question::Fates => "losses by rank",
            Question::Overlap => "overlap of images",
            Question::Variance => "variance of plants",
            Question::Alike => "likeness of replicates",
        }
    }
}

/// An answer in a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What is asked.
    pub question: Question,
    /// What the figure is of: a lever, a policy, a rank, a weight.
    pub of: String,
    /// The measure.
    pub metric: String,
    /// The phase, or all months.
    pub period: String,
    /// Unit of the estimate.
    pub unit: String,
    /// Replicates, policies or pairs of replicates.
    pub n: u64,
    /// The estimate; `None` if it is not defined.
    pub estimate: Option<f64>,
    /// Ends of its 95 % interval.
    pub interval: Option<(f64, f64)>,
}

/// What a pattern depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternAnswer {
    /// Its number in docs/model.md.
    pub id: String,
    /// In words.
    pub statement: String,
    /// Why it is no evidence; empty for evidence.
    pub input: String,
    /// Share of the replicates of the base in which it holds.
    pub base: Option<f64>,
    /// Draws of parameters in which it can be told.
    pub draws: u64,
    /// Share of these in which it holds.
    pub prior: Option<f64>,
    /// The parameters with the largest rank correlation with the part that is nearest to failing, and that correlation.
    pub moved_by: Vec<(String, f64)>,
    /// The absolute correlation that one of all parameters reaches by chance once in twenty times.
    pub chance: f64,
}

impl PatternAnswer {
    /// Whether a parameter moves it beyond chance.
    pub fn is_moved(&self) -> bool {
        self.moved_by.first().is_some_and(|(_, correlation)| correlation.abs() >= self.chance)
    }
}

/// A constant policy beside the base.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyAnswer {
    /// Its number; 0 for the moderate policy.
    pub number: u32,
    /// The levels of [`POLICY_LEVERS`]; empty for the moderate policy, which leaves some of them as they are.
    pub levels: Option<[f64; POLICY_LEVERS.len()]>,
    /// By preferred measure and period: the difference from the base, better is positive, in units of the smallest difference
    /// that counts.
    pub better: Vec<Vec<Option<f64>>>,
}

impl PolicyAnswer {
    /// Whether it is at least as good as the base in some measures and periods: nowhere worse by more than `slack` smallest
    /// differences. `None` if it is not known to be worse anywhere, and one of the differences is not defined.
    pub fn at_least_as_good(
        &self,
        slack: f64,
        measures: impl Fn(usize) -> bool,
        periods: impl Fn(usize) -> bool,
    ) -> Option<bool> {
        let chosen = self.better.iter().enumerate().filter(|(measure, _)| measures(*measure));
        let all = chosen.flat_map(|(_, of)| of.iter().enumerate()).filter(|(period, _)| periods(*period));
        all_of(&all.map(|(_, better)| better.map(|better| better >= -slack)).collect::<Vec<_>>())
    }
}

/// Everything that is answered, with what it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// The base by its name.
    pub base: String,
    /// Seed.
    pub seed: u64,
    /// People in January 1928.
    pub people: u64,
    /// Plants and regions.
    pub units: [u64; 2],
    /// Replicates of the base.
    pub replicates: u32,
    /// Numbers of random policies, constant policies and draws of parameters.
    pub draws: [u32; 3],
    /// The phases, and all months.
    pub periods: Vec<String>,
    /// Figures.
    pub figures: Vec<Figure>,
    /// Patterns.
    pub patterns: Vec<PatternAnswer>,
    /// The moderate policy and all constant policies.
    pub policies: Vec<PolicyAnswer>,
}

impl Answers {
    /// The figures of a question.
    pub fn of(&self, question: Question) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(move |figure| figure.question == question)
    }

    /// The estimate of a figure.
    pub fn estimate(&self, question: Question, of: &str, metric: &str, period: &str) -> Option<f64> {
        let named = |figure: &&Figure| figure.of == of && figure.metric == metric && figure.period == period;
        self.of(question).find(named)?.estimate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_as_good_if_it_is_nowhere_worse() {
        let policy = PolicyAnswer {
            number: 1,
            levels: None,
            better: vec![vec![Some(2.0), Some(-0.5)], vec![Some(0.0), None]],
        };
        let all = |_| true;
        assert_eq!(policy.at_least_as_good(0.0, |measure| measure == 0, all), Some(false));
        assert_eq!(policy.at_least_as_good(1.0, |measure| measure == 0, all), Some(true));
        assert_eq!(policy.at_least_as_good(0.0, all, |period| period == 0), Some(true));
        assert_eq!(policy.at_least_as_good(1.0, all, all), None);
        assert_eq!(policy.at_least_as_good(0.0, all, all), Some(false));
    }

    #[test]
    fn questions_have_words_of_their_own() {
        let words: std::collections::BTreeSet<&str> = Question::ALL.iter().map(|one| one.word()).collect();
        assert_eq!(words.len(), Question::ALL.len());
    }
}
