//! Manifests: objects that name others with the items. Those may be compressed with gzip.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html>,
//! <https://docs.aws.amazon.com/athena/latest/ug/unload.html>

use std::borrow::Cow;
use std::io::Read;

use serde_json::{Map, Value};

use super::{Place, ReadError, ReadItem, check_count, failed, parquet, read, unsupported};
use crate::simulator::Objects;
use crate::spec::{Field, field_value, quota};

/// The first items of an object, or of the objects that it names if it is a manifest.
pub(in crate::simulator) fn read_object(
    objects: &Objects,
    place: &Place,
    config: &Value,
    items_max: usize,
) -> Result<Vec<ReadItem>, ReadError> {
    let text = |field: Field| config.get(field.name()).and_then(Value::as_str);
    let body = place.body(objects)?;
    match (text(Field::ManifestType), text(Field::InputType)) {
        // AWS: a manifest of which no more is said is an inventory.
        (Some(field_value::S3_INVENTORY), _) | (None, Some(field_value::MANIFEST)) => {
            inventory(objects, body, items_max)
        }
        (Some(field_value::ATHENA_DATA), _) => athena(objects, body, config, items_max),
        _ => {
            let source = place.source();
            let values = read(body, config, items_max)?;
            Ok(values.into_iter().map(|value| ReadItem { value, source: source.clone() }).collect())
        }
    }
}

/// The objects of an inventory: each row describes one.
fn inventory(objects: &Objects, body: &[u8], items_max: usize) -> Result<Vec<ReadItem>, ReadError> {
    let manifest: Value =
        serde_json::from_slice(body).map_err(|_| failed("Failed to parse the manifest object."))?;
    let text = |key: &str| manifest.get(key).and_then(Value::as_str);
    let (Some(bucket), Some(files)) =
        (text("destinationBucket"), manifest.get("files").and_then(Value::as_array))
    else {
        return Err(failed("The manifest has no destinationBucket or no files."));
    };
    let bucket = bucket.rsplit(':').next().unwrap_or(bucket);
    let format = text("fileFormat").unwrap_or("CSV");
    let columns: Vec<String> =
        text("fileSchema").unwrap_or_default().split(',').map(|name| name.trim().to_owned()).collect();
    let keys = files.iter().filter_map(|file| file.get("key")?.as_str());
    let places = keys.map(|key| Place { bucket: bucket.to_owned(), key: key.to_owned() });
    let mut config = Map::new();
    match format.to_ascii_uppercase().as_str() {
        // AWS: the columns have no names of their own in the files.
        "CSV" => {
            config.insert(Field::InputType.name().into(), field_value::CSV.into());
            config.insert(Field::CSVHeaderLocation.name().into(), field_value::GIVEN.into());
            config.insert(Field::CSVHeaders.name().into(), columns.into());
        }
        "PARQUET" => {
            config.insert(Field::InputType.name().into(), field_value::PARQUET.into());
        }
        other => return Err(unsupported(format!("An inventory in the format {other} is not simulated"))),
    }
    read_places(objects, places, &Value::Object(config), items_max)
}

/// The rows of the objects that Athena wrote for a query: a line for each object.
fn athena(
    objects: &Objects,
    body: &[u8],
    config: &Value,
    items_max: usize,
) -> Result<Vec<ReadItem>, ReadError> {
    let text = String::from_utf8_lossy(body);
    let lines = text.lines().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty());
    let places = lines.map(|line| {
        let place = line.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
        let (bucket, key) = place.ok_or_else(|| failed("A line of the manifest is not an S3 URI."))?;
        Ok(Place { bucket: bucket.to_owned(), key: key.to_owned() })
    });
    let places = places.collect::<Result<Vec<_>, ReadError>>()?;
    read_places(objects, places.into_iter(), config, items_max)
}

