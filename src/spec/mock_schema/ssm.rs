//! What actions of AWS Systems Manager answer.

use super::{Answer, NUMBER, Shape, TEXT, answer, opt, text};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[answer("ssm", "getParameter", &GET_PARAMETER_RESULT)];

static PS_PARAMETER_NAME: Shape = text(1, 2048);

static PARAMETER_TYPE: Shape = Shape::OneOf(&["String", "StringList", "SecureString"]);

static PS_PARAMETER_SELECTOR: Shape = text(0, 128);

static PARAMETER_DATA_TYPE: Shape = text(0, 128);

static PARAMETER: Shape = Shape::Structure(&[
    opt("Name", &PS_PARAMETER_NAME),
    opt("Type", &PARAMETER_TYPE),
    opt("Value", &TEXT),
    opt("Version", &NUMBER),
    opt("Selector", &PS_PARAMETER_SELECTOR),
    opt("SourceResult", &TEXT),
    opt("LastModifiedDate", &TEXT),
    opt("ARN", &TEXT),
    opt("DataType", &PARAMETER_DATA_TYPE),
]);

static GET_PARAMETER_RESULT: Shape = Shape::Structure(&[opt("Parameter", &PARAMETER)]);
