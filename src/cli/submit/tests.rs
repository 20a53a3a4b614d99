use super::*;
use clap::Parser;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    arguments: Arguments,
}

fn arguments(line: &[&str]) -> Arguments {
    let words = ["submit"].iter().chain(line);
    Line::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).arguments
}

fn estimate() -> TaskEstimate {
    TaskEstimate {
        runs: 3_600,
        batches: (1..=360).collect(),
        core_seconds: Some(3_600.0),
        memory_bytes: 100 << 20,
    }
}

fn job_of(line: &[&str]) -> Job {
    job(&arguments(line), &estimate(), 1_000).unwrap()
}

#[test]
fn time_limits_are_parsed() {
    let cases = [
        ("3", 3),
        ("30", 30),
        ("00:30:00", 30),
        ("0:30:01", 31),
        ("02:30:00", 150),
        ("1-00:00:00", 1_440),
        ("1-2", 1_560),
        ("1-2:30", 1_590),
        ("366-0", 527_040),
    ];
    for (text, expected) in cases {
        assert_eq!(minutes(text), Ok(expected), "{text}");
    }
    let refused = [
        "",
        "0",
        "2",
        "00:02:00",
        "30:00",
        "1:2:3:4",
        "-5",
        "1-",
        "-",
        "1-2-3",
        "+30",
        " 30",
        "30m",
        "1.5",
        "３０",
        "367-0",
        "999999999999999999999",
        "999999999",
        "999999999-999999999",
    ];
    for text in refused {
        assert!(minutes(text).is_err(), "{text}");
    }
}

#[test]
fn names_and_options_cannot_add_lines_or_words() {
    for text in ["short", "cpu,gpu", "grp_a.1-b", "me@site"] {
        assert_eq!(name(text).as_deref(), Ok(text));
    }
    for text in ["", "a b", "a\nb", "a'b", "a\"b", "$a", "a\\", "#"] {
        assert!(name(text).is_err(), "{text}");
    }
    for text in ["--constraint=avx512", "-C avx512", "--mail-user=anna@example.org", "--comment='two words'"]
    {
        assert_eq!(sbatch_option(text).as_deref(), Ok(text));
    }
    for text in ["", "constraint=avx512", "--a\n--b", "--array=1-5", "--array 1-5", "-a1-5", "-a 1-5"] {
        assert!(sbatch_option(text).is_err(), "{text}");
    }
}

#[test]
fn tasks_time_and_memory_follow_from_the_estimate() {
    let job = job_of(&["three", "--to", "slurm"]);
    assert_eq!((job.tasks.get(), job.minutes, job.mebibytes, job.cpus), (6, 25, Some(381), 1));
    assert!(job.folder.is_absolute() && job.folder.ends_with("three") && job.program.is_absolute());
    let job = job_of(&["three", "--to", "slurm", "--tasks", "7", "--cpus", "2"]);
    // 52 batches of 10 s on two cores: 4.3 min, doubled, and 5.
    assert_eq!((job.tasks.get(), job.minutes, job.mebibytes), (7, 14, Some(506)));
}

#[test]
fn options_override_the_estimate() {
    let job = job_of(&[
        "three",
        "--to=slurm",
        "--tasks=9",
        "--time=1:00:00",
        "--memory=1500MB",
        "--program=/opt/kadry",
    ]);
    assert_eq!((job.tasks.get(), job.minutes, job.mebibytes), (9, 60, Some(1_431)));
    assert_eq!(job.program, Path::new("/opt/kadry"));
}

#[test]
fn an_array_has_no_more_tasks_than_batches_or_than_slurm_allows() {
    let line = ["three", "--to=slurm", "--tasks=5000"];
    assert_eq!(job_of(&line).tasks.get(), 360);
    assert_eq!(job(&arguments(&line), &estimate(), 100).unwrap().tasks.get(), 100);
}

#[test]
fn without_an_estimate_the_time_must_be_given() {
    let unknown = TaskEstimate { core_seconds: None, ..estimate() };
    let error = job(&arguments(&["three", "--to=slurm"]), &unknown, 1_000).unwrap_err();
    assert!(error.to_string().contains("--time 30"), "{error}");
    let job = job(&arguments(&["three", "--to=slurm", "--time=30"]), &unknown, 1_000).unwrap();
    assert_eq!((job.tasks.get(), job.minutes), (60, 30));
}

#[test]
fn the_script_of_the_tasks_asks_for_what_the_job_needs() {
    let line =
        ["three", "--to=slurm", "--partition=short", "--account=grp", "--sbatch-option=--constraint=avx512"];
    let job = Job { folder: "/data/my three".into(), program: "/opt/it's/kadry".into(), ..job_of(&line) };
    let script = job.work();
    let directives: Vec<&str> = script.lines().filter_map(|line| line.strip_prefix("#SBATCH ")).collect();
    let name = format!("--job-name={}", job.name);
    assert_eq!(
        directives,
        [
            name.as_str(),
            "--array=1-6",
            "--signal=B:TERM@60",
            "--requeue",
            "--time=25",
            "--nodes=1",
            "--ntasks=1",
            "--cpus-per-task=1",
            "--mem=381M",
            "--open-mode=append",
            "--output=logs/%A_%a.log",
            "--partition=short",
            "--account=grp",
            "--constraint=avx512",
        ]
    );
    for part in
        ["program='/opt/it'\\''s/kadry'\n", "folder='/data/my three'\n", "--shard \"$SLURM_ARRAY_TASK_ID/6\""]
    {
        assert!(script.contains(part), "{part} is not in\n{script}");
    }
    let collect = job.collect();
    for part in
        ["program='/opt/it'\\''s/kadry'\n", "folder='/data/my three'\n", "\"$program\" collect \"$folder\"\n"]
    {
        assert!(collect.contains(part), "{part} is not in\n{collect}");
    }
    assert!(collect.contains("#SBATCH --partition=short\n") && !collect.contains("--array"), "{collect}");
}

