//! Tests of scenario files: which are accepted, which are refused with which message, and the promises of the guide.

mod broken;
mod claims;
mod decrees;
mod files;
mod generated;
mod guide;
mod hostile;
mod library;
mod random;
mod validator;
