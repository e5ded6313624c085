//! What changed between two versions of a database.

use std::sync::Arc;

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::item::Item;
use super::key::PrimaryKey;
use super::sorted_map::{Difference, SortedMap};
use super::table::Table;

/// The items of one table that changed, in the order of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDiff {
    /// The table's name.
    pub table: Arc<str>,
    /// The changed items, one at least unless the table as a whole came or went.
    pub items: Vec<ItemDiff>,
}

/// One changed item: `before` is absent if it was put, `after` if it was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemDiff {
    /// The item's key.
    pub key: PrimaryKey,
    /// The item in the earlier version.
    pub before: Option<Item>,
    /// The item in the later version.
    pub after: Option<Item>,
}

type Tables = OrdMap<Arc<str>, Arc<Table>>;

pub(super) fn databases(before: &Tables, after: &Tables) -> Vec<TableDiff> {
    let empty = SortedMap::new();
    before
        .diff(after)
        .filter_map(|difference| {
            let (name, old, new) = match difference {
                DiffItem::Add(name, new) => (name, &empty, new.item_map()),
                DiffItem::Remove(name, old) => (name, old.item_map(), &empty),
                DiffItem::Update { old: (name, old), new: (_, new) } => {
                    (name, old.item_map(), new.item_map())
                }
            };
            let items: Vec<ItemDiff> = old.diff(new).into_iter().map(item).collect();
            // A table whose definition changed, but none of its items, is no difference of data.
            let unchanged = items.is_empty() && matches!(difference, DiffItem::Update { .. });
            (!unchanged).then(|| TableDiff { table: Arc::clone(name), items })
        })
        .collect()
}

fn item(difference: Difference<'_, PrimaryKey, Item>) -> ItemDiff {
    let Difference { key, before, after } = difference;
    ItemDiff { key: key.clone(), before: before.cloned(), after: after.cloned() }
}

impl ItemDiff {
    /// The item in attribute-value JSON before and after, as far as there was one.
    pub fn to_json(&self) -> (Option<serde_json::Value>, Option<serde_json::Value>) {
        let json = |item: &Option<Item>| item.as_ref().map(super::wire::item_to_json);
        (json(&self.before), json(&self.after))
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::dynamodb::Database;

    #[test]
    fn differences_are_in_the_order_of_tables_and_keys() {
        let table = |name: &str, ids: &[&str]| {
            let items: Vec<_> = ids.iter().map(|id| json!({"id": {"S": id}, "n": {"N": "1"}})).collect();
            json!({
                "TableName": name,
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "Items": items,
            })
        };
        let before =
            Database::from_tables(&json!([table("two", &["a", "b", "c"]), table("one", &["a"])])).unwrap();
        let mut after = before.clone();
        assert_eq!(before.diff(&after), []);
        let put = |id: &str, n: &str| json!({"TableName": "two", "Item": {"id": {"S": id}, "n": {"N": n}}});
        after.call("PutItem", &put("d", "1")).unwrap();
        after.call("PutItem", &put("b", "2")).unwrap();
        after.call("PutItem", &put("c", "1.0")).unwrap();
        after.call("DeleteItem", &json!({"TableName": "two", "Key": {"id": {"S": "a"}}})).unwrap();
        after.call("DeleteTable", &json!({"TableName": "one"})).unwrap();
        let mut lines = Vec::new();
        for table in before.diff(&after) {
            for item in table.items {
                let (before, after) = item.to_json();
                let show =
                    |json: Option<serde_json::Value>| json.map_or("-".to_owned(), |json| json.to_string());
                lines.push(format!("{}: {} -> {}", table.table, show(before), show(after)));
            }
        }
        expect![[r#"
            one: {"id":{"S":"a"},"n":{"N":"1"}} -> -
            two: {"id":{"S":"a"},"n":{"N":"1"}} -> -
            two: {"id":{"S":"b"},"n":{"N":"1"}} -> {"id":{"S":"b"},"n":{"N":"2"}}
            two: - -> {"id":{"S":"d"},"n":{"N":"1"}}"#]]
        .assert_eq(&lines.join("\n"));
    }
}
