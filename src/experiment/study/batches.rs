//! Divides the runs of a study into batches: the unit of work that a process stores at once, and that shards share out.

/// Agent-months after which a batch is full: some ten seconds of one core.
const AGENT_MONTHS: u64 = 200_000_000;

/// Bytes of rows after which a batch is full, which bounds memory.
const BYTES: u64 = 4 << 20;

/// Number of batches that a large study has at least, so that many processes can share it and a killed one loses little.
const LEAST: u64 = 256;

/// Number of batches that a study exceeds only if its rows are large: each is a file until the runs are joined.
const MOST: u64 = 900;

/// Bytes of rows that a batch never exceeds by more than a run.
const MOST_BYTES: u64 = 64 << 20;

/// Divides runs, given in order by their agent-months, into batches of consecutive runs; `bytes` is the size of the rows of
/// one run. Returns the first run of each batch.
///
/// The division follows from the plan alone, never from the speed of a machine, so every process finds the same batches.
pub(super) fn divide(agent_months: impl ExactSizeIterator<Item = u64>, bytes: u64) -> Vec<u64> {
    let runs = agent_months.len() as u64;
    let most = most_runs(runs, bytes);
    let least = runs.div_ceil(MOST).min(most).max(1);
    let mut begins = Vec::new();
    let (mut count, mut sum) = (0, 0u64);
    for (run, agent_months) in agent_months.enumerate() {
        let full = count >= most || count >= least && sum.saturating_add(agent_months) > AGENT_MONTHS;
        if begins.is_empty() || full {
            begins.push(run as u64);
            (count, sum) = (0, 0);
        }
        count += 1;
        sum = sum.saturating_add(agent_months);
    }
    begins
}

/// Maximum number of runs in a batch of a study with a number of runs.
pub(in crate::experiment) fn most_runs(runs: u64, bytes: u64) -> u64 {
    let fitting = |limit: u64| (limit / bytes.max(1)).max(1);
    let few_files = runs.div_ceil(MOST).min(fitting(MOST_BYTES));
    fitting(BYTES).min(runs.div_ceil(LEAST)).max(few_files).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn division(runs: usize, agent_months: u64, bytes: u64) -> Vec<u64> {
        divide(std::iter::repeat_n(agent_months, runs), bytes)
    }

    #[test]
    fn few_runs_have_a_batch_each_and_many_share_one() {
        assert_eq!(division(0, 1, 1), Vec::<u64>::new());
        assert_eq!(division(3, 10, 10), [0, 1, 2]);
        assert_eq!(division(512, 10, 10)[..3], [0, 2, 4]);
        let many = division(100_000, 270_000, 6_000);
        assert!((256..1_000).contains(&many.len()), "{}", many.len());
    }

    #[test]
    fn long_runs_and_large_rows_make_small_batches() {
        assert_eq!(division(512, AGENT_MONTHS, 10).len(), 512);
        assert_eq!(division(512, 10, BYTES).len(), 512);
        // Never more than about a thousand files, unless the rows are large.
        assert!(division(100_000, AGENT_MONTHS, 6_000).len() <= 900);
        assert_eq!(division(100_000, 10, MOST_BYTES / 4).len(), 25_000);
    }

    #[test]
    fn runs_of_different_length_fill_batches_by_their_work() {
        let begins =
            divide([1, AGENT_MONTHS, 1, 1].into_iter().cycle().take(4).collect::<Vec<_>>().into_iter(), 1);
        assert_eq!(begins, [0, 1, 2, 3]);
    }
}
