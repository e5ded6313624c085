//! UpdateItem: changes attributes of one item, or creates it.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html>

use super::write::{self, Change, Reports, ReturnValues, Write, Written};
use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::item::Item;
use crate::dynamodb::legacy::{self, AttributeUpdates, Comparisons};
use crate::dynamodb::message::{self, TextGeneration};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Attributes, Constraints, Placeholders};
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// A change of one item.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct UpdateItem {
    write: Write,
    return_values: ReturnValues,
    reports: Reports,
}

impl UpdateItem {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<UpdateItem, Failure> {
        let key = Attributes::read(members, "Key")?;
        let placeholders = Placeholders::read(members)?;
        let update = members.string("UpdateExpression")?;
        let condition = members.string("ConditionExpression")?;
        let attribute_updates = AttributeUpdates::read(members)?;
        let expected = Comparisons::read(members, "Expected")?;
        let return_values = members.string("ReturnValues")?;

        let mut constraints = Constraints::default();
        // AWS: the order of the other operations that write one item is another one.
        let reports = Reports::read(members, &mut constraints)?;
        validate::note_empty_table_name(members, &mut constraints)?;
        let return_values = match return_values.map(ReturnValues::read).transpose() {
            Ok(meaning) => meaning.unwrap_or_default(),
            Err(broken) => {
                constraints.note_newer_alone(broken);
                ReturnValues::None
            }
        };
        let item_on_failure = validate::item_on_failure(members, "", &mut constraints)?;
        attribute_updates.constrain(&mut constraints);
        expected.constrain("expected", &mut constraints);
        constraints.require(key.is_some(), "key");
        // All is read: now what is wrong is told, the name first.
        let table = validate::table_name_after_note(members, constraints)?;

        legacy::refuse_mixed(
            members,
            &["AttributeUpdates", "Expected", "ConditionalOperator"],
            &["UpdateExpression", "ConditionExpression"],
        )?;
        placeholders.need_expression(&[("UpdateExpression", update), ("ConditionExpression", condition)])?;
        let key = key.map(Attributes::checked).transpose()?.unwrap_or_default();
        let attribute_updates = attribute_updates.update()?;
        let expected = expected.condition()?;
        let mut scope = placeholders.into_scope()?;
        let update = validate::update(update, &mut scope)?.or(attribute_updates);
        let guard = write::last_condition(condition, expected, item_on_failure, &mut scope)?;
        let write = Write { table, change: Change::Update { key, update }, guard };
        Ok(UpdateItem { write, return_values, reports })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        if database.generation == TextGeneration::Since2026 {
            self.check_charge()?;
        }
        let written = self.write.carry_out(database, self.reports)?;
        let attributes = self.attributes(&written);
        Ok(written.respond(attributes))
    }

    /// AWS: in the newer layer an update has a size of its own, whatever its condition and its item.
    fn check_charge(&self) -> Result<(), Failure> {
        match &self.write.change {
            Change::Update { update: Some(update), .. } if update.charged_bytes() > quota::ITEM_BYTES_MAX => {
                Err(message::updated_item_too_large().into())
            }
            _ => Ok(()),
        }
    }

