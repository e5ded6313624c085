//! What actions of Amazon SNS answer.

use super::{Answer, BOOLEAN, Shape, TEXT, answer, opt, req};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[
    answer("sns", "publish", &PUBLISH_RESPONSE),
    answer("sns", "publishBatch", &PUBLISH_BATCH_RESPONSE),
    answer("sns", "createTopic", &CREATE_TOPIC_RESPONSE),
];

static PUBLISH_RESPONSE: Shape = Shape::Structure(&[opt("MessageId", &TEXT), opt("SequenceNumber", &TEXT)]);

static PUBLISH_BATCH_RESULT_ENTRY: Shape =
    Shape::Structure(&[opt("Id", &TEXT), opt("MessageId", &TEXT), opt("SequenceNumber", &TEXT)]);

static PUBLISH_BATCH_RESULT_ENTRY_LIST: Shape = Shape::List(&PUBLISH_BATCH_RESULT_ENTRY);

static BATCH_RESULT_ERROR_ENTRY: Shape = Shape::Structure(&[
    req("Id", &TEXT),
    req("Code", &TEXT),
    opt("Message", &TEXT),
    req("SenderFault", &BOOLEAN),
]);

static BATCH_RESULT_ERROR_ENTRY_LIST: Shape = Shape::List(&BATCH_RESULT_ERROR_ENTRY);

static PUBLISH_BATCH_RESPONSE: Shape = Shape::Structure(&[
    opt("Successful", &PUBLISH_BATCH_RESULT_ENTRY_LIST),
    opt("Failed", &BATCH_RESULT_ERROR_ENTRY_LIST),
]);

static CREATE_TOPIC_RESPONSE: Shape = Shape::Structure(&[opt("TopicArn", &TEXT)]);
