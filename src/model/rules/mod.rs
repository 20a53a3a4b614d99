//! Rules R1 to R11 of docs/model.md, as formulas on one person, one unit or one region, in the order of the
//! month.
//!
//! A rule does not depend on its caller, on the order in which people are processed, or on how the levers
//! were set.

// Before the month: entry into the model, and the passing of time.
pub mod ageing;
pub mod entrants;
// 1. Roll call.
pub mod enforcement;
// 2. Mood and work.
pub mod effort;
pub mod grievance;
// 3. Accusation.
pub mod accusation;
pub mod acquaintance;
pub mod expected_meetings;
// Noted of the accused and of bosses for tables alone.
pub(crate) mod profiles;
pub mod thirds;
// 4. Punishment.
pub mod election;
pub mod natural_exit;
pub mod outcome;
pub mod purge;
pub mod repression;
pub mod sanction;
// 5. Stocks. 6. Measurement.
pub mod authority;
pub mod fear;
pub mod regions;
// 7. Careers.
pub mod demotion;
pub mod destinations;
pub mod growth;
pub mod hiring;
pub mod merit;
pub mod promotion;
pub mod recruitment;
pub mod school;
// 8. Output and discourse.
pub mod enemy_images;
pub mod output;