fn read_places(
    objects: &Objects,
    places: impl Iterator<Item = Place>,
    config: &Value,
    items_max: usize,
) -> Result<Vec<ReadItem>, ReadError> {
    let mut items = Vec::new();
    for place in places {
        if items.len() >= items_max {
            break;
        }
        let body = uncompressed(place.body(objects)?)?;
        let source = place.source();
        let values = read(&body, config, items_max - items.len())?;
        items.extend(values.into_iter().map(|value| ReadItem { value, source: source.clone() }));
        check_count(items.len())?;
    }
    Ok(items)
}

/// An object without its compression: gzip is known by its first bytes.
fn uncompressed(body: &[u8]) -> Result<Cow<'_, [u8]>, ReadError> {
    if !body.starts_with(&[0x1f, 0x8b]) || parquet::is_parquet(body) {
        return Ok(Cow::Borrowed(body));
    }
    let mut plain = Vec::new();
    let decoder = flate2::read::MultiGzDecoder::new(body);
    let read = decoder.take(quota::S3_BYTES_MAX.saturating_add(1)).read_to_end(&mut plain);
    read.map_err(|_| failed("Failed to decompress the object."))?;
    if plain.len() as u64 > quota::S3_BYTES_MAX {
        let limit = quota::S3_BYTES_MAX / 1_048_576;
        return Err(unsupported(format!("An object of more than {limit} MiB is not read")));
    }
    Ok(Cow::Owned(plain))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use serde_json::json;

    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[track_caller]
    fn check(objects: &Objects, config: Value, expected: Result<Vec<Value>, &str>) {
        let place = Place { bucket: "b".to_owned(), key: "manifest".to_owned() };
        let items = read_object(objects, &place, &config, 3);
        let items = items.map(|items| items.into_iter().map(|item| item.value).collect::<Vec<_>>());
        let items = items.map_err(|error| match error {
            ReadError::Failed(text) | ReadError::Unsupported(text) => text,
        });
        assert_eq!(items, expected.map_err(str::to_owned));
    }

    #[test]
    fn an_inventory_in_compressed_rows() {
        let mut objects = Objects::default();
        let manifest = json!({
            "sourceBucket": "s", "destinationBucket": "arn:aws:s3:::b", "fileFormat": "CSV",
            "fileSchema": "Bucket, Key, Size",
            "files": [{"key": "data/1.csv.gz"}, {"key": "data/2.csv"}],
        });
        objects.insert("b", "manifest", manifest.to_string().as_bytes());
        objects.insert("b", "data/1.csv.gz", &gzip("\"s\",\"a%20b\",\"1\"\n\"s\",\"c\",\"2\"\n"));
        objects.insert("b", "data/2.csv", b"s,d,3\ns,e,4\n");
        let row = |key: &str, size: &str| json!({"Bucket": "s", "Key": key, "Size": size});
        let rows = vec![row("a%20b", "1"), row("c", "2"), row("d", "3")];
        check(&objects, json!({"InputType": "MANIFEST"}), Ok(rows.clone()));
        check(&objects, json!({"ManifestType": "S3_INVENTORY"}), Ok(rows));
    }

    #[test]
    fn what_athena_wrote() {
        let mut objects = Objects::default();
        objects.insert("b", "manifest", b"\"s3://b/x/1\"\ns3://c/2\n");
        objects.insert("b", "x/1", &gzip("{\"a\": 1}\n"));
        objects.insert("c", "2", b"{\"a\": 2}\n");
        let config = json!({"ManifestType": "ATHENA_DATA", "InputType": "JSONL"});
        check(&objects, config, Ok(vec![json!({"a": 1}), json!({"a": 2})]));
    }

    #[test]
    fn an_object_that_is_not_there() {
        let mut objects = Objects::default();
        objects.insert("b", "manifest", b"s3://b/../../etc/passwd\n");
        let config = json!({"ManifestType": "ATHENA_DATA", "InputType": "CSV"});
        check(&objects, config, Err("There is no object '../../etc/passwd' in the bucket 'b'"));
    }

    #[test]
    fn what_is_no_manifest() {
        let mut objects = Objects::default();
        objects.insert("b", "manifest", b"[]");
        let expected = Err("The manifest has no destinationBucket or no files.");
        check(&objects, json!({"InputType": "MANIFEST"}), expected);
    }
}
