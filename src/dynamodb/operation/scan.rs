//! Scan: every item of a table or index, or of a segment of it.
//!
//! Items come in the order of their keys. AWS's order is that of a hash it does not tell, so any stable order is as
//! good; this one is readable.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>

use super::read::{Parameters, Read, Source};
use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::hash::Hash;
use crate::dynamodb::item::Item;
use crate::dynamodb::key;
use crate::dynamodb::legacy;
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Constraints, Placeholders};
use crate::dynamodb::wire::Members;

/// A read of everything.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct Scan {
    read: Read,
    segment: Option<Segment>,
}

/// One of the parts of a parallel scan.
#[derive(Clone, Copy, Debug)]
struct Segment {
    index: u64,
    count: u64,
}

impl Scan {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<Scan, Failure> {
        let parameters = Parameters::read(members, "ScanFilter")?;
        let placeholders = Placeholders::read(members)?;
        let segment = members.integer("Segment")?;
        let segments = members.integer("TotalSegments")?;

        let mut constraints = Constraints::default();
        let capacity = parameters.constrain(members, &mut constraints, note_bad_limit)?;
        parameters.legacy_filter.constrain("scanFilter", &mut constraints);
        constraints.at_least(segment, "segment", 0);
        constraints.at_most(segment, "segment", 999_999);
        constraints.at_least(segments, "totalSegments", 1);
        constraints.at_most(segments, "totalSegments", 1_000_000);
        // All is read: now what is wrong is told, the name first.
        let table = validate::table_name(members, constraints)?;

        legacy::refuse_mixed(
            members,
            &["AttributesToGet", "ScanFilter", "ConditionalOperator"],
            &["ProjectionExpression", "FilterExpression"],
        )?;
        let mut expressions = vec![("FilterExpression", parameters.filter)];
        if parameters.projection.is_some() {
            expressions.push(("ProjectionExpression", parameters.projection));
        }
        placeholders.need_expression(&expressions)?;
        let segment = check_segment(segment, segments)?;
        let mut scope = placeholders.into_scope()?;
        let read = parameters.into_read(table, capacity, &mut scope)?;
        Ok(Scan { read, segment })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let source = self.read.source(database.existing(&self.read.table)?)?;
        validate::condition_keys_are_scalar(source.table, self.read.filter.as_ref())?;
        self.read.check_projection(source.table)?;
        let start = self.read.start(source, message::starting_key_of_scan_invalid)?;
        if let (Some(segment), Some(start)) = (self.segment, &start)
            && !segment.has(source, &start.item)
        {
            return Err(message::starting_key_of_other_segment().into());
        }
        let in_segment = |item: &&Item| self.segment.is_none_or(|segment| segment.has(source, item));
        let items = source.all(start.as_ref());
        Ok(self.read.page(source, items.filter(in_segment)))
    }
}

fn note_bad_limit(limit: Option<i64>, constraints: &mut Constraints) {
    constraints.at_least(limit, "limit", 1);
}

fn check_segment(segment: Option<i64>, segments: Option<i64>) -> Result<Option<Segment>, Message> {
    match (segment, segments) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(message::total_segments_missing()),
        (None, Some(_)) => Err(message::segment_missing()),
        (Some(index), Some(count)) if index >= count => Err(message::segment_too_large(index, count)),
        (Some(index), Some(count)) => Ok(u64::try_from(index)
            .ok()
            .zip(u64::try_from(count).ok())
            .map(|(index, count)| Segment { index, count })),
    }
}

