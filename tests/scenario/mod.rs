//! Scenario files from outside: what is accepted, what is refused and how, and what the documents promise.

mod broken;
mod files;
mod generated;
mod guide;
mod hostile;
mod library;
mod random;
mod validator;
