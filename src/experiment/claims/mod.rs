//! Tests files of hypotheses: what is run, how verdicts are reached, and what each verdict is worth.

pub mod evidence;
