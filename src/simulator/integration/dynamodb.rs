//! DynamoDB tasks, optimized and through the AWS SDK, against the in-memory store or whoever answers for remote tables.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html>

use std::sync::Arc;

use serde_json::Value;

use super::{Call, Reply};
use crate::dynamodb;
use crate::simulator::exchange::{RemoteRequest, TaskRequest};
use crate::simulator::frame::FrameId;
use crate::simulator::{Json, Simulation, StatesError, TableChange};
use crate::spec::{ObjectSpec, ServiceKind, dynamodb as spec};

impl Simulation {
    pub(super) fn call_dynamodb(
        &mut self,
        id: FrameId,
        operation: &str,
        call: &Call<'_>,
    ) -> Result<Reply, String> {
        if let Some(problem) = wrong_type(&call.parameters) {
            return Ok(Reply::NotStarted(problem));
        }
        let is_optimized = call.resource.kind == ServiceKind::Optimized;
        let request = match spec::action(call.resource.action).filter(|_| is_optimized) {
            Some(action) => known_parameters(action, &call.parameters),
            None => call.parameters.clone(),
        };
        let request_id = self.alphanumeric(52);
        if self.scenario.is_database_remote {
            let request = RemoteRequest { operation: Arc::from(operation), body: request };
            return Ok(Reply::Request(Box::new(TaskRequest { request, is_optimized, request_id })));
        }
        let before = self.trace.database.clone();
        let millis = self.frames.get(&id).map_or(0, |frame| frame.time.0);
        self.trace.database.set_now_millis(u64::try_from(millis).unwrap_or(0));
        let answer = self.trace.database.call(operation, &request);
        let after = self.trace.database.clone();
        let written = before.diff(&after).into_iter().flat_map(|table| table.items);
        let n_bytes = written.filter_map(|item| item.after).map(|item| item.size_bytes()).sum();
        self.keep(n_bytes, self.activation(id).map(|activation| activation.state));
        if let Some(visit) = self.activation(id).map(|activation| activation.visit) {
            self.trace.visit_mut(visit, |visit| visit.tables = Some(Box::new(TableChange { before, after })));
        }
        match answer {
            Ok(response) => Ok(Reply::Success(self.dynamodb_result(id, response, is_optimized, &request_id))),
            Err(
                error @ (dynamodb::Error::Unsupported { .. }
                | dynamodb::Error::UnsupportedOperation { .. }
                | dynamodb::Error::UnknownOperationException),
            ) => Err(format!("DynamoDB's {operation} is not simulated with these parameters. {error}")),
            Err(error) => {
                let failure = Failure { code: error.code(), message: &error.to_string(), status: 400 };
                Ok(Reply::Failure(failure.error(is_optimized, &request_id)))
            }
        }
    }

    /// The body of a response as the task's result.
    pub(in crate::simulator) fn dynamodb_result(
        &self,
        id: FrameId,
        body: Value,
        is_optimized: bool,
        request_id: &str,
    ) -> Json {
        if is_optimized {
            self.with_metadata(id, body, request_id, "application/x-amz-json-1.0")
        } else {
            Arc::new(body)
        }
    }
}

/// The parameters that the optimized integration knows; it drops all others.
fn known_parameters(action: &ObjectSpec, parameters: &Json) -> Json {
    let is_known = |name: &str| action.takes(name, ServiceKind::Optimized);
    match &**parameters {
        Value::Object(map) if map.keys().any(|name| !is_known(name)) => {
            let known = map.iter().filter(|(name, _)| is_known(name));
            Arc::new(Value::Object(known.map(|(name, value)| (name.clone(), value.clone())).collect()))
        }
        _ => parameters.clone(),
    }
}

/// Step Functions builds the request itself and refuses values of the wrong JSON type in it: `{"N": 5}`.
fn wrong_type(parameters: &Value) -> Option<String> {
    let holds_values = |name: &str| {
        let mut parameters = spec::optimized_actions().filter_map(|action| action.parameter(name));
        parameters.any(|parameter| parameter.holds.is_attribute_map())
    };
    let maps = parameters.as_object()?.iter().filter(|(name, _)| holds_values(name));
    let mut todo: Vec<&Value> =
        maps.filter_map(|(_, map)| map.as_object()).flat_map(|map| map.values()).collect();
    while let Some(value) = todo.pop() {
        for (kind, inner) in value.as_object().into_iter().flatten() {
            match kind.as_str() {
                "S" | "N" | "B" if !inner.is_string() && !inner.is_null() => {
                    return Some(format!("The value for the field '{kind}' must be a STRING"));
                }
                "BOOL" | "NULL" if !inner.is_boolean() && !inner.is_null() => {
                    return Some(format!("The value for the field '{kind}' must be a BOOLEAN"));
                }
                "M" => todo.extend(inner.as_object().into_iter().flat_map(|map| map.values())),
                "L" => todo.extend(inner.as_array().into_iter().flatten()),
                _ => {}
            }
        }
    }
    None
}

/// An error that DynamoDB answers.
pub(in crate::simulator) struct Failure<'a> {
    /// The name on the wire, without namespace.
    pub(in crate::simulator) code: &'a str,
    pub(in crate::simulator) message: &'a str,
    /// The status of the response.
    pub(in crate::simulator) status: u16,
}

impl Failure<'_> {
    /// The error as Step Functions names it. The two integrations spell the service differently.
    pub(in crate::simulator) fn error(&self, is_optimized: bool, request_id: &str) -> StatesError {
        let Failure { code, message, status } = self;
        // The SDK's classes end alike; `InternalServerError` and `RequestLimitExceeded` do not on the wire.
        let suffix = if code.ends_with("Exception") { "" } else { "Exception" };
        let is_modelled = dynamodb::is_modelled(code);
        if is_optimized {
            let name =
                if is_modelled { format!("{code}{suffix}") } else { "AmazonDynamoDBException".to_owned() };
            let cause = format!(
                "{message} (Service: AmazonDynamoDBv2; Status Code: {status}; Error Code: {code}; \
                 Request ID: {request_id}; Proxy: null)"
            );
            StatesError::new(&format!("DynamoDB.{name}"), cause)
        } else {
            let name = if is_modelled { format!("{code}{suffix}") } else { "DynamoDbException".to_owned() };
            let cause =
                format!("{message} (Service: DynamoDb, Status Code: {status}, Request ID: {request_id})");
            StatesError::new(&format!("DynamoDb.{name}"), cause)
        }
    }
}
