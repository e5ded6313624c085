//! DeleteItem: removes one item by its key; removing nothing is no mistake.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html>

use super::write::{self, Change, Reports, Write};
use crate::dynamodb::Database;
use crate::dynamodb::error::Failure;
use crate::dynamodb::legacy::{self, Comparisons};
use crate::dynamodb::response::Response;
use crate::dynamodb::validate::{self, Attributes, Constraints, Placeholders};
use crate::dynamodb::wire::Members;

/// A removal of one item.
#[derive(Clone, Debug)]
pub(in crate::dynamodb) struct DeleteItem {
    write: Write,
    return_old: bool,
    reports: Reports,
}

impl DeleteItem {
    pub(in crate::dynamodb) fn parse(members: Members<'_>) -> Result<DeleteItem, Failure> {
        let key = Attributes::read(members, "Key")?;
        let placeholders = Placeholders::read(members)?;
        let condition = members.string("ConditionExpression")?;
        let expected = Comparisons::read(members, "Expected")?;
        let return_values = members.string("ReturnValues")?;

        let mut constraints = Constraints::default();
        constraints.require(key.is_some(), "key");
        let (return_values, reports) = write::returns(return_values, members, &mut constraints)?;
        let item_on_failure = validate::item_on_failure(members, "", &mut constraints)?;
        expected.constrain("expected", &mut constraints);
        // All is read: now what is wrong is told, the name first.
        let table = validate::table_name(members, constraints)?;

        legacy::refuse_mixed(members, &["Expected", "ConditionalOperator"], &["ConditionExpression"])?;
        placeholders.need_expression(&[("ConditionExpression", condition)])?;
        let key = key.map(Attributes::checked).transpose()?.unwrap_or_default();
        let return_old = write::returns_old_or_nothing(return_values)?;
        let expected = expected.condition()?;
        let mut scope = placeholders.into_scope()?;
        let guard = write::last_condition(condition, expected, item_on_failure, &mut scope)?;
        Ok(DeleteItem { write: Write { table, change: Change::Delete { key }, guard }, return_old, reports })
    }

    pub(in crate::dynamodb) fn run(&self, database: &mut Database) -> Result<Response, Failure> {
        let written = self.write.carry_out(database, self.reports)?;
        let old = written.old.clone().filter(|_| self.return_old);
        Ok(written.respond(old))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::dynamodb::operation::testing::check_all;

    #[test]
    fn removes_once() {
        let delete = json!({"TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "1.0"}}, "ReturnValues": "ALL_OLD"});
        check_all(
            &[
                ("DeleteItem", delete.clone()),
                ("DeleteItem", delete),
                ("DeleteItem", json!({"TableName": "two", "Key": {"pk": {"S": "a"}}})),
                (
                    "DeleteItem",
                    json!({
                        "TableName": "two", "Key": {"pk": {"S": "a"}, "sk": {"N": "7"}},
                        "ConditionExpression": "attribute_exists(pk)",
                    }),
                ),
            ],
            expect![[r#"
                {"Attributes":{"gk":{"S":"g"},"lk":{"N":"9"},"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"one"}}}
                {}
                ValidationException: The provided key element does not match the schema
                ConditionalCheckFailedException: The conditional request failed"#]],
        );
    }
}
