//! The answer to the request that starts a job or hands out a task token: the output of `TaskSubmitted`.
//!
//! A mock says how the task ends; how it began follows from the request, as far as the service's answer does.

use std::sync::Arc;

use md5::{Digest, Md5};
use serde_json::{Map, Value, json};

use super::Call;
use crate::expr::Entropy;
use crate::simulator::frame::FrameId;
use crate::simulator::{Json, Simulation};
use crate::spec::ServiceKind;

impl Simulation {
    /// The output of `TaskSubmitted`.
    pub(in crate::simulator) fn submitted(&mut self, id: FrameId, call: &Call<'_>) -> Json {
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
            ("states", "startExecution") => {
                let machine = parameters.get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
                let execution = machine.replacen(":stateMachine:", ":execution:", 1);
                let name = parameters.get("Name").and_then(Value::as_str).map(str::to_owned);
                let name = name.unwrap_or_else(|| self.entropy.uuid_v4());
                json!({"ExecutionArn": format!("{execution}:{name}"), "StartDate": time.to_string()})
            }
            _ => Value::Object(Map::new()),
        };
        if call.resource.kind == ServiceKind::Sdk {
            return Arc::new(answer);
        }
        let request_id = self.entropy.uuid_v4();
        self.with_metadata(id, answer, &request_id, "application/x-amz-json-1.0")
    }
}
