//! Rows of Apache Parquet, as objects.
//!
//! Numbers and booleans stay what they are, binary data is base64, times are text as ISO 8601 has it, decimals are text
//! so that no digit is lost.

use base64::Engine;
use parquet::data_type::Decimal;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field as Cell, Row};
use serde_json::{Map, Value};

use super::{ReadError, check_count, failed, unsupported};
use crate::spec::quota;

/// Whether the object says of itself that it is Parquet.
pub(super) fn is_parquet(body: &[u8]) -> bool {
    body.starts_with(b"PAR1")
}

/// The first rows.
pub(super) fn read(body: &[u8], items_max: usize) -> Result<Vec<Value>, ReadError> {
    // The library trusts what a file says of itself; a file that lies may make it panic.
    let rows = std::panic::catch_unwind(|| rows(body, items_max));
    rows.unwrap_or_else(|_| Err(failed("Failed to parse the Parquet object.")))
}

fn rows(body: &[u8], items_max: usize) -> Result<Vec<Value>, ReadError> {
    let no_parquet = |_| failed("Failed to parse the Parquet object.");
    let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(body)).map_err(no_parquet)?;
    let groups = reader.metadata().row_groups();
    let n_bytes = groups.iter().map(|group| u64::try_from(group.total_byte_size()).unwrap_or(u64::MAX));
    if n_bytes.fold(0, u64::saturating_add) > quota::S3_BYTES_MAX {
        let limit = quota::S3_BYTES_MAX / 1_048_576;
        return Err(unsupported(format!("An object of more than {limit} MiB is not read")));
    }
    let mut items = Vec::new();
    for row in reader.get_row_iter(None).map_err(no_parquet)?.take(items_max) {
        let row = row.map_err(|error| unsupported(format!("The Parquet object cannot be read: {error}")))?;
        items.push(object(&row));
        check_count(items.len())?;
    }
    Ok(items)
}

/// A row as an object. Recursive over the schema, which the library has walked the same way.
fn object(row: &Row) -> Value {
    let members = row.get_column_iter().map(|(name, cell)| (name.clone(), value(cell)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Bool(flag) => Value::from(*flag),
        Cell::Byte(n) => Value::from(*n),
        Cell::Short(n) => Value::from(*n),
        Cell::Int(n) => Value::from(*n),
        Cell::Long(n) => Value::from(*n),
        Cell::UByte(n) => Value::from(*n),
        Cell::UShort(n) => Value::from(*n),
        Cell::UInt(n) => Value::from(*n),
        Cell::ULong(n) => Value::from(*n),
        Cell::Float16(n) => Value::from(f32::from(*n)),
        // By way of its text, so that 0.1 stays 0.1.
        Cell::Float(n) => n.to_string().parse::<f64>().map_or(Value::Null, Value::from),
        Cell::Double(n) => Value::from(*n),
        Cell::Decimal(decimal) => Value::from(decimal_text(decimal)),
        Cell::Str(text) => Value::from(text.as_str()),
        Cell::Bytes(bytes) => Value::from(base64::engine::general_purpose::STANDARD.encode(bytes.data())),
        Cell::Date(days) => {
            let date = moment(i64::from(*days).saturating_mul(86_400_000_000));
            date.map_or(Value::Null, |moment| Value::from(moment.strftime("%Y-%m-%d").to_string()))
        }
        Cell::TimeMillis(ms) => time_of_day(i64::from(*ms).saturating_mul(1_000)),
        Cell::TimeMicros(us) => time_of_day(*us),
        Cell::TimestampMillis(ms) => timestamp(ms.saturating_mul(1_000)),
        Cell::TimestampMicros(us) => timestamp(*us),
        Cell::Group(row) => object(row),
        Cell::ListInternal(list) => Value::Array(list.elements().iter().map(value).collect()),
        Cell::MapInternal(map) => {
            let entries = map.entries().iter().map(|(key, entry)| {
                let key = value(key);
                (key.as_str().map_or_else(|| key.to_string(), str::to_owned), value(entry))
            });
            Value::Object(entries.collect())
        }
    }
}

fn moment(microseconds: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(microseconds).ok()
}

fn timestamp(microseconds: i64) -> Value {
    moment(microseconds).map_or(Value::Null, |moment| Value::from(moment.to_string()))
}

fn time_of_day(microseconds: i64) -> Value {
    let time = moment(microseconds);
    time.map_or(Value::Null, |moment| Value::from(moment.strftime("%H:%M:%S%.f").to_string()))
}

/// The digits of a decimal, which is a big-endian integer and a number of digits after the point.
fn decimal_text(decimal: &Decimal) -> String {
    let digits = bigdecimal::num_bigint::BigInt::from_signed_bytes_be(decimal.data());
    bigdecimal::BigDecimal::new(digits, i64::from(decimal.scale())).to_plain_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;
    use serde_json::json;

    use super::*;

    fn file(compression: Compression) -> Vec<u8> {
        let schema = "message m { required int64 n; optional binary s (UTF8);
            required double d; required int32 day (DATE); }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&[1, -2], None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&[ByteArray::from("x")], Some(&[1, 0]), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(&[0.5, 2.0], None, None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&[0, 19_000], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.into_inner().unwrap()
    }

    #[test]
    fn rows_are_objects() {
        let expected = [
            json!({"n": 1, "s": "x", "d": 0.5, "day": "1970-01-01"}),
            json!({"n": -2, "s": null, "d": 2.0, "day": "2022-01-08"}),
        ];
        for compression in
            [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(Default::default())]
        {
            assert_eq!(read(&file(compression), 9).unwrap(), expected);
        }
        assert_eq!(read(&file(Compression::SNAPPY), 1).unwrap().len(), 1);
    }

    #[test]
    fn what_is_no_parquet() {
        let error = Err(failed("Failed to parse the Parquet object."));
        assert_eq!(read(b"PAR1 but no more PAR1", 9), error);
        assert_eq!(read(b"", 9), error);
    }

    #[test]
    fn a_damaged_file_ends_in_an_error() {
        let file = file(Compression::SNAPPY);
        for place in (4..file.len()).step_by(7) {
            let mut damaged = file.clone();
            damaged[place] ^= 0x55;
            let _ = read(&damaged, 9);
        }
    }
}
