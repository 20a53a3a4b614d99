//! Where the time of a month goes: seconds per process.
//!
//! Owns the list of what is told apart and the watch that tells it. Off unless asked for, because asking the clock
//! takes time itself. Nothing that the model computes may depend on it.

use std::time::Instant;

macro_rules! processes {
    ($($process:ident, $name:literal;)*) => {
        /// What the time of a month is told apart by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Process {
            $(#[doc = $name] $process,)*
        }

        /// Names of the processes, in the order of [`Process`].
        pub const PROCESSES: &[&str] = &[$($name),*];
    };
}

processes! {
    Words, "random words";
    Grievance, "grievance and norms (R1, R2)";
    Effort, "effort, quitting, natural exit (R3, R4, R6c)";
    Accusation, "accusation (R5)";
    Punishment, "sanctions and repression (R6a, R6b)";
    Purge, "purge and elections (R6d, R6e)";
    Mood, "authority, fear, mood (R7)";
    Departures, "departures and growth (R4, R6, R8)";
    Movers, "movers (R9)";
    Chain, "vacancy chain within units (R8)";
    Hiring, "hires (R9)";
    Recruitment, "recruitment to the party (R9)";
    Ageing, "ageing, output, stock (R11)";
    Country, "between units: regions, regional posts, school, discourse, the month's record (R8, R9, R10)";
}

/// Time per process, summed over the threads that worked on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    nanoseconds: [u64; PROCESSES.len()],
}

impl Default for Profile {
    fn default() -> Self {
        Profile { nanoseconds: [0; PROCESSES.len()] }
    }
}

impl Profile {
    /// Adds the time of another.
    pub fn add(&mut self, other: &Profile) {
        for (sum, more) in self.nanoseconds.iter_mut().zip(other.nanoseconds) {
            *sum += more;
        }
    }

    /// Seconds per process, with its name, in the order of the month.
    pub fn seconds(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        PROCESSES.iter().zip(&self.nanoseconds).map(|(name, &time)| (*name, time as f64 / 1e9))
    }
}

/// Tells how long each process takes.
#[derive(Debug, Default)]
pub struct Watch {
    on: bool,
    since: Option<Instant>,
    profile: Profile,
}

impl Watch {
    /// A watch that is on, or off.
    pub fn new(on: bool) -> Self {
        Watch { on, ..Watch::default() }
    }

    /// What follows is timed.
    #[inline]
    pub fn start(&mut self) {
        if self.on {
            self.since = Some(Instant::now());
        }
    }

    /// The time since the start, or the last lap, was spent on `process`.
    #[inline]
    pub fn lap(&mut self, process: Process) {
        if let Some(since) = self.since {
            let now = Instant::now();
            self.profile.nanoseconds[process as usize] += now.duration_since(since).as_nanos() as u64;
            self.since = Some(now);
        }
    }

    /// What was told so far.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_to_the_process_that_took_it() {
        let mut watch = Watch::new(true);
        watch.lap(Process::Words);
        watch.start();
        std::thread::sleep(std::time::Duration::from_millis(3));
        watch.lap(Process::Chain);
        watch.lap(Process::Movers);
        let mut profile = watch.profile().clone();
        profile.add(&watch.profile().clone());
        let seconds: Vec<(&str, f64)> = profile.seconds().filter(|(_, seconds)| *seconds > 0.005).collect();
        assert_eq!(seconds.iter().map(|(name, _)| *name).collect::<Vec<_>>(), [PROCESSES[9]]);
    }

    #[test]
    fn a_watch_that_is_off_tells_nothing() {
        let mut watch = Watch::new(false);
        watch.start();
        watch.lap(Process::Words);
        assert_eq!(*watch.profile(), Profile::default());
    }
}
