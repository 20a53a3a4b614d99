//! Handles Ctrl-C, SIGTERM and a closing terminal.
//!
//! The first signal requests a stop, so that finished runs can be kept. A second signal, at least a second later, ends
//! the program at once. A signal that was ignored when the program started (`nohup`, a background job of a script)
//! stays ignored.

use signal_hook::consts::{SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Signals within this time come from the same key press, passed on by a wrapper such as `cargo run`.
const SAME_PRESS: Duration = Duration::from_secs(1);

/// The signals that have arrived.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals {
    /// Whether a signal has arrived.
    pub(super) stop: Arc<AtomicBool>,
    /// Whether SIGTERM was among them.
    terminated: Arc<AtomicBool>,
}

impl Signals {
    /// The exit code of an interrupted command; `on_term` replaces it after SIGTERM.
    pub(super) fn exit_code(&self, on_term: Option<u8>) -> std::process::ExitCode {
        match on_term.filter(|_| self.terminated.load(Ordering::Relaxed)) {
            Some(code) => code.into(),
            None => super::Exit::Interrupted.into(),
        }
    }
}

/// Installs the handlers.
///
/// # Errors
///
/// If the handlers cannot be installed.
pub(super) fn listen() -> std::io::Result<Signals> {
    let signals = Signals::default();
    let flags = signals.clone();
    listen_for(move |signal, first: Option<Instant>| {
        if signal == SIGTERM {
            flags.terminated.store(true, Ordering::Relaxed);
        }
        flags.stop.store(true, Ordering::Relaxed);
        if first.is_some_and(|first| first.elapsed() >= SAME_PRESS) {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    })?;
    Ok(signals)
}

/// Calls `act` for each signal; from the second signal on, with the time of the first.
#[cfg(unix)]
fn listen_for(act: impl Fn(i32, Option<Instant>) + Send + 'static) -> std::io::Result<()> {
    let signals = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
    let handled: Vec<i32> = signals.into_iter().filter(|signal| !is_ignored(*signal)).collect();
    let mut signals = signal_hook::iterator::Signals::new(handled)?;
    let listen = move || {
        let mut first = None;
        for signal in signals.forever() {
            act(signal, first);
            first.get_or_insert_with(Instant::now);
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(listen).map(drop)
}

#[cfg(not(unix))]
fn listen_for(act: impl Fn(i32, Option<Instant>) + Send + Sync + 'static) -> std::io::Result<()> {
    let act = Arc::new(act);
    let first = Arc::new(std::sync::OnceLock::new());
    for signal in [SIGINT, SIGTERM] {
        let (act, first) = (Arc::clone(&act), Arc::clone(&first));
        let handler = move || {
            act(signal, first.get().copied());
            first.get_or_init(Instant::now);
        };
        // SAFETY: on this system handlers run on a separate thread and need not be async-signal-safe.
        unsafe { signal_hook::low_level::register(signal, handler) }?;
    }
    Ok(())
}

/// True if a signal was ignored when the program started.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: with a null new action the call only writes the current action to `action`.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

/// Makes a write that exceeds the file size limit (`ulimit -f`) fail with an error instead of ending the program.
pub(super) fn survive_file_size_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(libc::SIGXFSZ, Arc::new(AtomicBool::new(false)));
}
