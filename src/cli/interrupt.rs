//! Ctrl-C, a polite request to end, and a terminal that closes.
//!
//! Owns the flag that they raise. The first signal asks for a stop, so that what was finished can be kept; the second
//! ends the program at once, by the default action of the system.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Begins to listen; the flag that comes back is raised by the first signal.
///
/// # Errors
///
/// If the system refuses.
pub(super) fn listen() -> std::io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    let signals = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
    #[cfg(not(unix))]
    let signals = [SIGINT, SIGTERM];
    for signal in signals {
        // In this order: the second signal meets a flag that the first has raised.
        flag::register_conditional_default(signal, Arc::clone(&stop))?;
        flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}