#[test]
fn a_folder_cannot_add_directives_or_commands() {
    let hostile = "/tmp/x\n#SBATCH --array=1-9\n$(touch /tmp/owned)`id`'\"%j\\";
    let job = Job { folder: hostile.into(), program: hostile.into(), ..job_of(&["three", "--to=slurm"]) };
    for script in [job.work(), job.collect()] {
        assert!(!script.lines().any(|line| line.starts_with("#SBATCH --array=1-9")), "{script}");
        // Slurm would replace `%j` and `\` in the path of the log, so the script opens it.
        assert!(
            script.contains("#SBATCH --output=/dev/null\n") && script.contains("exec >>\"logs/"),
            "{script}"
        );
    }
    let name = job_name(Path::new("/tmp/a b\n'%j\\,план"), "12ab34cd");
    assert_eq!(name, "kadry-a_b___j______-12ab34cd");
}

/// The whole script in `bash`, with a program that records its arguments, and no Slurm: Slurm's commands fail.
#[cfg(unix)]
#[test]
fn the_scripts_run_the_program_with_the_folder_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    if std::process::Command::new("bash").arg("--version").output().is_err() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    for (number, name) in
        ["plain", "two words", "it's $(id) `id` \"x\"", "line\nbreak", "per%j cent", "back\\slash"]
            .into_iter()
            .enumerate()
    {
        let folder = home.path().join(format!("{number}{name}"));
        let work = folder.join(WORK);
        fs::create_dir_all(work.join(LOGS)).unwrap();
        let program = folder.join("kadry");
        fs::write(&program, "#!/bin/bash\nprintf '%s\\0' \"$@\" >\"${0%/*}/arguments\"\nexit 3\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let job = Job { folder: folder.clone(), program, ..job_of(&["three", "--to=slurm"]) };
        let run = |script: String| {
            let script_path = work.join("script");
            fs::write(&script_path, script).unwrap();
            let status = std::process::Command::new("bash")
                .arg(script_path)
                .current_dir(&work)
                .envs([("SLURM_ARRAY_JOB_ID", "7"), ("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_JOB_ID", "8")])
                .status()
                .unwrap();
            assert_eq!(status.code(), Some(3), "{name}");
            let arguments = fs::read_to_string(folder.join("arguments")).unwrap();
            arguments.split_terminator('\0').map(str::to_owned).collect::<Vec<_>>()
        };
        let folder = folder.to_str().unwrap();
        assert_eq!(run(job.collect()), ["collect", folder]);
        let expected =
            ["work", folder, "--shard", "3/6", "--threads", "1", "--on-term", "75", "--progress", "never"];
        assert_eq!(run(job.work()), expected);
    }
}

/// A task that is told to stop: with Slurm's commands that answer as they do before the time limit and after `scancel`.
#[cfg(unix)]
#[test]
fn a_stopped_task_goes_back_to_the_queue_if_it_advanced_and_is_not_cancelled() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;
    if Command::new("bash").arg("--version").output().is_err() {
        return;
    }
    // The state that squeue gives, whether a batch is finished, and what scontrol is asked.
    let cases =
        [("RUNNING", true, "requeue 7_3 "), ("COMPLETING", true, ""), ("", true, ""), ("RUNNING", false, "")];
    for (state, advances, expected) in cases {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("a study");
        fs::create_dir_all(folder.join(WORK).join("parts")).unwrap();
        let executable = |name: &str, text: String| {
            let path = home.path().join(name);
            fs::write(&path, format!("#!/bin/bash\n{text}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        executable("squeue", format!("echo {state}"));
        executable("scontrol", format!("printf '%s ' \"$@\" >'{}/asked'", home.path().display()));
        let part = if advances { ": >\"$2/.kadry/parts/1.part\"" } else { "" };
        let program = executable(
            "kadry",
            format!("trap 'exit 75' TERM\n{part}\n: >\"$2/started\"\nwhile :; do sleep 0.02; done"),
        );
        let job = Job { folder: folder.clone(), program, ..job_of(&["three", "--to=slurm"]) };
        let script = executable("script", job.work());
        let path = format!("{}:{}", home.path().display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("bash")
            .arg(&script)
            .current_dir(home.path())
            .envs([("SLURM_ARRAY_JOB_ID", "7"), ("SLURM_ARRAY_TASK_ID", "3"), ("PATH", path.as_str())])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while !folder.join("started").exists() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let signal = Command::new("kill").arg("-TERM").arg(shell.id().to_string()).status().unwrap();
        assert!(signal.success());
        assert_eq!(shell.wait().unwrap().code(), Some(75), "{state}");
        let asked = fs::read_to_string(home.path().join("asked")).unwrap_or_default();
        assert_eq!(asked, expected, "{state}, advances: {advances}");
    }
}
