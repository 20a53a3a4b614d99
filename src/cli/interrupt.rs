//! Ctrl-C, requests to end, and a terminal that closes.
//!
//! The first signal asks for a stop, so that finished runs can be kept. A second one, at least a second later, ends the
//! program at once; what is kept then is what was kept before it. A signal that was ignored when the program started
//! (`nohup`, a job in the background of a script) stays ignored.

use signal_hook::consts::{SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A signal that follows another one so soon is the same key press, passed on by a wrapper such as `cargo run`.
const SAME_PRESS: Duration = Duration::from_secs(1);

/// Begins to listen; the first signal sets the flag that is returned.
///
/// # Errors
///
/// If the system refuses.
pub(super) fn listen() -> std::io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    listen_for(move |signal, first: Option<Instant>| {
        flag.store(true, Ordering::Relaxed);
        if first.is_some_and(|first| first.elapsed() >= SAME_PRESS) {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    })?;
    Ok(stop)
}

/// Calls `act` for each signal, with the time of the first one if there was one before.
#[cfg(unix)]
fn listen_for(act: impl Fn(i32, Option<Instant>) + Send + 'static) -> std::io::Result<()> {
    let signals = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
    let heard: Vec<i32> = signals.into_iter().filter(|signal| !is_ignored(*signal)).collect();
    let mut signals = signal_hook::iterator::Signals::new(heard)?;
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
        // SAFETY: this system runs handlers on a thread of their own, where everything is allowed.
        unsafe { signal_hook::low_level::register(signal, handler) }?;
    }
    Ok(())
}

/// True if a signal was ignored when the program started.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: without a new action the call only fills in the current one, for which there is room.
    unsafe {
        libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) == 0
            && action.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

/// Lets a write that exceeds the limit on the size of files (`ulimit -f`) fail with an error, in place of ending the
/// program.
pub(super) fn survive_file_size_limit() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(libc::SIGXFSZ, Arc::new(AtomicBool::new(false)));
}
