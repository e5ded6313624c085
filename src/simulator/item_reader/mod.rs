//! Items from objects: what an `ItemReader` makes of CSV, JSON, JSON Lines and Parquet, of the objects of a list and of
//! those that a manifest names.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html>

mod csv;
mod manifest;
mod parquet;

use std::sync::Arc;

use serde_json::Value;

pub(super) use self::manifest::read_object;
use super::Objects;
use crate::spec::{Field, field_value, quota};

/// Why there are no items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ReadError {
    /// `States.ItemReaderFailed`, with AWS's text.
    Failed(String),
    /// A form or source that is not simulated: why.
    Unsupported(String),
}

fn failed(message: &str) -> ReadError {
    ReadError::Failed(message.to_owned())
}

fn unsupported(message: impl Into<String>) -> ReadError {
    ReadError::Unsupported(message.into())
}

/// An item, and the object that it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ReadItem {
    pub(super) value: Value,
    pub(super) source: Arc<str>,
}

/// Where an object lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) bucket: String,
    pub(super) key: String,
}

impl Place {
    /// `Map.Item.Source` of the items in it.
    fn source(&self) -> Arc<str> {
        Arc::from(format!("S3://{}/{}", self.bucket, self.key))
    }

    fn body<'a>(&self, objects: &'a Objects) -> Result<&'a [u8], ReadError> {
        let Place { bucket, key } = self;
        check_bucket(objects, bucket)?;
        let body = objects.get(bucket, key).map(|body| &**body);
        body.ok_or_else(|| unsupported(format!("There is no object '{key}' in the bucket '{bucket}'")))
    }
}

/// Says how to give a bucket that is not there.
pub(super) fn check_bucket(objects: &Objects, bucket: &str) -> Result<(), ReadError> {
    if objects.has_bucket(bucket) {
        return Ok(());
    }
    Err(unsupported(format!(
        "There is no bucket '{bucket}': give a folder that holds it, DIR/{bucket}/…, with --s3 DIR"
    )))
}

/// The items of all objects whose keys begin with a prefix, one object after the other.
pub(super) fn load_and_flatten(
    objects: &Objects,
    bucket: &str,
    prefix: &str,
    config: &Value,
    items_max: usize,
) -> Result<Vec<ReadItem>, ReadError> {
    let mut items = Vec::new();
    for (key, body) in objects.list(bucket, prefix) {
        if items.len() >= items_max {
            break;
        }
        let source = Place { bucket: bucket.to_owned(), key: key.to_string() }.source();
        let values = read(body, config, items_max - items.len())?;
        items.extend(values.into_iter().map(|value| ReadItem { value, source: source.clone() }));
        check_count(items.len())?;
    }
    Ok(items)
}

/// The first items of an object.
///
/// `config` is the `ReaderConfig`. Without an `InputType` the object is JSON.
pub(super) fn read(body: &[u8], config: &Value, items_max: usize) -> Result<Vec<Value>, ReadError> {
    let text = |field: Field| config.get(field.name()).and_then(Value::as_str);
    match text(Field::InputType).unwrap_or(field_value::JSON) {
        field_value::CSV => csv::read(body, config, items_max),
        field_value::JSON => json(body, text(Field::ItemsPointer), items_max),
        field_value::JSONL => json_lines(body, items_max),
        field_value::PARQUET => parquet::read(body, items_max),
        other => Err(unsupported(format!("Items of the type {other} cannot be read from an object"))),
    }
}

/// A map of more items than that is not simulated.
fn check_count(n_items: usize) -> Result<(), ReadError> {
    let limit = quota::READ_ITEMS_MAX;
    if n_items > limit {
        return Err(unsupported(format!("At most {limit} items are read here: give MaxItems")));
    }
    Ok(())
}

fn json(body: &[u8], pointer: Option<&str>, items_max: usize) -> Result<Vec<Value>, ReadError> {
    let mut value: Value =
        serde_json::from_slice(body).map_err(|_| failed("Failed to parse the JSON object."))?;
    let items = match pointer {
        Some(pointer) => value.pointer_mut(pointer).map(Value::take).unwrap_or(Value::Null),
        None => value,
    };
    match items {
        Value::Array(mut items) => {
            items.truncate(items_max);
            check_count(items.len())?;
            Ok(items)
        }
        _ => Err(failed("Attempting to map over non-iterable node.")),
    }
}

fn json_lines(body: &[u8], items_max: usize) -> Result<Vec<Value>, ReadError> {
    let lines = body.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let mut items = Vec::new();
    for line in lines.take(items_max) {
        let item = serde_json::from_slice(line);
        items.push(item.map_err(|_| failed("Failed to parse a line of the JSONL object."))?);
        check_count(items.len())?;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &[u8], config: &Value) -> Result<Vec<Value>, ReadError> {
        super::read(body, config, usize::MAX)
    }

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
    fn no_more_than_wanted() {
        let lines = super::read(b"1\n2\nbroken", &json!({"InputType": "JSONL"}), 2);
        assert_eq!(lines, Ok(vec![json!(1), json!(2)]));
        assert_eq!(super::read(b"[1, 2, 3]", &json!({}), 1), Ok(vec![json!(1)]));
    }

    #[test]
    fn objects_of_a_list_one_after_the_other() {
        let mut objects = Objects::default();
        objects.insert("b", "in/1", b"[1, 2]");
        objects.insert("b", "in/2", b"[3]");
        objects.insert("b", "out", b"no JSON");
        let items = load_and_flatten(&objects, "b", "in/", &json!({}), 10).unwrap();
        let items: Vec<_> = items.iter().map(|item| (item.value.clone(), &*item.source)).collect();
        let expected = [(json!(1), "S3://b/in/1"), (json!(2), "S3://b/in/1"), (json!(3), "S3://b/in/2")];
        assert_eq!(items, expected);
        assert_eq!(load_and_flatten(&objects, "b", "in/", &json!({}), 2).unwrap().len(), 2);
    }

    #[test]
    fn a_pointer_into_the_object() {
        let config = json!({"InputType": "JSON", "ItemsPointer": "/a/b"});
        assert_eq!(read(br#"{"a": {"b": [1]}}"#, &config), Ok(vec![json!(1)]));
    }
}
