//! What the tests of actions share.

use expect_test::Expect;

use crate::diagnostics::rules_of;
use crate::ide::testing::{CURSOR, fixture, range_fixture};
use crate::text::{TextRange, apply_edits};

/// The document after the action whose title begins so, at the cursor or for the range between two.
#[track_caller]
pub(super) fn check(text: &str, title: &str, expected: Expect) {
    let (analysis, range) = if text.matches(CURSOR).count() > 1 {
        range_fixture(text)
    } else {
        let (analysis, offset) = fixture(text);
        (analysis, TextRange::empty(offset))
    };
    let actions = analysis.code_actions(range);
    for code in actions.iter().flat_map(|action| action.fixes) {
        assert!(rules_of(code).next().is_some(), "an action fixes what no rule finds: {code}");
    }
    let shown = match actions.iter().find(|action| action.title.starts_with(title)) {
        Some(action) => apply_edits(analysis.source().as_str(), &action.edits),
        None => "not offered".to_owned(),
    };
    expected.assert_eq(&shown);
}
