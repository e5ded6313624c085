//! Query: the items of one partition, in the order of their sort keys.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html>

use super::key_range::QueriedKeys;
use super::read::{Parameters, Read, Source};
use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::expression::key_condition::{KeyCondition, KeyTerm, KeyTest, Unchecked};
use crate::dynamodb::legacy::{self, Comparison, Comparisons, Operator};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Constraints, Placeholders};
use crate::dynamodb::wire::Members;

/// A read of one partition.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct Query {
    read: Read,
    condition: KeyCondition,
    forward: bool,
    /// The parameter that holds the filter, for a text.
    filter_name: &'static str,
    /// Whether the older parameter gives the key condition.
    is_older: bool,
}

impl Query {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<Query, Failure> {
        let parameters = Parameters::read(members, "QueryFilter")?;
        let placeholders = Placeholders::read(members)?;
        let expression = members.string("KeyConditionExpression")?;
        let conditions = Comparisons::read_plain(members, "KeyConditions")?;
        let forward = members.boolean("ScanIndexForward")?.unwrap_or(true);

        let mut constraints = Constraints::default();
        let capacity = parameters.constrain(members, &mut constraints, note_bad_limit)?;
        parameters.legacy_filter.constrain("queryFilter", &mut constraints);
        conditions.constrain("keyConditions", &mut constraints);
        // All is read: now what is wrong is told, the name first.
        let table = validate::table_name(members, constraints)?;

        // AWS: an older key condition goes with the other expressions.
        let key_conditions = if expression.is_some() { "KeyConditions" } else { "" };
        legacy::refuse_mixed(
            members,
            &["AttributesToGet", "QueryFilter", "ConditionalOperator", key_conditions],
            &["ProjectionExpression", "FilterExpression", "KeyConditionExpression"],
        )?;
        let mut expressions =
            vec![("FilterExpression", parameters.filter), ("KeyConditionExpression", expression)];
        if parameters.projection.is_some() {
            expressions.push(("ProjectionExpression", parameters.projection));
        }
        placeholders.need_expression(&expressions)?;
        let filter_name = if parameters.filter.is_some() { "Filter Expression" } else { "QueryFilter" };
        let legacy_condition = match members.has("KeyConditions") {
            true => Some(of_comparisons(conditions.comparisons()?, members.has("IndexName"))?),
            false => None,
        };
        let mut scope = placeholders.into_scope()?;
        let condition = expression.map(|text| Unchecked::parse(text, &mut scope)).transpose()?;
        let read = parameters.into_read(table, capacity, &mut scope)?;
        let condition = condition.map(Unchecked::check).transpose()?.or(legacy_condition);
        let condition = condition.ok_or_else(message::key_conditions_missing)?;
        Ok(Query { read, condition, forward, filter_name, is_older: expression.is_none() })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let source = self.read.source(database.existing(&self.read.table)?)?;
        let start = self.read.start(source, message::starting_key_invalid)?;
        let schema = source.key_schema();
        let is_too_long = self.condition.terms.len() > CONDITIONS_MAX;
        if self.is_older && is_too_long && !schema.is_multi_attribute() {
            return Err(message::condition_count().into());
        }
        let keys = QueriedKeys::new(&self.condition, schema)?;
        self.check_filter(source)?;
        self.read.check_projection(source.table)?;
        if let Some(start) = &start {
            keys.check_start(schema, &start.item)?;
        }
        Ok(self.read.page(source, source.within(&keys.range(), start.as_ref(), self.forward)))
    }

    /// A filter may not name the attributes the key condition is for.
    fn check_filter(&self, source: Source<'_>) -> Result<(), Message> {
        let Some(filter) = &self.read.filter else { return Ok(()) };
        let mut key = None;
        filter.each_path(&mut |path| {
            if key.is_none() && source.key_schema().contains(&path.root) {
                key = Some(&path.root);
            }
        });
        key.map_or(Ok(()), |name| Err(message::filter_on_key(self.filter_name, name)))?;
        validate::condition_keys_are_scalar(source.table, Some(filter))
    }
}

/// AWS: Query words this constraint in the newer way, in both generations.
fn note_bad_limit(limit: Option<i64>, constraints: &mut Constraints) {
    if limit.is_some_and(|limit| limit < 1) {
        let broken = message::constraint(None, "limit", "have value greater than or equal to 1");
        constraints.note_same(broken.newer);
    }
}

