//! One module a subject: faults that users could meet, each with a test named after what it protects.

mod readers;