impl Segment {
    /// Whether an item is in the segment: partitions are dealt out by a hash of their key.
    fn has(self, source: Source<'_>, item: &Item) -> bool {
        let attributes = source.key_schema().partition_attributes();
        let values = attributes.filter_map(|attribute| key::value_of(attribute, item));
        let hash = values.fold(Hash::START, |hash, value| value.hash(hash));
        hash.value() % self.count.max(1) == self.index
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::dynamodb::Database;
    use crate::dynamodb::operation::testing::check;

    #[test]
    fn reads_everything_in_the_order_of_keys() {
        check(
            "Scan",
            json!({"TableName": "two", "ProjectionExpression": "v"}),
            expect![[
                r#"{"Items":[{"v":{"S":"one"}},{"v":{"S":"two"}},{"v":{"S":"ten"}},{"v":{"S":"minus"}}],"Count":4,"ScannedCount":4}"#
            ]],
        );
        check(
            "Scan",
            json!({"TableName": "two", "IndexName": "gsi", "Select": "COUNT"}),
            expect![[r#"{"Count":3,"ScannedCount":3}"#]],
        );
        check(
            "Scan",
            json!({
                "TableName": "two", "Limit": 3, "FilterExpression": "begins_with(v, :t)",
                "ExpressionAttributeValues": {":t": {"S": "t"}}, "ReturnConsumedCapacity": "TOTAL",
            }),
            expect![[
                r#"{"Items":[{"gk":{"S":"g"},"lk":{"N":"8"},"pk":{"S":"a"},"sk":{"N":"2"},"v":{"S":"two"}},{"pk":{"S":"a"},"sk":{"N":"10"},"v":{"S":"ten"}}],"Count":2,"ScannedCount":3,"LastEvaluatedKey":{"pk":{"S":"a"},"sk":{"N":"10"}},"ConsumedCapacity":{"TableName":"two","CapacityUnits":0.5}}"#
            ]],
        );
        check(
            "Scan",
            json!({"TableName": "two", "ExclusiveStartKey": {"pk": {"S": "a"}, "sk": {"N": "10"}}}),
            expect![[
                r#"{"Items":[{"gk":{"S":"h"},"pk":{"S":"b"},"sk":{"N":"-1"},"v":{"S":"minus"}}],"Count":1,"ScannedCount":1}"#
            ]],
        );
    }

    #[test]
    fn parameters() {
        check(
            "Scan",
            json!({"TableName": "two", "Limit": 0}),
            expect![[
                r#"ValidationException: 1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"#
            ]],
        );
        check(
            "Scan",
            json!({"TableName": "two", "Segment": 1}),
            expect![[
                r#"ValidationException: The TotalSegments parameter is required but was not present in the request when Segment parameter is present"#
            ]],
        );
        check(
            "Scan",
            json!({"TableName": "two", "TotalSegments": 1}),
            expect![[
                r#"ValidationException: The Segment parameter is required but was not present in the request when parameter TotalSegments is present"#
            ]],
        );
        check(
            "Scan",
            json!({"TableName": "two", "Segment": 5, "TotalSegments": 5}),
            expect![[
                r#"ValidationException: The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is not less than TotalSegments: 5"#
            ]],
        );
        check(
            "Scan",
            json!({"TableName": "two", "ExclusiveStartKey": {"x": {"S": "a"}}}),
            expect![[
                r#"ValidationException: The provided starting key is invalid: The provided key element does not match the schema"#
            ]],
        );
    }

    #[test]
    fn segments_are_disjoint_and_complete() {
        let items: Vec<Value> = (0..50).map(|n| json!({"pk": {"S": format!("item {n}")}})).collect();
        let mut database = Database::from_tables(&json!([{
            "TableName": "many",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "Items": items,
        }]))
        .unwrap();
        let mut scan = |segment: usize| {
            let body = json!({"TableName": "many", "Segment": segment, "TotalSegments": 4});
            database.call("Scan", &body).unwrap()["Items"].as_array().unwrap().clone()
        };
        let segments: Vec<Vec<Value>> = (0..4).map(&mut scan).collect();
        assert!(segments.iter().all(|segment| !segment.is_empty()));
        let mut all: Vec<String> = segments.iter().flatten().map(Value::to_string).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 50);
    }

    #[test]
    fn a_page_ends_after_a_megabyte() {
        let items: Vec<Value> =
            (0..5).map(|n| json!({"pk": {"S": n.to_string()}, "b": {"S": "x".repeat(300_000)}})).collect();
        let mut database = Database::from_tables(&json!([{
            "TableName": "big",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "Items": items,
        }]))
        .unwrap();
        let page = database.call("Scan", &json!({"TableName": "big", "Select": "COUNT"})).unwrap();
        assert_eq!(page, json!({"Count": 4, "ScannedCount": 4, "LastEvaluatedKey": {"pk": {"S": "3"}}}));
    }
}
