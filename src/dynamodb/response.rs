//! Responses: the members of a response's body, items kept as items until JSON is asked for.

use serde_json::{Map, Value};

use super::item::Item;
use super::wire;

/// What an operation answers. Absent members are absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    members: Vec<(&'static str, Member)>,
}

/// A member of a response.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// An item, such as `Item` or `Attributes`.
    Item(Item),
    /// A list of items.
    Items(Vec<Item>),
    /// Anything else.
    Json(Value),
}

impl Response {
    /// A member by name.
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|(other, _)| *other == name).map(|(_, member)| member)
    }

    /// A member that is an item.
    pub fn item(&self, name: &str) -> Option<&Item> {
        match self.get(name)? {
            Member::Item(item) => Some(item),
            Member::Items(_) | Member::Json(_) => None,
        }
    }

    /// The body of the response.
    pub fn to_json(&self) -> Value {
        let members = self.members.iter().map(|(name, member)| ((*name).to_owned(), member.to_json()));
        Value::Object(members.collect::<Map<_, _>>())
    }

    /// The body of the response as text: the same as that of [`Response::to_json`], made without the tree.
    pub fn to_text(&self) -> String {
        let mut text = Vec::with_capacity(64);
        text.push(b'{');
        for (index, (name, member)) in self.members.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            wire::write_text(&mut text, name);
            text.push(b':');
            match member {
                Member::Item(item) => {
                    // About as much room as it needs: beside names and values there is `"":{"S":""},` and more in lists.
                    text.reserve(item.size_bytes() + 24 * item.len());
                    wire::write_item(&mut text, item);
                }
                Member::Items(items) => {
                    // About as much room as all need, if they are like the first; a page has a megabyte.
                    let mut start = Some(text.len());
                    wire::write_list(&mut text, b"[]", items.iter(), |text, item| {
                        wire::write_item(text, item);
                        if let Some(start) = start.take() {
                            let others = (text.len() - start).saturating_mul(items.len());
                            text.reserve(others.min(1_048_576));
                        }
                    });
                }
                Member::Json(value) => text.extend_from_slice(value.to_string().as_bytes()),
            }
        }
        text.push(b'}');
        // All that is written is text.
        String::from_utf8(text).unwrap_or_default()
    }

    pub(super) fn with_item(mut self, name: &'static str, item: Option<Item>) -> Response {
        self.members.extend(item.map(|item| (name, Member::Item(item))));
        self
    }

    pub(super) fn with_items(mut self, name: &'static str, items: Option<Vec<Item>>) -> Response {
        self.members.extend(items.map(|items| (name, Member::Items(items))));
        self
    }

    pub(super) fn with_json(mut self, name: &'static str, value: Option<Value>) -> Response {
        self.members.extend(value.map(|value| (name, Member::Json(value))));
        self
    }
}

impl Member {
    fn to_json(&self) -> Value {
        match self {
            Member::Item(item) => wire::item_to_json(item),
            Member::Items(items) => items.iter().map(wire::item_to_json).collect(),
            Member::Json(value) => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::dynamodb::{Database, Request};

    #[test]
    fn the_text_is_that_of_the_tree() {
        let mut database = Database::from_tables(&json!([{
            "TableName": "table",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "Items": [
                {"id": {"S": "\"quotes\"\n\u{1}é"}, "n": {"N": "-1.5"}, "b": {"B": "AAEC"}, "t": {"BOOL": true}},
                {"id": {"S": "sets"}, "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2"]}, "bs": {"BS": ["AA=="]}},
                {"id": {"S": "deep"}, "l": {"L": [{"M": {"x": {"NULL": true}}}, {"L": []}]}, "m": {"M": {}}},
            ],
        }]))
        .unwrap();
        let scan = json!({"TableName": "table", "ReturnConsumedCapacity": "TOTAL", "Limit": 3});
        let get = json!({"TableName": "table", "Key": {"id": {"S": "deep"}}});
        let none = json!({"TableName": "table", "Key": {"id": {"S": "none"}}});
        for (operation, body) in [("Scan", scan), ("GetItem", get), ("GetItem", none)] {
            let response = database.execute(&Request::parse(operation, &body).unwrap()).unwrap();
            assert_eq!(response.to_text(), response.to_json().to_string());
        }
    }
}