    fn attributes(&self, written: &Written) -> Option<Item> {
        let touched = |item: Option<&Item>| {
            let Change::Update { update: Some(update), .. } = &self.write.change else { return None };
            let touched = update.touched(item?);
            (!touched.is_empty()).then_some(touched)
        };
        match self.return_values {
            ReturnValues::None => None,
            ReturnValues::AllOld => written.old.clone(),
            ReturnValues::AllNew => written.new.clone(),
            ReturnValues::UpdatedOld => touched(written.old.as_ref()),
            ReturnValues::UpdatedNew => touched(written.new.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use crate::dynamodb::operation::testing::{check, check_all};

    /// Applies an update to the item `a` of table `one` and shows what it touched. `:` placeholders are those used.
    #[track_caller]
    fn update(expression: &str, expected: Expect) {
        let values = json!({
            ":one": {"N": "1"}, ":big": {"N": "9e125"}, ":s": {"S": "x"}, ":l": {"L": [{"S": "new"}]},
            ":ss": {"SS": ["y", "z"]}, ":all": {"SS": ["x", "y"]}, ":m": {"M": {}}, ":t": {"BOOL": true},
        });
        let used = |name: &str| {
            expression.split(|c: char| !c.is_alphanumeric() && c != ':').any(|word| word == name)
        };
        let mut body = json!({
            "TableName": "one", "Key": {"pk": {"S": "a"}}, "UpdateExpression": expression,
            "ReturnValues": "UPDATED_NEW",
        });
        let values: serde_json::Map<_, _> = values
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| used(name))
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        if !values.is_empty() {
            body["ExpressionAttributeValues"] = values.into();
        }
        check("UpdateItem", body, expected);
    }

    #[test]
    fn set() {
        update(
            "SET n = n + :one, x = if_not_exists(x, :one)",
            expect![[r#"{"Attributes":{"n":{"N":"6"},"x":{"N":"1"}}}"#]],
        );
        update("SET n = n - :one", expect![[r#"{"Attributes":{"n":{"N":"4"}}}"#]]);
        update("SET n = s, s = n", expect![[r#"{"Attributes":{"n":{"S":"text"},"s":{"N":"5"}}}"#]]);
        update(
            "SET l = list_append(l, :l)",
            expect![[r#"{"Attributes":{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"S":"new"}]}}}"#]],
        );
        update(
            "SET l[1] = :s, l[7] = :one, l[9] = :s",
            expect![[r#"{"Attributes":{"l":{"L":[{"S":"x"}]}}}"#]],
        );
        update(
            "SET m.a = :s, m.b[0] = :one, m.c = :t",
            expect![[
                r#"{"Attributes":{"m":{"M":{"a":{"S":"x"},"b":{"L":[{"N":"1"}]},"c":{"BOOL":true}}}}}"#
            ]],
        );
        update("SET n = (n + :one)", expect![[r#"{"Attributes":{"n":{"N":"6"}}}"#]]);
    }

    #[test]
    fn remove() {
        update("REMOVE l[1]", expect![[r#"{"Attributes":{"l":{"L":[{"N":"2"}]}}}"#]]);
        update("REMOVE l[0] SET l[2] = :s", expect![[r#"{"Attributes":{"l":{"L":[{"N":"1"}]}}}"#]]);
        update("REMOVE s, nothing, m.nothing, l[50]", expect!["{}"]);
        update(
            "REMOVE nothing.here",
            expect![[
                r#"ValidationException: The document path provided in the update expression is invalid for update"#
            ]],
        );
    }

    #[test]
    fn add_and_delete() {
        update(
            "ADD n :one, fresh :one, tags :ss, m.a :one",
            expect![[
                r#"{"Attributes":{"fresh":{"N":"1"},"m":{"M":{"a":{"N":"2"}}},"n":{"N":"6"},"tags":{"SS":["x","y","z"]}}}"#
            ]],
        );
        update("DELETE tags :ss", expect![[r#"{"Attributes":{"tags":{"SS":["x"]}}}"#]]);
        update("DELETE tags :all", expect!["{}"]);
        update(
            "ADD s :one",
            expect!["ValidationException: An operand in the update expression has an incorrect data type"],
        );
        update(
            "DELETE n :ss",
            expect!["ValidationException: An operand in the update expression has an incorrect data type"],
        );
    }

    #[test]
    fn mistakes_in_the_expression() {
        update(
            "",
            expect!["ValidationException: Invalid UpdateExpression: The expression can not be empty;"],
        );
        update(
            "INVALID SYNTAX HERE",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX""#
            ]],
        );
        update(
            "SET status = :s",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status"#
            ]],
        );
        update(
            "SET a = f(:s)",
            expect!["ValidationException: Invalid UpdateExpression: Invalid function name; function: f"],
        );
        update(
            "SET a = :s SET b = :s",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: The "SET" section can only be used once in an update expression;"#
            ]],
        );
        update(
            "SET #a = :s",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #a"#
            ]],
        );
        update(
            "SET a = :undefined",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :undefined"#
            ]],
        );
        update(
            "SET a = :s, a.b = :s",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]"#
            ]],
        );
        update(
            "SET a.b = :s, a[1] = :s",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]"#
            ]],
        );
        update(
            "ADD a :s",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING"#
            ]],
        );
        update(
            "DELETE a :one",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"#
            ]],
        );
        update(
            "SET a = b + :s",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S"#
            ]],
        );
        update(
            "SET a = list_append(:s, :l)",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: S"#
            ]],
        );
        update(
            "SET a = if_not_exists(:s, :l)",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists"#
            ]],
        );
        update(
            "SET a = if_not_exists(b)",
            expect![[
                r#"ValidationException: Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1"#
            ]],
        );
    }

