//! The expiry of items by the time-to-live attribute of their table.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html>

use std::sync::Arc;

use imbl::OrdMap;

use super::attribute::AttributeValue;
use super::item::Item;
use super::key::PrimaryKey;
use super::number::Number;
use super::table::Table;

/// Times further in the past are taken for something else than times: five years, as AWS has it.
const AGE_SECONDS_MAX: u64 = 5 * 365 * 86_400;

/// Deletes the items whose time has passed. Looks at every item of the tables that have a time to live.
pub(super) fn expire(tables: &mut OrdMap<Arc<str>, Arc<Table>>, now_seconds: u64) {
    let number = |seconds: u64| Number::parse(&seconds.to_string()).unwrap_or(Number::ZERO);
    let (oldest, now) = (number(now_seconds.saturating_sub(AGE_SECONDS_MAX)), number(now_seconds));
    let mut passed: Vec<(Arc<str>, Vec<PrimaryKey>)> = Vec::new();
    for table in tables.values() {
        let Some(attribute) = &table.definition().ttl_attribute else { continue };
        let has_passed = |item: &Item| match item.get(attribute) {
            Some(AttributeValue::N(time)) => *time < now && *time >= oldest,
            _ => false,
        };
        let keys: Vec<_> =
            table.items().filter(|(_, item)| has_passed(item)).map(|(key, _)| key.clone()).collect();
        if !keys.is_empty() {
            passed.push((Arc::clone(table.name()), keys));
        }
    }
    for (name, keys) in passed {
        let Some(table) = tables.get_mut(&name).map(Arc::make_mut) else { continue };
        for key in keys {
            table.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::dynamodb::Database;

    fn database() -> Database {
        let item = |id: &str, until: Value| json!({"id": {"S": id}, "until": until});
        let mut database = Database::from_tables(&json!([{
            "TableName": "sessions",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "Items": [
                item("past", json!({"N": "1700000000"})),
                item("text", json!({"S": "1700000000"})),
                item("ancient", json!({"N": "1"})),
                item("future", json!({"N": "1700000005.5"})),
                {"id": {"S": "none"}},
            ],
        }]))
        .unwrap();
        let specification = json!({"AttributeName": "until", "Enabled": true});
        let body = json!({"TableName": "sessions", "TimeToLiveSpecification": specification});
        database.call("UpdateTimeToLive", &body).unwrap();
        database
    }

    fn ids(database: &Database) -> Vec<String> {
        let items = database.table("sessions").unwrap().items_to_json();
        items.as_array().unwrap().iter().map(|item| item["id"]["S"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn items_expire_when_asked_for() {
        let mut database = database().with_expiry();
        database.set_now_millis(1_700_000_000_000);
        assert_eq!(ids(&database), ["ancient", "future", "none", "past", "text"]);
        database.set_now_millis(1_700_000_001_000);
        assert_eq!(ids(&database), ["ancient", "future", "none", "text"]);
        database.set_now_millis(1_700_000_006_000);
        assert_eq!(ids(&database), ["ancient", "none", "text"]);
    }

    #[test]
    fn items_stay_otherwise() {
        let mut database = database();
        database.set_now_millis(1_800_000_000_000);
        assert_eq!(ids(&database).len(), 5);
    }
}
