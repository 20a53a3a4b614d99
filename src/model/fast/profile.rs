//! Measures the time that each process of a month takes.
//!
//! The caller supplies the clock; without one, timing is off and costs nothing. Nothing that the model computes may
//! depend on it.

/// A function that returns the nanoseconds since a fixed moment.
pub type Clock = fn() -> u64;

macro_rules! processes {
    ($($process:ident, $name:literal;)*) => {
        /// The processes among which the time of a month is divided.
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
    Output, "output (R11)";
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
    /// Adds the times of another profile.
    pub fn add(&mut self, other: &Profile) {
        for (sum, more) in self.nanoseconds.iter_mut().zip(other.nanoseconds) {
            *sum += more;
        }
    }

    /// Returns the name of each process and its seconds, in the order of the month.
    pub fn seconds(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        PROCESSES.iter().zip(&self.nanoseconds).map(|(name, &time)| (*name, time as f64 / 1e9))
    }
}

/// Measures the time of each process; off without a clock.
#[derive(Debug, Default)]
pub struct Timer {
    clock: Option<Clock>,
    since: Option<u64>,
    profile: Profile,
}

impl Timer {
    /// Creates a timer that reads this clock.
    pub fn new(clock: Clock) -> Self {
        Timer { clock: Some(clock), ..Timer::default() }
    }

    /// Starts timing.
    #[inline]
    pub fn start(&mut self) {
        self.since = self.clock.map(|clock| clock());
    }

    /// Stops timing until the next [`start`](Timer::start).
    #[inline]
    pub fn stop(&mut self) {
        self.since = None;
    }

    /// Adds the time since the start or the last lap to `process`.
    #[inline]
    pub fn lap(&mut self, process: Process) {
        if let (Some(clock), Some(since)) = (self.clock, self.since) {
            let now = clock();
            self.profile.nanoseconds[process as usize] += now - since;
            self.since = Some(now);
        }
    }

    /// Returns the times measured so far.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock that advances by a second at each reading.
    fn strikes() -> u64 {
        use std::sync::atomic::{AtomicU64, Ordering};
        static STRUCK: AtomicU64 = AtomicU64::new(7);
        STRUCK.fetch_add(1_000_000_000, Ordering::Relaxed)
    }

    #[test]
    fn time_goes_to_the_process_that_took_it() {
        let mut watch = Timer::new(strikes);
        watch.lap(Process::Words);
        watch.start();
        watch.lap(Process::Chain);
        watch.lap(Process::Movers);
        watch.lap(Process::Chain);
        let mut profile = watch.profile().clone();
        profile.add(&watch.profile().clone());
        let told: Vec<_> = profile.seconds().filter(|(_, seconds)| *seconds > 0.0).collect();
        let (movers, chain) = (PROCESSES[Process::Movers as usize], PROCESSES[Process::Chain as usize]);
        assert_eq!(told, [(movers, 2.0), (chain, 4.0)]);
    }

    #[test]
    fn a_watch_without_a_clock_tells_nothing() {
        let mut watch = Timer::default();
        watch.start();
        watch.lap(Process::Words);
        assert_eq!(*watch.profile(), Profile::default());
    }
}
