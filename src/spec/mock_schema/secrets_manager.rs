//! What actions of AWS Secrets Manager answer.

use super::{Answer, MANY, Shape, TEXT, answer, opt, text};

/// By action.
pub(super) static ANSWERS: &[Answer] =
    &[answer("secretsmanager", "getSecretValue", &GET_SECRET_VALUE_RESPONSE)];

static SECRET_ARN_TYPE: Shape = text(20, 2048);

static SECRET_NAME_TYPE: Shape = text(1, 256);

static SECRET_VERSION_ID_TYPE: Shape = text(32, 64);

static SECRET_BINARY_TYPE: Shape = text(1, MANY);

static SECRET_STRING_TYPE: Shape = text(1, 65536);

static SECRET_VERSION_STAGE_TYPE: Shape = text(1, 256);

static SECRET_VERSION_STAGES_TYPE: Shape = Shape::List(&SECRET_VERSION_STAGE_TYPE);

static GET_SECRET_VALUE_RESPONSE: Shape = Shape::Structure(&[
    opt("ARN", &SECRET_ARN_TYPE),
    opt("Name", &SECRET_NAME_TYPE),
    opt("VersionId", &SECRET_VERSION_ID_TYPE),
    opt("SecretBinary", &SECRET_BINARY_TYPE),
    opt("SecretString", &SECRET_STRING_TYPE),
    opt("VersionStages", &SECRET_VERSION_STAGES_TYPE),
    opt("CreatedDate", &TEXT),
]);