/// The comparisons that the older parameter may give for a key of at most two attributes.
const CONDITIONS_MAX: usize = 2;

/// The key condition that the older parameter gives. How many comparisons an index takes is known with its key only.
fn of_comparisons(comparisons: Vec<Comparison>, is_of_index: bool) -> Result<KeyCondition, Message> {
    if comparisons.is_empty() || (comparisons.len() > CONDITIONS_MAX && !is_of_index) {
        return Err(message::condition_count());
    }
    let terms = comparisons.into_iter().map(|comparison| {
        let mut values = comparison.values.into_iter();
        let mut next = || values.next().ok_or_else(message::not_indexable);
        let test = match comparison.operator {
            Operator::Equal => KeyTest::Equal(next()?),
            Operator::Less => KeyTest::Less(next()?),
            Operator::LessOrEqual => KeyTest::LessOrEqual(next()?),
            Operator::Greater => KeyTest::Greater(next()?),
            Operator::GreaterOrEqual => KeyTest::GreaterOrEqual(next()?),
            Operator::Between => KeyTest::Between(next()?, next()?),
            Operator::BeginsWith => KeyTest::BeginsWith(next()?),
            Operator::In
            | Operator::Null
            | Operator::NotNull
            | Operator::NotEqual
            | Operator::Contains
            | Operator::NotContains => return Err(message::not_indexable()),
        };
        Ok(KeyTerm { name: comparison.name, test })
    });
    // They are members of an object, whose names differ.
    Ok(KeyCondition { terms: terms.collect::<Result<_, _>>()? })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::{self, check, with};

    /// Queries table `two` and shows the sort keys of the answer, or the answer where it is an error.
    #[track_caller]
    fn keys(more: Value, expected: Expect) {
        let mut body = json!({
            "TableName": "two",
            "KeyConditionExpression": "pk = :p",
            "ExpressionAttributeValues": {":p": {"S": "a"}},
        });
        for (name, value) in more.as_object().unwrap() {
            match name.strip_prefix(':') {
                Some(_) => body["ExpressionAttributeValues"][name] = value.clone(),
                None => body[name] = value.clone(),
            }
        }
        if !body["KeyConditionExpression"].as_str().unwrap().contains(":p") {
            body["ExpressionAttributeValues"].as_object_mut().unwrap().remove(":p");
        }
        let text = match testing::database().call("Query", &body) {
            Err(error) => error.to_string(),
            Ok(response) => {
                let keys: Vec<&str> = response["Items"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|item| item["sk"]["N"].as_str())
                    .collect();
                let last =
                    response.get("LastEvaluatedKey").map_or(String::new(), |last| format!(" last {last}"));
                format!("{} of {}: {}{last}", response["Count"], response["ScannedCount"], keys.join(" "))
            }
        };
        expected.assert_eq(&text);
    }

    #[test]
    fn sort_keys() {
        keys(json!({}), expect!["3 of 3: 1 2 10"]);
        keys(json!({"ScanIndexForward": false}), expect!["3 of 3: 10 2 1"]);
        for (condition, expected) in [
            ("sk = :n", expect!["1 of 1: 2"]),
            ("sk < :n", expect!["1 of 1: 1"]),
            ("sk <= :n", expect!["2 of 2: 1 2"]),
            ("sk > :n", expect!["1 of 1: 10"]),
            ("sk >= :n", expect!["2 of 2: 2 10"]),
            (":n > sk", expect!["1 of 1: 1"]),
            ("(sk BETWEEN :n AND :n)", expect!["1 of 1: 2"]),
        ] {
            keys(
                json!({"KeyConditionExpression": format!("pk = :p AND {condition}"), ":n": {"N": "2"}}),
                expected,
            );
        }
    }

    #[test]
    fn pages() {
        keys(json!({"Limit": 2}), expect![[r#"2 of 2: 1 2 last {"pk":{"S":"a"},"sk":{"N":"2"}}"#]]);
        let start = |sk: &str| json!({"pk": {"S": "a"}, "sk": {"N": sk}});
        keys(json!({"Limit": 2, "ExclusiveStartKey": start("2")}), expect!["1 of 1: 10"]);
        keys(json!({"ExclusiveStartKey": start("5"), "ScanIndexForward": false}), expect!["2 of 2: 2 1"]);
        keys(
            json!({"ExclusiveStartKey": {"pk": {"S": "a"}}}),
            expect!["The provided starting key is invalid"],
        );
        keys(
            json!({"ExclusiveStartKey": {"pk": {"S": "a"}, "sk": {"S": "x"}}}),
            expect![[
                r#"The provided starting key is invalid: The provided key element does not match the schema"#
            ]],
        );
        keys(
            json!({"ExclusiveStartKey": {"pk": {"S": "b"}, "sk": {"N": "1"}}}),
            expect!["The provided starting key is outside query boundaries based on provided conditions"],
        );
        keys(
            json!({
                "KeyConditionExpression": "pk = :p AND sk > :n", ":n": {"N": "2"},
                "ExclusiveStartKey": start("1"),
            }),
            expect!["The provided starting key does not match the range key predicate"],
        );
        keys(
            json!({"Limit": 0}),
            expect![[
                r#"1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"#
            ]],
        );
    }

    #[test]
    fn filters() {
        keys(json!({"FilterExpression": "v <> :v", ":v": {"S": "two"}}), expect!["2 of 3: 1 10"]);
        keys(
            json!({"FilterExpression": "v <> :v", ":v": {"S": "one"}, "Limit": 1}),
            expect![[r#"0 of 1:  last {"pk":{"S":"a"},"sk":{"N":"1"}}"#]],
        );
        keys(
            json!({"FilterExpression": "sk <> :v", ":v": {"N": "1"}}),
            expect![[
                r#"Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"#
            ]],
        );
        keys(json!({"Select": "COUNT"}), expect!["3 of 3: "]);
        keys(
            json!({"Select": "SPECIFIC_ATTRIBUTES"}),
            expect![[
                r#"Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"#
            ]],
        );
        keys(
            json!({"Select": "ALL_PROJECTED_ATTRIBUTES"}),
            expect!["ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"],
        );
        keys(
            json!({"Select": "COUNT", "ProjectionExpression": "v"}),
            expect!["Cannot specify the ProjectionExpression when choosing to get COUNT"],
        );
    }

    #[test]
    fn indexes() {
        let global = |more: Value| {
            let body = json!({
                "TableName": "two", "IndexName": "gsi", "KeyConditionExpression": "gk = :g",
                "ExpressionAttributeValues": {":g": {"S": "g"}},
            });
            with(body, more)
        };
        check(
            "Query",
            global(json!({})),
            expect![[
                r#"{"Items":[{"gk":{"S":"g"},"pk":{"S":"a"},"sk":{"N":"1"}},{"gk":{"S":"g"},"pk":{"S":"a"},"sk":{"N":"2"}}],"Count":2,"ScannedCount":2}"#
            ]],
        );
        check(
            "Query",
            global(json!({"Limit": 1, "ScanIndexForward": false})),
            expect![[
                r#"{"Items":[{"gk":{"S":"g"},"pk":{"S":"a"},"sk":{"N":"2"}}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"gk":{"S":"g"},"pk":{"S":"a"},"sk":{"N":"2"}}}"#
            ]],
        );
        check(
            "Query",
            global(json!({
                "Limit": 1,
                "ExclusiveStartKey": {"gk": {"S": "g"}, "pk": {"S": "a"}, "sk": {"N": "1"}},
                "ReturnConsumedCapacity": "INDEXES",
            })),
            expect![[
                r#"{"Items":[{"gk":{"S":"g"},"pk":{"S":"a"},"sk":{"N":"2"}}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"gk":{"S":"g"},"pk":{"S":"a"},"sk":{"N":"2"}},"ConsumedCapacity":{"TableName":"two","CapacityUnits":0.5,"Table":{"CapacityUnits":0.0},"GlobalSecondaryIndexes":{"gsi":{"CapacityUnits":0.5}}}}"#
            ]],
        );
        check(
            "Query",
            global(json!({"ConsistentRead": true})),
            expect!["ValidationException: Consistent reads are not supported on global secondary indexes"],
        );
        check(
            "Query",
            global(json!({"Select": "ALL_ATTRIBUTES"})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index gsi because its projection type is not ALL"#
            ]],
        );
        check(
            "Query",
            global(json!({"ProjectionExpression": "v"})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Global secondary index gsi does not project [v]"#
            ]],
        );
        check(
            "Query",
            global(json!({"IndexName": "none"})),
            expect!["ValidationException: The table does not have the specified index: none"],
        );
        keys(json!({"IndexName": "lsi"}), expect!["2 of 2: 2 1"]);
        keys(
            json!({"IndexName": "lsi", "KeyConditionExpression": "pk = :p AND lk < :n", ":n": {"N": "9"}}),
            expect!["1 of 1: 2"],
        );
    }

    #[test]
    fn key_conditions() {
        for (condition, expected) in [
            ("sk = :n", expect!["Query condition missed key schema element: pk"]),
            ("pk > :n", expect!["Query key condition not supported"]),
            (
                "pk = :n",
                expect![[
                    r#"One or more parameter values were invalid: Condition parameter type does not match schema type"#
                ]],
            ),
            ("pk = :p AND v = :n", expect!["Query condition missed key schema element: sk"]),
            ("pk = :p OR sk = :n", expect!["Invalid operator used in KeyConditionExpression: OR"]),
            ("pk = :p AND sk <> :n", expect!["Invalid operator used in KeyConditionExpression: <>"]),
            (
                "pk = :p AND pk = :n",
                expect!["KeyConditionExpressions must only contain one condition per key"],
            ),
            (
                "pk = :p AND sk.x = :n",
                expect!["KeyConditionExpressions cannot have conditions on nested attributes"],
            ),
            (
                "pk = :p AND size(sk) = :n",
                expect!["KeyConditionExpressions cannot contain nested operations"],
            ),
            (
                "pk = :p AND :n = :n",
                expect!["Invalid condition in KeyConditionExpression: No key attribute specified"],
            ),
            (
                "pk = :p AND sk = v AND v < :n",
                expect![[
                    r#"Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"#
                ]],
            ),
            (
                "pk = :p AND begins_with(sk, :n)",
                expect![[
                    r#"Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"#
                ]],
            ),
            (
                "pk = :p AND attribute_exists(sk) AND v = :n",
                expect!["Invalid operator used in KeyConditionExpression: attribute_exists"],
            ),
            (
                "pk = :p : :n",
                expect![[r#"Invalid KeyConditionExpression: Syntax error; token: ":", near: ":p : :n""#]],
            ),
        ] {
            keys(json!({"KeyConditionExpression": condition, ":n": {"N": "2"}}), expected);
        }
        keys(
            json!({":p": {"S": "x".repeat(2_049)}}),
            expect![[
                r#"One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"#
            ]],
        );
        keys(
            json!({":p": {"S": ""}}),
            expect![
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
            ],
        );
        check(
            "Query",
            json!({"TableName": "two"}),
            expect![[
                r#"ValidationException: Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."#
            ]],
        );
    }

    #[test]
    fn older_parameters() {
        let query = |conditions: Value| {
            json!({
                "TableName": "two", "KeyConditions": conditions, "AttributesToGet": ["v"],
                "QueryFilter": {"v": {"ComparisonOperator": "NE", "AttributeValueList": [{"S": "two"}]}},
            })
        };
        let equal = json!({"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]});
        check(
            "Query",
            query(json!({"pk": equal})),
            expect![[r#"{"Items":[{"v":{"S":"one"}},{"v":{"S":"ten"}}],"Count":2,"ScannedCount":3}"#]],
        );
        check(
            "Query",
            query(
                json!({"pk": equal, "sk": {"ComparisonOperator": "GE", "AttributeValueList": [{"N": "2"}]}}),
            ),
            expect![[r#"{"Items":[{"v":{"S":"ten"}}],"Count":1,"ScannedCount":2}"#]],
        );
        check(
            "Query",
            query(
                json!({"pk": equal, "sk": {"ComparisonOperator": "NE", "AttributeValueList": [{"N": "2"}]}}),
            ),
            expect!["ValidationException: Attempted conditional constraint is not an indexable operation"],
        );
        check(
            "Query",
            query(json!({})),
            expect!["ValidationException: Conditions can be of length 1 or 2 only"],
        );
    }
}