    #[test]
    fn mistakes_found_with_the_item() {
        update(
            "SET pk = :s",
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"#
            ]],
        );
        update(
            "SET a = nothing",
            expect![[
                r#"ValidationException: The provided expression refers to an attribute that does not exist in the item"#
            ]],
        );
        update(
            "SET a = s + :one",
            expect!["ValidationException: An operand in the update expression has an incorrect data type"],
        );
        update(
            "SET a = list_append(n, :l)",
            expect!["ValidationException: An operand in the update expression has an incorrect data type"],
        );
        update(
            "SET nothing.here = :s",
            expect![[
                r#"ValidationException: The document path provided in the update expression is invalid for update"#
            ]],
        );
        update(
            "SET s.x = :s",
            expect![[
                r#"ValidationException: The document path provided in the update expression is invalid for update"#
            ]],
        );
        update(
            "SET n = n + :big",
            expect![[
                r#"ValidationException: Number overflow. Attempting to store a number with magnitude larger than supported range"#
            ]],
        );
    }

    #[test]
    fn creates_a_missing_item() {
        let update = |expression: &str| {
            let mut body =
                json!({"TableName": "one", "Key": {"pk": {"S": "new"}}, "ReturnValues": "ALL_NEW"});
            if !expression.is_empty() {
                body["UpdateExpression"] = expression.into();
            }
            if expression.contains(":v") {
                body["ExpressionAttributeValues"] = json!({":v": {"SS": ["1"]}});
            }
            body
        };
        check("UpdateItem", update("REMOVE a.b"), expect!["{}"]);
        check("UpdateItem", update("DELETE a :v"), expect!["{}"]);
        check("UpdateItem", update(""), expect![[r#"{"Attributes":{"pk":{"S":"new"}}}"#]]);
        check(
            "UpdateItem",
            update("ADD a :v"),
            expect![[r#"{"Attributes":{"a":{"SS":["1"]},"pk":{"S":"new"}}}"#]],
        );
    }

    #[test]
    fn attribute_updates() {
        let update = |updates: serde_json::Value| {
            json!({
                "TableName": "one", "Key": {"pk": {"S": "a"}}, "AttributeUpdates": updates,
                "ReturnValues": "UPDATED_NEW",
            })
        };
        check(
            "UpdateItem",
            update(json!({
                "x.y": {"Value": {"S": "a literal name"}},
                "n": {"Value": {"N": "1"}, "Action": "ADD"},
                "l": {"Value": {"L": [{"S": "end"}]}, "Action": "ADD"},
                "tags": {"Value": {"SS": ["x"]}, "Action": "DELETE"},
                "s": {"Action": "DELETE"},
            })),
            expect![[
                r#"{"Attributes":{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"S":"end"}]},"n":{"N":"6"},"tags":{"SS":["y"]},"x.y":{"S":"a literal name"}}}"#
            ]],
        );
        check(
            "UpdateItem",
            update(json!({"n": {}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified"#
            ]],
        );
        check(
            "UpdateItem",
            update(json!({"n": {"Value": {"S": "x"}, "Action": "ADD"}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: ADD action is not supported for the type S"#
            ]],
        );
        check(
            "UpdateItem",
            update(json!({"n": {"Value": {"N": "1"}, "Action": "DELETE"}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: DELETE action with value is not supported for the type N"#
            ]],
        );
        check(
            "UpdateItem",
            update(json!({"n": {"Value": {"L": []}, "Action": "ADD"}})),
            expect!["ValidationException: Type mismatch for attribute to update"],
        );
        check(
            "UpdateItem",
            update(json!({"s": {"Value": {"N": "1"}, "Action": "ADD"}})),
            expect!["ValidationException: Type mismatch for attribute to update"],
        );
        check(
            "UpdateItem",
            update(json!({"pk": {"Value": {"S": "x"}}})),
            expect![[
                r#"ValidationException: One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key"#
            ]],
        );
    }

    #[test]
    fn return_values() {
        let update = |wanted: &str| {
            json!({
                "TableName": "one", "Key": {"pk": {"S": "a"}}, "ReturnValues": wanted,
                "UpdateExpression": "SET m.a = :v REMOVE s", "ExpressionAttributeValues": {":v": {"N": "2"}},
            })
        };
        for wanted in ["UPDATED_OLD", "UPDATED_NEW", "ALL_OLD", "ALL_NEW", "NONE", "SOME"] {
            let expected = match wanted {
                "UPDATED_OLD" => expect![[r#"{"Attributes":{"m":{"M":{"a":{"N":"1"}}},"s":{"S":"text"}}}"#]],
                "UPDATED_NEW" => expect![[r#"{"Attributes":{"m":{"M":{"a":{"N":"2"}}}}}"#]],
                "ALL_OLD" => expect![[
                    r#"{"Attributes":{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]},"m":{"M":{"a":{"N":"1"},"b":{"L":[{"S":"deep"}]}}},"n":{"N":"5"},"pk":{"S":"a"},"s":{"S":"text"},"tags":{"SS":["x","y"]}}}"#
                ]],
                "ALL_NEW" => expect![[
                    r#"{"Attributes":{"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"}]},"m":{"M":{"a":{"N":"2"},"b":{"L":[{"S":"deep"}]}}},"n":{"N":"5"},"pk":{"S":"a"},"tags":{"SS":["x","y"]}}}"#
                ]],
                "NONE" => expect!["{}"],
                _ => expect![[
                    r#"ValidationException: 1 validation error detected: Value 'SOME' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"#
                ]],
            };
            check("UpdateItem", update(wanted), expected);
        }
    }

    #[test]
    fn secondary_index_keys() {
        let update = |value: serde_json::Value| {
            json!({
                "TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "1"}},
                "UpdateExpression": "SET gk = :v", "ExpressionAttributeValues": {":v": value},
            })
        };
        check_all(
            &[
                ("UpdateItem", update(json!({"S": ""}))),
                ("UpdateItem", update(json!({"N": "1"}))),
                ("UpdateItem", update(json!({"S": "k"}))),
            ],
            expect![[r#"
                ValidationException: One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty string value.
                ValidationException: One or more parameter values were invalid: Type mismatch for Index Key gk Expected: S Actual: N IndexName: gsi
                {}"#]],
        );
    }
}
