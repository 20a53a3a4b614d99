//! What is counted in a unit and summed over the country: the one table of it.
//!
//! [`super::unit::UnitMonth`] and [`crate::model::record::MonthRecord`] have these fields; a new count is one line here, the
//! place where it is counted, and its measure in [`crate::model::measures`].

/// Calls a macro with the table: documentation, name and type of each count in a unit. Whole numbers of people or acts are
/// `u32` in a unit and `u64` in the country; sums in fixed point are `u64`.
macro_rules! with_counts {
    ($callback:ident) => {
        $callback! {
            /// People by rank at the start of the month (n).
            counts: [u32; RANKS];
            /// People by origin.
            origins: [u32; ORIGINS];
            /// People in the party.
            party: u32;
            /// Heroes of labour among the workers.
            heroes: u32;
            /// Workers with less than 24 months of experience.
            newcomers: u32;
            /// Former people among the bosses, and among the elite.
            former_bosses: u32;
            /// Former people among the elite.
            former_elite: u32;
            /// Elite by rank, from 2 on, and role, from manager on.
            elite_by_role: [[u32; ELITE_ROLES]; ELITE_RANKS];
            /// Bosses by months in rank: under 12, 12 to 35, 36 and more.
            bosses_by_since: [u32; 3];
            /// Sum of the workers' grievance, in fixed point.
            grievance_workers: u64;
            /// Sum of everybody's grievance, in fixed point.
            grievance_all: u64;
            /// Sum of the workers' deprivation terms.
            deprivation: f64;
            /// Workers who shirk.
            shirkers: u32;
            /// Sum of what the workers produce, before the elite's part, halved and in fixed point.
            work: u64;
            /// Sum of the elite's competence, in fixed point.
            elite_competence: u64;
            /// Sum over the elite of 1 - e^(-since/12), in fixed point.
            elite_experience: u64;
            /// Draws of quitting.
            quits: u32;
            /// People of this unit who accused somebody.
            accusers: u32;
            /// Accusations of bosses who belong to this unit.
            accusations_of_bosses: u32;
            /// Accusations of people who belong to this unit.
            accusations_received: u32;
            /// People due for arrest.
            arrests_due: u32;
            /// People arrested.
            arrests: u32;
            /// Arrested by target class.
            arrests_by_class: [u32; TARGET_CLASSES];
            /// Arrested bosses.
            arrested_bosses: u32;
            /// Arrested elite.
            arrested_elite: u32;
            /// Bosses demoted.
            demoted_bosses: u32;
            /// Elite demoted.
            demoted_elite: u32;
            /// Workers dismissed (sanctioned and not arrested).
            dismissed: u32;
            /// People accused this month.
            accused: u32;
            /// Accused this month and sanctioned or arrested this month.
            punished: u32;
            /// Arrested or administratively sanctioned with suspicion above .5.
            punished_suspects: u32;
            /// Members expelled.
            expelled: u32;
            /// Workers who left the party quietly.
            left_party: u32;
            /// Natural exits.
            natural: u32;
            /// Natural exits of the elite.
            natural_elite: u32;
            /// Officials standing for election at rank 2, and above.
            standing: [u32; 2];
            /// Officials voted out at rank 2, and above.
            voted_out: [u32; 2];
            /// Sum of fear of everybody, of the elite, in fixed point, after its update.
            fear_all: u64;
            /// The same of the elite.
            fear_elite: u64;
            /// Sum of grievance as people show it, in fixed point.
            grievance_public: u64;
            /// Sum of grievance directed at the regime, in fixed point.
            grievance_regime: u64;
            /// People above their threshold of unrest.
            unrest: u32;
            /// Vacant posts by rank before the rank is filled.
            vacant: [u64; RANKS];
            /// People who left industry by quitting or dismissal.
            left_industry: u32;
            /// Workers who quit or were dismissed and look for another plant.
            moved_out: u32;
            /// People who arrived as movers.
            moved: u32;
            /// Demoted regional officials who arrived.
            fallen_in: u32;
            /// People who arrived by promotion into a post of this unit.
            risen_in: u32;
            /// New hires.
            hired: u32;
            /// New hires by origin.
            hired_by_origin: [u32; ORIGINS];
            /// Graduates, from outside and of one's own.
            graduates: [u32; 2];
            /// The same by origin.
            graduates_by_origin: [[u32; ORIGINS]; 2];
            /// Workers who left for school.
            students: u32;
            /// People who joined the party.
            recruits: u32;
            /// Output (Y).
            output: f64;
        }
    };
}
pub(in crate::model) use with_counts;

/// A count of a unit that sums up over the country.
pub trait Count {
    /// The type of the sum.
    type Sum: Copy + Default + std::fmt::Debug + PartialEq;

    /// Adds the count to a sum.
    fn add_to(&self, sum: &mut Self::Sum);
}

impl Count for u32 {
    type Sum = u64;

    fn add_to(&self, sum: &mut u64) {
        *sum += u64::from(*self);
    }
}

impl Count for u64 {
    type Sum = u64;

    fn add_to(&self, sum: &mut u64) {
        *sum += self;
    }
}

impl Count for f64 {
    type Sum = f64;

    fn add_to(&self, sum: &mut f64) {
        *sum += self;
    }
}

impl<T: Count, const N: usize> Count for [T; N]
where
    [T::Sum; N]: Default,
{
    type Sum = [T::Sum; N];

    fn add_to(&self, sum: &mut Self::Sum) {
        self.iter().zip(sum).for_each(|(count, sum)| count.add_to(sum));
    }
}
