//! What an optimized integration adds to a service's answer: how the answer came over HTTP.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::simulator::frame::FrameId;
use crate::simulator::{Json, Simulation};
use crate::spec::resource::SDK_METADATA;

/// A value without what the SDK tells of the HTTP request, at any depth.
pub fn without_metadata(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let rest = map.iter().filter(|(key, _)| !SDK_METADATA.contains(&key.as_str()));
            Value::Object(rest.map(|(key, value)| (key.clone(), without_metadata(value))).collect())
        }
        Value::Array(elements) => Value::Array(elements.iter().map(without_metadata).collect()),
        scalar => scalar.clone(),
    }
}

impl Simulation {
    /// A service's answer with `SdkHttpMetadata` and `SdkResponseMetadata`.
    pub(in crate::simulator) fn with_metadata(
        &self,
        id: FrameId,
        response: Value,
        request_id: &str,
        content_type: &str,
    ) -> Json {
        let body = response.to_string();
        let time = self.frames.get(&id).map_or(self.trace.now, |frame| frame.time);
        let date = jiff::Timestamp::from_millisecond(time.0).unwrap_or_default();
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let crc32 = crc32fast::hash(body.as_bytes()).to_string();
        let length = body.len().to_string();
        let headers = [
            ("Server", "Server"),
            ("Connection", "keep-alive"),
            ("x-amzn-RequestId", request_id),
            ("x-amz-crc32", &crc32),
            ("Content-Length", &length),
            ("Date", &date),
            ("Content-Type", content_type),
        ];
        let all: Map<String, Value> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect();
        let single: Map<String, Value> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let mut result = match response {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let [http, metadata] = SDK_METADATA;
        let status = json!({"AllHttpHeaders": all, "HttpHeaders": single, "HttpStatusCode": 200});
        result.insert(http.into(), status);
        result.insert(metadata.into(), json!({"RequestId": request_id}));
        Arc::new(Value::Object(result))
    }
}
