//! Rows of text, separated by a character.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{ReadError, check_count, failed};
use crate::spec::{Field, field_value};

/// The rows as objects of texts, by the names in the first row or in `CSVHeaders`.
pub(super) fn read(body: &[u8], config: &Value, items_max: usize) -> Result<Vec<Value>, ReadError> {
    let delimiter = match config.get(Field::CSVDelimiter.name()).and_then(Value::as_str) {
        Some("PIPE") => b'|',
        Some("SEMICOLON") => b';',
        Some("SPACE") => b' ',
        Some("TAB") => b'\t',
        _ => b',',
    };
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(body);
    let mut records = reader.records().map(|record| record.map_err(|error| failed(&error.to_string())));
    let given =
        config.get(Field::CSVHeaderLocation.name()).and_then(Value::as_str) == Some(field_value::GIVEN);
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
    let mut items = Vec::new();
    for record in records.take(items_max) {
        items.push(row(&headers, &record?));
        check_count(items.len())?;
    }
    Ok(items)
}

/// A row as an object. What it lacks is empty; what it has too much is dropped.
pub(super) fn row(headers: &[String], record: &::csv::StringRecord) -> Value {
    let values = headers.iter().zip(record.iter().map(str::to_owned).chain(std::iter::repeat(String::new())));
    Value::Object(values.map(|(name, value)| (name.clone(), Value::from(value))).collect::<Map<_, _>>())
}
