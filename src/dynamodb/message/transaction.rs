//! Transactions.

use super::Message;
use crate::dynamodb::error::CancellationReason;

pub(in crate::dynamodb) fn transact_item_ambiguous() -> Message {
    Message::bare("TransactItems can only contain one of Check, Put, Update or Delete")
}

pub(in crate::dynamodb) fn transact_item_empty() -> Message {
    Message::bare("Invalid Request: TransactWriteRequest should contain Delete or Put or Update request")
}

pub(in crate::dynamodb) fn transaction_repeats_item() -> Message {
    Message::bare("Transaction request cannot include multiple operations on one item")
}

pub(in crate::dynamodb) fn transaction_too_large() -> Message {
    Message::bare("Transaction payload size cannot exceed 4MB")
}

/// The message of a cancelled transaction, which lists the code of every action.
pub(in crate::dynamodb) fn transaction_cancelled(reasons: &[CancellationReason]) -> String {
    let codes: Vec<&str> = reasons.iter().map(|reason| reason.code).collect();
    format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    )
}
