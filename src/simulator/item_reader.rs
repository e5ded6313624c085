//! Items from objects: what an `ItemReader` makes of CSV, JSON and JSON Lines.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::spec::Field;

/// Why there are no items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReadError {
    /// `States.ItemReaderFailed`, with AWS's text.
    Failed(String),
    /// A form that is not simulated: why.
    Unsupported(String),
}

fn failed(message: &str) -> ReadError {
    ReadError::Failed(message.to_owned())
}

/// The items of an object.
///
/// `config` is the `ReaderConfig`. Without an `InputType` the object is JSON.
pub(super) fn read(body: &[u8], config: &Value) -> Result<Vec<Value>, ReadError> {
    let text = |field: Field| config.get(field.name()).and_then(Value::as_str);
    match text(Field::InputType).unwrap_or("JSON") {
        "CSV" => csv(body, config),
        "JSON" => json(body, text(Field::ItemsPointer)),
        "JSONL" => json_lines(body),
        other => Err(ReadError::Unsupported(format!("An ItemReader of {other} is not simulated yet"))),
    }
}

fn json(body: &[u8], pointer: Option<&str>) -> Result<Vec<Value>, ReadError> {
    let value: Value =
        serde_json::from_slice(body).map_err(|_| failed("Failed to parse the JSON object."))?;
    let items = match pointer {
        Some(pointer) => value.pointer(pointer).cloned().unwrap_or(Value::Null),
        None => value,
    };
    match items {
        Value::Array(items) => Ok(items),
        _ => Err(failed("Attempting to map over non-iterable node.")),
    }
}

fn json_lines(body: &[u8]) -> Result<Vec<Value>, ReadError> {
    let lines = body.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    lines
        .map(|line| {
            serde_json::from_slice(line).map_err(|_| failed("Failed to parse a line of the JSONL object."))
        })
        .collect()
}

fn csv(body: &[u8], config: &Value) -> Result<Vec<Value>, ReadError> {
    let delimiter = match config.get(Field::CSVDelimiter.name()).and_then(Value::as_str) {
        Some("PIPE") => b'|',
        Some("SEMICOLON") => b';',
        Some("SPACE") => b' ',
        Some("TAB") => b'\t',
        _ => b',',
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(body);
    let mut records = reader.records().map(|record| record.map_err(|error| failed(&error.to_string())));
    let given = config.get(Field::CSVHeaderLocation.name()).and_then(Value::as_str) == Some("GIVEN");
    let headers: Vec<String> = if given {
        let headers = config
            .get(Field::CSVHeaders.name())
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        headers.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    } else {
        match records.next().transpose()? {
            Some(record) => record.iter().map(str::to_owned).collect(),
            None => return Ok(Vec::new()),
        }
    };
    if headers.iter().collect::<BTreeSet<_>>().len() < headers.len() {
        return Err(failed("CSV headers cannot contain duplicates."));
    }
    records
        .map(|record| {
            let record = record?;
            // What a row lacks is empty; what it has too much is dropped.
            let values =
                headers.iter().zip(record.iter().map(str::to_owned).chain(std::iter::repeat(String::new())));
            Ok(Value::Object(
                values.map(|(name, value)| (name.clone(), Value::from(value))).collect::<Map<_, _>>(),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_as_long_as_the_headers() {
        let items = read(b"a,b\n1,2,3\n4\n", &json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}));
        assert_eq!(items, Ok(vec![json!({"a": "1", "b": "2"}), json!({"a": "4", "b": ""})]));
    }

    #[test]
    fn headers_that_are_given() {
        let config = json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["x", "x"]});
        assert_eq!(read(b"1,2\n", &config), Err(failed("CSV headers cannot contain duplicates.")));
    }

    #[test]
    fn json_that_is_no_array() {
        assert_eq!(read(b"{}", &json!({})), Err(failed("Attempting to map over non-iterable node.")));
    }

    #[test]
    fn json_lines_skip_blank_ones() {
        assert_eq!(
            read(b"1\n\n{\"a\": 2}\n", &json!({"InputType": "JSONL"})),
            Ok(vec![json!(1), json!({"a": 2})])
        );
    }

    #[test]
    fn a_pointer_into_the_object() {
        let config = json!({"InputType": "JSON", "ItemsPointer": "/a/b"});
        assert_eq!(read(br#"{"a": {"b": [1]}}"#, &config), Ok(vec![json!(1)]));
    }
}
