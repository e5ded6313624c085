//! The answer to the request that starts a job or hands out a task token: the output of `TaskSubmitted`.
//!
//! A mock says how the task ends; how it began follows from the request, as far as the service's answer does.

use std::sync::Arc;

use md5::{Digest, Md5};
use serde_json::{Map, Value, json};

use super::{Call, Reply};
use crate::expr::Entropy;
use crate::simulator::frame::FrameId;
use crate::simulator::{Json, Simulation, Time, nested};
use crate::spec::ServiceKind;

impl Simulation {
    /// The output of `TaskSubmitted`.
    pub(in crate::simulator) fn submitted(&mut self, id: FrameId, call: &Call<'_>, reply: &Reply) -> Json {
        let parameters = &call.parameters;
        let time = self.frames.get(&id).map_or(self.trace.now, |frame| frame.time);
        let answer = match (call.resource.service, call.resource.action) {
            ("sqs", "sendMessage") => {
                let body = match parameters.get("MessageBody") {
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                    None => String::new(),
                };
                let digest = Md5::digest(body.as_bytes());
                let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                json!({"MD5OfMessageBody": hex, "MessageId": self.entropy.uuid_v4()})
            }
            ("sns", "publish") => json!({"MessageId": self.entropy.uuid_v4()}),
            ("states", "startExecution") => self.started_execution(call, reply, time),
            _ => Value::Object(Map::new()),
        };
        if call.resource.kind == ServiceKind::Sdk {
            return Arc::new(answer);
        }
        let request_id = self.entropy.uuid_v4();
        self.with_metadata(id, answer, &request_id, "application/x-amz-json-1.0")
    }

    /// The answer to `StartExecution`. What a mock says of the execution at its end holds at its start too.
    fn started_execution(&mut self, call: &Call<'_>, reply: &Reply, time: Time) -> Value {
        let (described, started) = match reply {
            Reply::Success(result) => (Some(result), None),
            Reply::Execution(nested) => (None, Some(nested)),
            Reply::Failure(_) | Reply::NotStarted(_) | Reply::Nothing | Reply::Request(_) => (None, None),
        };
        if let Some(nested) = started {
            return nested.answer_to_start();
        }
        let described = |key: &str| described.and_then(|result| result.get(key)).cloned();
        let arn = described(nested::EXECUTION_ARN).unwrap_or_else(|| {
            let machine = call.parameters.get(nested::STATE_MACHINE_ARN).and_then(Value::as_str);
            let execution = machine.unwrap_or_default().replacen(":stateMachine:", ":execution:", 1);
            let name = call.parameters.get(nested::NAME).and_then(Value::as_str).map(str::to_owned);
            let name = name.unwrap_or_else(|| self.entropy.uuid_v4());
            Value::from(format!("{execution}:{name}"))
        });
        let date = described(nested::START_DATE).unwrap_or_else(|| Value::from(time.to_string()));
        json!({nested::EXECUTION_ARN: arn, nested::START_DATE: date})
    }
}
