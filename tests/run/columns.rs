//! Tests that docs/columns.md is up to date. `KADRY_RENEW=1 cargo test --release columns` regenerates it.

use kadry::experiment::claims;
use kadry::experiment::compare::tables::layouts;
use kadry::experiment::futures;
use kadry::experiment::sweep::response;
use kadry::experiment::tables::{on_request, points};
use kadry::output::dictionary::markdown;
use std::path::Path;

use crate::renewal::Renewal;

#[test]
fn the_page_of_columns_is_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/columns.md");
    let more = [points::layout(&[], true), response::layout(), futures::layout()];
    let more = more.into_iter().chain(claims::tables::layouts());
    let text = markdown(&layouts().into_iter().chain(more).collect::<Vec<_>>(), &on_request());
    if Renewal::asked() == Renewal::Pages {
        std::fs::write(&page, &text).unwrap();
    }
    let found = std::fs::read_to_string(&page).unwrap_or_default();
    assert!(
        found == text,
        "docs/columns.md is out of date: run `KADRY_RENEW=1 cargo test --release columns`"
    );
}
