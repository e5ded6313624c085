//! What actions of Amazon SQS answer.

use super::{Answer, BOOLEAN, Shape, TEXT, answer, opt, req};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[
    answer("sqs", "sendMessage", &SEND_MESSAGE_RESULT),
    answer("sqs", "sendMessageBatch", &SEND_MESSAGE_BATCH_RESULT),
    answer("sqs", "receiveMessage", &RECEIVE_MESSAGE_RESULT),
    answer("sqs", "getQueueUrl", &GET_QUEUE_URL_RESULT),
];

static SEND_MESSAGE_RESULT: Shape = Shape::Structure(&[
    opt("MD5OfMessageBody", &TEXT),
    opt("MD5OfMessageAttributes", &TEXT),
    opt("MD5OfMessageSystemAttributes", &TEXT),
    opt("MessageId", &TEXT),
    opt("SequenceNumber", &TEXT),
]);

static SEND_MESSAGE_BATCH_RESULT_ENTRY: Shape = Shape::Structure(&[
    req("Id", &TEXT),
    req("MessageId", &TEXT),
    req("MD5OfMessageBody", &TEXT),
    opt("MD5OfMessageAttributes", &TEXT),
    opt("MD5OfMessageSystemAttributes", &TEXT),
    opt("SequenceNumber", &TEXT),
]);

static SEND_MESSAGE_BATCH_RESULT_ENTRY_LIST: Shape = Shape::List(&SEND_MESSAGE_BATCH_RESULT_ENTRY);

static BATCH_RESULT_ERROR_ENTRY: Shape = Shape::Structure(&[
    req("Id", &TEXT),
    req("SenderFault", &BOOLEAN),
    req("Code", &TEXT),
    opt("Message", &TEXT),
]);

static BATCH_RESULT_ERROR_ENTRY_LIST: Shape = Shape::List(&BATCH_RESULT_ERROR_ENTRY);

static SEND_MESSAGE_BATCH_RESULT: Shape = Shape::Structure(&[
    req("Successful", &SEND_MESSAGE_BATCH_RESULT_ENTRY_LIST),
    req("Failed", &BATCH_RESULT_ERROR_ENTRY_LIST),
]);

static MESSAGE_SYSTEM_ATTRIBUTE_MAP: Shape = Shape::Map(&TEXT);

static STRING_LIST: Shape = Shape::List(&TEXT);

static BINARY_LIST: Shape = Shape::List(&TEXT);

static MESSAGE_ATTRIBUTE_VALUE: Shape = Shape::Structure(&[
    opt("StringValue", &TEXT),
    opt("BinaryValue", &TEXT),
    opt("StringListValues", &STRING_LIST),
    opt("BinaryListValues", &BINARY_LIST),
    req("DataType", &TEXT),
]);

static MESSAGE_BODY_ATTRIBUTE_MAP: Shape = Shape::Map(&MESSAGE_ATTRIBUTE_VALUE);

static MESSAGE: Shape = Shape::Structure(&[
    opt("MessageId", &TEXT),
    opt("ReceiptHandle", &TEXT),
    opt("MD5OfBody", &TEXT),
    opt("Body", &TEXT),
    opt("Attributes", &MESSAGE_SYSTEM_ATTRIBUTE_MAP),
    opt("MD5OfMessageAttributes", &TEXT),
    opt("MessageAttributes", &MESSAGE_BODY_ATTRIBUTE_MAP),
]);

static MESSAGE_LIST: Shape = Shape::List(&MESSAGE);

static RECEIVE_MESSAGE_RESULT: Shape = Shape::Structure(&[opt("Messages", &MESSAGE_LIST)]);

static GET_QUEUE_URL_RESULT: Shape = Shape::Structure(&[opt("QueueUrl", &TEXT)]);
