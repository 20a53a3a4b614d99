//! Lists the counts of a unit's month, which are also summed over the country.
//!
//! [`super::unit::UnitMonth`] and [`crate::model::record::MonthRecord`] take their fields from this list. A new count
//! needs one line here, the code that counts it, and a measure in [`crate::model::measures`].

/// Calls a macro with the list: documentation, name and type of each count in a unit.
///
/// Numbers of people or acts are `u32` in a unit and `u64` in the country. Sums in fixed point are `u64` in both.
macro_rules! with_counts {
    ($callback:ident) => {
        $callback! {
            /// People by rank at the start of the month (n).
            people_by_rank: [u32; RANKS];
            /// People by origin.
            origins: [u32; ORIGINS];
            /// People in the party.
            party: u32;
            /// Shock workers.
            shock_workers: u32;
            /// Workers with less than 24 months of experience.
            newcomers: u32;
            /// Former people among the bosses.
            former_bosses: u32;
            /// Former people among the elite.
            former_elite: u32;
            /// Elite by rank (from 2) and role (from manager).
            elite_by_role: [[u32; ELITE_ROLES]; ELITE_RANKS];
            /// Bosses by months in rank: under 12, 12 to 35, 36 and more.
            bosses_by_since: [u32; 3];
            /// Bosses by third of ambition.
            bosses_by_ambition: [u32; THIRDS];
            /// Bosses by third of ability among the bosses of their rank.
            bosses_by_ability: [u32; THIRDS];
            /// Bosses who are suspected already.
            suspected_bosses: u32;
            /// Foremen in the party.
            foremen_in_party: u32;
            /// Elite in the party by rank (from 2) and role (from manager).
            elite_in_party: [[u32; ELITE_ROLES]; ELITE_RANKS];
            /// Workers who may hope for a post (elig of R5).
            eligible_workers: u32;
            /// Candidates for open posts, by rank of the post.
            candidates: [u32; RANKS];
            /// Candidates for open posts of ranks 2 to 4 who are in the party, by rank of the post.
            candidates_in_party: [u32; RANKS];
            /// Sum of the ability of these candidates, in fixed point.
            candidate_ability: [u64; RANKS];
            /// Sum of the ambition of these candidates, in fixed point.
            candidate_ambition: [u64; RANKS];
            /// Sum of the suspicion of these candidates in units of [`crate::model::state::target::MOST_SUSPICION`], in fixed point.
            candidate_suspicion: [u64; RANKS];
            /// Sum of the workers' grievance, in fixed point.
            grievance_workers: u64;
            /// Sum of everyone's grievance, in fixed point.
            grievance_all: u64;
            /// Sum of the deprivation term of grievance over the workers.
            deprivation: f64;
            /// Workers who shirked.
            shirkers: u32;
            /// Sum of the workers' output before the elite's contribution, halved, in fixed point.
            work: u64;
            /// Sum of the elite's competence, in fixed point.
            elite_competence: u64;
            /// Sum over the elite of 1 - e^(-since/12), in fixed point.
            elite_experience: u64;
            /// Workers who drew quitting, even if another fate prevails.
            quits: u32;
            /// People of this unit who accused someone.
            accusers: u32;
            /// Accusations against bosses of this unit.
            accusations_of_bosses: u32;
            /// Accusations against people of this unit.
            accusations_received: u32;
            /// People to be considered for arrest.
            arrests_due: u32;
            /// People arrested.
            arrests: u32;
            /// People arrested, by target class.
            arrests_by_class: [u32; TARGET_CLASSES];
            /// Workers arrested who were in the party.
            arrested_worker_comrades: u32;
            /// Bosses arrested.
            arrested_bosses: u32;
            /// Elite arrested.
            arrested_elite: u32;
            /// Bosses demoted.
            demoted_bosses: u32;
            /// Elite demoted.
            demoted_elite: u32;
            /// Workers dismissed: sanctioned but not arrested.
            dismissed: u32;
            /// People accused this month.
            accused: u32;
            /// People accused this month who were sanctioned or arrested in the same month.
            punished: u32;
            /// People arrested or sanctioned whose suspicion exceeded .5.
            punished_suspects: u32;
            /// People expelled from the party.
            expelled: u32;
            /// People expelled from the party within 36 months of joining.
            expelled_recent: u32;
            /// People in the party in a month with a purge: within 36 months of joining, and others. Zero in other months.
            exposed_to_purge: [u32; 2];
            /// Losses of the party by [`crate::model::state::unit::PartyLoss`] and year of joining; see [`crate::model::state::unit::joining_year`].
            party_losses: [[u32; JOINING_YEARS]; PARTY_LOSSES];
            /// Workers who left the party quietly.
            left_party: u32;
            /// Natural exits.
            natural: u32;
            /// Natural exits of the elite.
            natural_elite: u32;
            /// Officials who stood for election: at rank 2, and above.
            stood: [u32; 2];
            /// Officials voted out: at rank 2, and above.
            voted_out: [u32; 2];
            /// Sum of everyone's fear after its update, in fixed point.
            fear_all: u64;
            /// Sum of the elite's fear after its update, in fixed point.
            fear_elite: u64;
            /// Sum of publicly shown grievance, in fixed point.
            grievance_public: u64;
            /// Sum of grievance directed at the regime, in fixed point.
            grievance_regime: u64;
            /// People whose grievance against the regime exceeds their threshold of unrest.
            unrest: u32;
            /// Vacant posts by rank, counted before the rank is filled.
            vacant: [u64; RANKS];
            /// Workers who quit or were dismissed and left industry.
            left_industry: u32;
            /// Workers who quit or were dismissed and are looking for a plant.
            moved_out: u32;
            /// People who arrived as movers.
            arrived: u32;
            /// Demoted regional officials who arrived here.
            fallen_in: u32;
            /// People from elsewhere promoted into a post of this unit.
            risen_in: u32;
            /// New hires.
            hired: u32;
            /// New hires by origin.
            hired_by_origin: [u32; ORIGINS];
            /// Graduates who arrived: outsiders, and workers who had been sent to school.
            graduates: [u32; 2];
            /// Graduates who arrived, by kind and origin.
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

/// A count of a unit that can be summed over the country.
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
