//! What actions of Amazon EventBridge answer.

use super::{Answer, NUMBER, Shape, TEXT, answer, opt, text};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[answer("eventbridge", "putEvents", &PUT_EVENTS_RESPONSE)];

static EVENT_ID: Shape = text(0, 64);

static PUT_EVENTS_RESULT_ENTRY: Shape =
    Shape::Structure(&[opt("EventId", &EVENT_ID), opt("ErrorCode", &TEXT), opt("ErrorMessage", &TEXT)]);

static PUT_EVENTS_RESULT_ENTRY_LIST: Shape = Shape::List(&PUT_EVENTS_RESULT_ENTRY);

static PUT_EVENTS_RESPONSE: Shape =
    Shape::Structure(&[opt("FailedEntryCount", &NUMBER), opt("Entries", &PUT_EVENTS_RESULT_ENTRY_LIST)]);
