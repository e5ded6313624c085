//! What services answer: the shapes that a mocked result is held to, as TestState does.
//!
//! Step Functions writes the members of every answer with a capital letter, whatever the service itself does.
//! The most used actions are here; of any other action nothing is known and nothing is checked. The names, types,
//! enumerations and ranges are those of the services' published API models.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html>

mod dynamodb;
mod event_bridge;
mod kms;
mod lambda;
mod s3;
mod secrets_manager;
mod sns;
mod sqs;
mod ssm;
mod step_functions;

use super::{Pattern, Resource, ServiceKind};

/// The form of a value.
#[derive(Debug)]
pub enum Shape {
    /// Any JSON.
    Any,
    /// A string: text, bytes or a time.
    Text {
        /// Characters at least.
        chars_min: usize,
        /// Characters at most.
        chars_max: usize,
    },
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A number.
    Number {
        /// The least.
        min: f64,
        /// The greatest.
        max: f64,
    },
    /// `true` or `false`.
    Boolean,
    /// An array of such values.
    List(&'static Shape),
    /// An object with any names and such values.
    Map(&'static Shape),
    /// An object with these members. Others are not looked at.
    Structure(&'static [Member]),
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Whether it is always there.
    pub is_required: bool,
    /// Its value.
    pub shape: &'static Shape,
}

/// What one action answers.
#[derive(Debug)]
struct Answer {
    service: &'static str,
    action: &'static str,
    shape: &'static Shape,
}

static ANY: Shape = Shape::Any;
static TEXT: Shape = text(0, MANY);
static NUMBER: Shape = number(f64::MIN, f64::MAX);
static BOOLEAN: Shape = Shape::Boolean;
const MANY: usize = usize::MAX;

const fn text(chars_min: usize, chars_max: usize) -> Shape {
    Shape::Text { chars_min, chars_max }
}

const fn number(min: f64, max: f64) -> Shape {
    Shape::Number { min, max }
}

const fn req(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, is_required: true, shape }
}

const fn opt(name: &'static str, shape: &'static Shape) -> Member {
    Member { name, is_required: false, shape }
}

const fn answer(service: &'static str, action: &'static str, shape: &'static Shape) -> Answer {
    Answer { service, action, shape }
}

/// By service, as the AWS SDK integrations name it.
static SERVICES: &[&[Answer]] = &[
    dynamodb::ANSWERS,
    event_bridge::ANSWERS,
    kms::ANSWERS,
    lambda::ANSWERS,
    s3::ANSWERS,
    secrets_manager::ANSWERS,
    sns::ANSWERS,
    sqs::ANSWERS,
    ssm::ANSWERS,
    step_functions::ANSWERS,
];

/// What a task's resource answers, if that is known.
///
/// What comes back with a task token is for whoever returns it to say; what a job answers in the end is what describes
/// the job, where that is known.
pub fn answer_shape(resource: &Resource<'_>) -> Option<&'static Shape> {
    if matches!(resource.kind, ServiceKind::LambdaFunction | ServiceKind::Activity) {
        return None;
    }
    let is_optimized = resource.kind == ServiceKind::Optimized;
    match (is_optimized, resource.service, resource.action, resource.pattern) {
        (_, _, _, Pattern::WaitForTaskToken) => None,
        (true, "lambda", "invoke", _) => Some(&lambda::OPTIMIZED_INVOKE),
        (true, "states", "startExecution", Pattern::Sync) => find("sfn", "describeExecution"),
        (true, "states", "startExecution", Pattern::Sync2) => Some(&step_functions::JSON_EXECUTION),
        (_, _, _, Pattern::Sync | Pattern::Sync2) => None,
        (true, "states", action, _) => find("sfn", action),
        (true, "events", action, _) => find("eventbridge", action),
        (_, service, action, _) => find(service, action),
    }
}

fn find(service: &str, action: &str) -> Option<&'static Shape> {
    let mut answers = SERVICES.iter().copied().flatten();
    answers.find(|answer| answer.service == service && answer.action == action).map(|answer| answer.shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arn: &str, expected: &[&str]) {
        let shape = Resource::parse(arn).and_then(|resource| answer_shape(&resource));
        let names: Vec<&str> = match shape {
            Some(Shape::Structure(members)) => {
                members.iter().filter(|member| member.is_required).map(|member| member.name).collect()
            }
            _ => vec!["unknown"],
        };
        assert_eq!(names, expected);
    }

    #[test]
    fn integrations_have_the_shape_of_what_they_call() {
        check("arn:aws:states:::states:startExecution", &["ExecutionArn", "StartDate"]);
        check("arn:aws:states:::aws-sdk:sfn:startExecution", &["ExecutionArn", "StartDate"]);
        check("arn:aws:states:::dynamodb:putItem", &[]);
        check("arn:aws:states:::events:putEvents", &[]);
    }

    #[test]
    fn a_job_answers_what_describes_it() {
        let required = ["ExecutionArn", "StateMachineArn", "Status", "StartDate"];
        check("arn:aws:states:::states:startExecution.sync", &required);
        check("arn:aws:states:::states:startExecution.sync:2", &required);
        check("arn:aws:states:::ecs:runTask.sync", &["unknown"]);
    }

    #[test]
    fn nothing_is_known_of_what_returns_a_token() {
        check("arn:aws:states:::sqs:sendMessage.waitForTaskToken", &["unknown"]);
        check("arn:aws:lambda:us-east-1:123456789012:function:f", &["unknown"]);
        check("arn:aws:states:::aws-sdk:quantum:entangle", &["unknown"]);
    }
}
