//! Responses: the members of a response's body, items kept as items until JSON is asked for.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::attribute::Item;
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
    Item(Arc<Item>),
    /// A list of items.
    Items(Vec<Arc<Item>>),
    /// Anything else.
    Json(Value),
}

impl Response {
    /// A member by name.
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|(other, _)| *other == name).map(|(_, member)| member)
    }

    /// A member that is an item.
    pub fn item(&self, name: &str) -> Option<&Arc<Item>> {
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

    pub(super) fn with_item(mut self, name: &'static str, item: Option<Arc<Item>>) -> Response {
        self.members.extend(item.map(|item| (name, Member::Item(item))));
        self
    }

    pub(super) fn with_items(mut self, name: &'static str, items: Option<Vec<Arc<Item>>>) -> Response {
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
            Member::Items(items) => items.iter().map(|item| wire::item_to_json(item)).collect(),
            Member::Json(value) => value.clone(),
        }
    }
}
