//! Measures the machine: available memory, peak memory and a clock.
//!
//! On Linux the figures come from `/proc`, control groups and resource limits; on other Unix systems only the limits are
//! known.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;

/// Memory that this process can still use, in bytes: the smallest of the machine's available memory and what each of the
/// process's control groups (such as a container's limit) leaves. `None` if the system does not say.
pub fn memory_available() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| line(&text, "MemAvailable:"));
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let groups = group_room(Path::new("/sys/fs/cgroup"), &groups);
    machine.into_iter().chain(groups).min()
}

/// Bytes that the limit on the process's address space (`ulimit -v`) leaves; `None` without a limit.
#[cfg(unix)]
pub fn process_room() -> Option<u64> {
    let limit = rustix::process::getrlimit(rustix::process::Resource::As).current?;
    let used = fs::read_to_string("/proc/self/status").ok().and_then(|text| line(&text, "VmSize:"));
    Some(limit.saturating_sub(used.unwrap_or(0)))
}

/// Always `None`: this system has no such limit.
#[cfg(not(unix))]
pub fn process_room() -> Option<u64> {
    None
}

/// Peak resident memory of this process so far, in bytes. `None` if the system does not say.
pub fn peak_memory() -> Option<u64> {
    fs::read_to_string("/proc/self/status").ok().and_then(|text| line(&text, "VmHWM:"))
}

/// Returns the nanoseconds since the first call: the clock for
/// [`crate::model::simulation::Simulation::time`].
pub fn nanoseconds() -> u64 {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    FIRST.elapsed().as_nanos() as u64
}

/// The number after `key` in a file of lines `key: number kB`, in bytes.
fn line(text: &str, key: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(key))?;
    rest.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Bytes left by each control group named in `groups` (the text of `/proc/self/cgroup`) and by each of its parents.
fn group_room(root: &Path, groups: &str) -> Vec<u64> {
    let mut rooms = Vec::new();
    for line in groups.lines() {
        // hierarchy-ID:controllers:path; version 2 has no controllers.
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (base, limit, used) = match controllers {
            "" => (root.to_path_buf(), "memory.max", "memory.current"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                (root.join("memory"), "memory.limit_in_bytes", "memory.usage_in_bytes")
            }
            _ => continue,
        };
        let full = base.join(path.trim_start_matches('/'));
        let number = |directory: &Path, file: &str| -> Option<u64> {
            fs::read_to_string(directory.join(file)).ok()?.trim().parse().ok()
        };
        let ancestors: Vec<PathBuf> =
            full.ancestors().take_while(|path| path.starts_with(&base)).map(Path::to_path_buf).collect();
        rooms.extend(ancestors.iter().filter_map(|directory| {
            // The page cache counts as used, but the kernel reclaims it on demand; without this a container that has just
            // built a program would seem full.
            let reclaimable = fs::read_to_string(directory.join("memory.stat")).ok().and_then(|text| {
                let rest = text.lines().find_map(|line| line.strip_prefix("inactive_file "))?;
                rest.trim().parse::<u64>().ok()
            });
            let used = number(directory, used)?.saturating_sub(reclaimable.unwrap_or(0));
            Some(number(directory, limit)?.saturating_sub(used))
        }));
    }
    rooms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_proc_are_read() {
        assert_eq!(line("MemTotal: 9 kB\nMemAvailable:   2048 kB\n", "MemAvailable:"), Some(2048 * 1024));
        assert_eq!(line("nothing", "MemAvailable:"), None);
    }

    #[test]
    fn the_tightest_control_group_counts() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("outer/inner");
        fs::create_dir_all(&inner).unwrap();
        let write = |directory: &Path, limit: &str, used: &str| {
            fs::write(directory.join("memory.max"), limit).unwrap();
            fs::write(directory.join("memory.current"), used).unwrap();
        };
        write(&inner, "max\n", "700\n");
        write(inner.parent().unwrap(), "1000\n", "700\n");
        assert_eq!(group_room(root.path(), "0::/outer/inner\n"), [300]);
        write(&inner, "800\n", "700\n");
        fs::write(inner.join("memory.stat"), "anon 1\ninactive_file 50\n").unwrap();
        assert_eq!(group_room(root.path(), "0::/outer/inner\n"), [150, 300]);
        assert_eq!(group_room(root.path(), "3:cpu:/x\n"), Vec::<u64>::new());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_says_how_much_there_is() {
        assert!(memory_available().unwrap() > 0);
        assert!(peak_memory().unwrap() > 0);
    }
}
