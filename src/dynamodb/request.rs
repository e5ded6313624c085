//! Requests: an operation with its parameters, checked as far as that is possible without tables.

use super::Database;
use super::error::{Error, Failure};
use super::json::Body;
use super::message::{Layer, TextGeneration};
use super::operation::{Action, Operation};
use super::parameters;
use super::response::Response;
use super::wire::Members;

/// A request that can be carried out any number of times.
///
/// A request that breaks a rule is still a request: [`Database::execute`] answers the error, whose text depends on
/// the database's generation of texts.
#[derive(Clone, Debug)]
pub struct Request {
    operation: Operation,
    action: Result<Action, Failure>,
    /// Whether the newer layer does not get to see it, because it is nested too deep (about 63 levels of values).
    ///
    /// AWS: the operations that write one item then answer as the older layer does.
    is_past_newer_layer: bool,
}

impl Request {
    /// Reads a request from the operation's name in AWS's spelling, such as `GetItem`, and its JSON: a [`Body`] or a
    /// reference to a [`serde_json::Value`].
    ///
    /// # Errors
    ///
    /// - `UnknownOperationException` for a name that is none.
    /// - `SerializationException` for a member of the wrong JSON type.
    /// - [`Error::UnsupportedOperation`] for an operation of DynamoDB that is not implemented.
    /// - [`Error::Unsupported`] for a parameter that is not.
    ///
    /// # Example
    ///
    /// ```
    /// use asl_lsp::dynamodb::Request;
    /// use serde_json::json;
    ///
    /// let error = Request::parse("GetItem", &json!({"TableName": 5})).unwrap_err();
    /// assert_eq!(error.to_string(), "NUMBER_VALUE cannot be converted to String");
    /// ```
    pub fn parse<'b>(operation: &str, body: impl Into<Body<'b>>) -> Result<Request, Error> {
        Request::read(operation, &body.into())
    }

    fn read(operation: &str, body: &Body<'_>) -> Result<Request, Error> {
        let operation = Operation::from_name(operation)?;
        let members = Members::new(body.json())?;
        parameters::refuse_unsupported(operation, members)?;
        let action = Action::parse(operation, members);
        match action {
            Err(Failure::Error(
                error @ (Error::SerializationException { .. } | Error::Unsupported { .. }),
            )) => Err(error),
            action => {
                let is_past_newer_layer = body.is_deep() && operation.layer() == Layer::Enveloped;
                Ok(Request { operation, action, is_past_newer_layer })
            }
        }
    }

    /// The operation the request asks for.
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    pub(super) fn run(&self, database: &mut Database) -> Result<Response, Error> {
        let generation = match self.is_past_newer_layer {
            true => TextGeneration::Before2026,
            false => database.generation,
        };
        let result = match &self.action {
            Ok(action) => action.run(database),
            Err(failure) => Err(failure.clone()),
        };
        result.map_err(|failure| to_error(failure, generation, self.operation))
    }
}

