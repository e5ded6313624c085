//! The messages of the Debug Adapter Protocol that are spoken here, with its names.
//!
//! <https://microsoft.github.io/debug-adapter-protocol/specification>

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a client asks.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Request {
    pub(super) seq: i64,
    pub(super) command: String,
    #[serde(default)]
    pub(super) arguments: Value,
}

/// What a client says of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct InitializeArguments {
    #[serde(rename = "linesStartAt1")]
    pub(super) lines_start_at_1: Option<bool>,
    #[serde(rename = "columnsStartAt1")]
    pub(super) columns_start_at_1: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Source {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_reference: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetBreakpointsArguments {
    pub(super) source: Source,
    #[serde(default)]
    pub(super) breakpoints: Vec<SourceBreakpoint>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SourceBreakpoint {
    pub(super) line: i64,
    pub(super) column: Option<i64>,
    pub(super) condition: Option<String>,
    pub(super) hit_condition: Option<String>,
    pub(super) log_message: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct SetFunctionBreakpointsArguments {
    pub(super) breakpoints: Vec<FunctionBreakpoint>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FunctionBreakpoint {
    pub(super) name: String,
    pub(super) condition: Option<String>,
    pub(super) hit_condition: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct SetExceptionBreakpointsArguments {
    pub(super) filters: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BreakpointLocationsArguments {
    pub(super) source: Source,
    pub(super) line: i64,
    pub(super) end_line: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ThreadArguments {
    pub(super) thread_id: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StackTraceArguments {
    pub(super) thread_id: i64,
    pub(super) start_frame: Option<usize>,
    pub(super) levels: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FrameArguments {
    pub(super) frame_id: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VariablesArguments {
    pub(super) variables_reference: i64,
    pub(super) filter: Option<String>,
    pub(super) start: Option<usize>,
    pub(super) count: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetVariableArguments {
    pub(super) variables_reference: i64,
    pub(super) name: String,
    pub(super) value: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EvaluateArguments {
    pub(super) expression: String,
    pub(super) frame_id: Option<i64>,
    pub(super) context: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SourceArguments {
    pub(super) source: Option<Source>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RestartArguments {
    /// The launch configuration, which may have changed.
    pub(super) arguments: Option<Value>,
}

/// What can be done here.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the protocol's")]
pub(super) struct Capabilities {
    pub(super) supports_configuration_done_request: bool,
    pub(super) supports_function_breakpoints: bool,
    pub(super) supports_conditional_breakpoints: bool,
    pub(super) supports_hit_conditional_breakpoints: bool,
    pub(super) supports_log_points: bool,
    pub(super) supports_breakpoint_locations_request: bool,
    pub(super) supports_evaluate_for_hovers: bool,
    pub(super) supports_set_variable: bool,
    pub(super) supports_step_back: bool,
    pub(super) supports_restart_frame: bool,
    pub(super) supports_restart_request: bool,
    pub(super) supports_exception_info_request: bool,
    pub(super) supports_loaded_sources_request: bool,
    pub(super) supports_terminate_request: bool,
    pub(super) support_terminate_debuggee: bool,
    pub(super) supports_clipboard_context: bool,
    pub(super) exception_breakpoint_filters: Vec<ExceptionFilter>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct ExceptionFilter {
    pub(super) filter: &'static str,
    pub(super) label: &'static str,
    pub(super) description: &'static str,
    pub(super) default: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BreakpointBody {
    pub(super) id: i64,
    pub(super) verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column: Option<i64>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct ThreadBody {
    pub(super) id: i64,
    pub(super) name: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StackFrame {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) line: i64,
    pub(super) column: i64,
    pub(super) end_line: i64,
    pub(super) end_column: i64,
    pub(super) can_restart: bool,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScopeBody {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) presentation_hint: Option<&'static str>,
    pub(super) variables_reference: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) named_variables: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) indexed_variables: Option<usize>,
    pub(super) expensive: bool,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) presentation_hint: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) evaluate_name: Option<String>,
    pub(super) variables_reference: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) named_variables: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) indexed_variables: Option<usize>,
}

/// An answer or an event, without its number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Message {
    Response { request_seq: i64, command: String, result: Result<Value, String> },
    Event { event: &'static str, body: Value },
}

impl Message {
    /// The message as it is sent.
    pub(super) fn to_json(&self, seq: i64) -> Value {
        let mut message = Map::new();
        message.insert("seq".into(), seq.into());
        match self {
            Message::Response { request_seq, command, result } => {
                message.insert("type".into(), "response".into());
                message.insert("request_seq".into(), (*request_seq).into());
                message.insert("success".into(), result.is_ok().into());
                message.insert("command".into(), command.as_str().into());
                match result {
                    Ok(Value::Null) => {}
                    Ok(body) => {
                        message.insert("body".into(), body.clone());
                    }
                    Err(text) => {
                        message.insert("message".into(), text.as_str().into());
                        // Braces begin a placeholder in a format.
                        let format = text.replace('{', "(").replace('}', ")");
                        message.insert(
                            "body".into(),
                            serde_json::json!({"error": {"id": 1, "format": format, "showUser": true}}),
                        );
                    }
                }
            }
            Message::Event { event, body } => {
                message.insert("type".into(), "event".into());
                message.insert("event".into(), (*event).into());
                message.insert("body".into(), body.clone());
            }
        }
        Value::Object(message)
    }
}
