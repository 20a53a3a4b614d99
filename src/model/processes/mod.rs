//! The processes of a month, one file each; a file's name says what happens in it. `model::month` puts them in order.

pub mod accusation;
pub mod acquaintance;
pub mod ageing;
pub mod authority;
pub mod births;
pub mod departures;
pub mod discourse;
pub mod effort;
pub mod election;
pub mod exits;
pub mod fear;
pub mod grievance;
pub mod growth;
pub mod hiring;
pub mod implementation;
pub mod movers;
pub mod outcome;
pub mod presence;
pub mod production;
pub mod promotion;
pub mod purge;
pub mod recruitment;
pub mod regions;
pub mod repression;
pub mod sanction;
pub mod school;