/// Chooses the text of a failure.
pub(super) fn to_error(failure: Failure, generation: TextGeneration, operation: Operation) -> Error {
    let generation = if operation.has_newer_layer() { generation } else { TextGeneration::Before2026 };
    match failure {
        Failure::Error(error) => error,
        Failure::Violation(violation) => Error::ValidationException {
            message: violation.message.render(generation, operation.layer()),
            location: violation.location,
        },
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    use crate::dynamodb::{Database, TextGeneration};

    /// Compares the texts of both generations, each on its line.
    #[track_caller]
    fn check(operation: &str, body: Value, expected: Expect) {
        let texts = [TextGeneration::Before2026, TextGeneration::Since2026].map(|generation| {
            let mut database = Database::default().with_text_generation(generation);
            database.call(operation, &body).unwrap_err().to_string()
        });
        expected.assert_eq(&texts.join("\n"));
    }

    #[test]
    fn generations() {
        let put = |item: Value| json!({"TableName": "table", "Item": item});
        check(
            "PutItem",
            json!({"TableName": "table"}),
            expect![[r#"
                1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null
                1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null"#]],
        );
        check(
            "PutItem",
            put(json!({"pk": {"SS": ["a", "a"]}})),
            expect![[r#"
            One or more parameter values were invalid: Input collection [a, a] contains duplicates.
            1 validation error detected: One or more parameter values were invalid: Input collection ["a", "a"] contains duplicates."#]],
        );
        check(
            "PutItem",
            put(json!({"pk": {"N": ""}})),
            expect![[r#"
            The parameter cannot be converted to a numeric value
            1 validation error detected: The parameter cannot be converted to a numeric value: "#]],
        );
        check(
            "PutItem",
            put(json!({"pk": {}})),
            expect![[r#"
            Supplied AttributeValue is empty, must contain exactly one of the supported datatypes
            Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"#]],
        );
        let update = |more: Value| {
            let mut body = json!({"TableName": "table", "Key": {"pk": {"S": "a"}}});
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        check(
            "UpdateItem",
            update(json!({"ReturnValues": "ALL"})),
            expect![[r#"
            1 validation error detected: Value 'ALL' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]
            1 validation error detected: Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"#]],
        );
        check(
            "UpdateItem",
            update(json!({"UpdateExpression": "SET status = b"})),
            expect![[r#"
            Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status
            1 validation error detected: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status"#]],
        );
        check(
            "UpdateItem",
            update(json!({"UpdateExpression": "x".repeat(5_000)})),
            expect![[r#"
                Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;
                1 validation error detected: Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;"#]],
        );
        let values = json!({":v": {"N": "x"}});
        let bad_value = json!({"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": values});
        check(
            "UpdateItem",
            update(bad_value),
            expect![[r#"
            ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :v
            1 validation error detected: The parameter cannot be converted to a numeric value: x"#]],
        );
        check(
            "GetItem",
            update(json!({"ProjectionExpression": "status"})),
            expect![[r#"
            Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status
            Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: status"#]],
        );
        check(
            "BatchGetItem",
            json!({"RequestItems": {}}),
            expect![[r#"
            The requestItems parameter is required for BatchGetItem
            1 validation error detected: Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or equal to 1"#]],
        );
        check(
            "BatchWriteItem",
            json!({}),
            expect![[r#"
            1 validation error detected: Value null at 'requestItems' failed to satisfy constraint: Member must not be null
            1 validation error detected: Value null at 'requestItems' failed to satisfy constraint: Member must not be null"#]],
        );
        check(
            "Scan",
            json!({"TableName": "table", "Limit": 0}),
            expect![[r#"
            1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1
            1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"#]],
        );
    }

    #[test]
    fn expression_errors_say_where() {
        let location = |operation: &str, parameter: &str, text: &str| {
            let key = if operation == "PutItem" { "Item" } else { "Key" };
            let mut body = json!({"TableName": "table"});
            body[key] = json!({"pk": {"S": "a"}});
            body[parameter] = text.into();
            let location = Database::default().call(operation, &body).unwrap_err().location().unwrap();
            format!("{} {}", location.parameter, &text[location.range.to_usize()])
        };
        expect!["UpdateExpression :value"].assert_eq(&location(
            "UpdateItem",
            "UpdateExpression",
            "SET a = b, c = :value",
        ));
        expect!["ConditionExpression status"].assert_eq(&location(
            "PutItem",
            "ConditionExpression",
            "a.status = b",
        ));
        expect!["ProjectionExpression a[0]"].assert_eq(&location(
            "GetItem",
            "ProjectionExpression",
            "a, b, a[0]",
        ));
        expect!["ConditionExpression contain"].assert_eq(&location(
            "PutItem",
            "ConditionExpression",
            "attribute_exists(a) OR contain(b, c)",
        ));
    }

    #[test]
    fn threads_may_share_everything() {
        fn check<T: Send + Sync>() {}
        check::<Database>();
        check::<super::Request>();
        check::<super::Response>();
        check::<super::Error>();
    }

    #[test]
    fn operations_that_are_none() {
        let call = |operation: &str| Database::default().call(operation, &json!({})).unwrap_err().code();
        assert_eq!(call("CreateBackup"), "UnknownOperationException");
        assert_eq!(call("getItem"), "UnknownOperationException");
    }

    #[test]
    fn values_in_reads_have_newer_texts_without_the_envelope() {
        for (set, expected) in [
            (
                json!({"SS": ["b", "a", "b"]}),
                expect![[r#"
                    One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.
                    One or more parameter values were invalid: Input collection ["a", "b", "b"] contains duplicates."#]],
            ),
            (
                json!({"BS": ["/w==", "AA==", "AA=="]}),
                expect![[r#"
                    One or more parameter values were invalid: Input collection [/w==, AA==, AA==]of type BS contains duplicates.
                    One or more parameter values were invalid: Input collection ["AA==","/w==","AA=="]of type BS contains duplicates."#]],
            ),
            (
                json!({"NS": ["2", "1", "2"]}),
                expect![[r#"
                    Input collection contains duplicates
                    One or more parameter values were invalid: Input collection contains duplicates."#]],
            ),
            (
                json!({"N": ""}),
                expect![[r#"
                    The parameter cannot be converted to a numeric value
                    The parameter cannot be converted to a numeric value: "#]],
            ),
        ] {
            check("GetItem", json!({"TableName": "table", "Key": {"pk": set}}), expected);
        }
        let batch =
            json!({"RequestItems": {"table": [{"DeleteRequest": {"Key": {"pk": {"SS": ["b", "a", "b"]}}}}]}});
        check(
            "BatchWriteItem",
            batch,
            expect![[r#"
            One or more parameter values were invalid: Input collection [b, a, b] contains duplicates.
            One or more parameter values were invalid: Input collection [b, a, b] contains duplicates."#]],
        );
        let values = json!({
            "TableName": "table", "FilterExpression": "a = :v", "ExpressionAttributeValues": {":v": {"N": ""}},
        });
        check(
            "Scan",
            values.clone(),
            expect![[r#"
            ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value for key :v
            ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value for key :v"#]],
        );
        let mut query = values;
        query["KeyConditionExpression"] = "pk = :v".into();
        check(
            "Query",
            query,
            expect![[r#"
            ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value for key :v
            The parameter cannot be converted to a numeric value: "#]],
        );
    }
}
