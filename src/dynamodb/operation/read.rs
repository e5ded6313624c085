//! What Query and Scan share: their parameters, and reading a run of items page by page.

use std::borrow::Borrow;
use std::ops::Bound;
use std::sync::Arc;

use serde_json::Value;
use smol_str::SmolStr;

use super::key_range::KeyRange;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, Kind};
use crate::dynamodb::error::{Error, Failure};
use crate::dynamodb::expression::condition::Condition;
use crate::dynamodb::expression::projection::Projection;
use crate::dynamodb::expression::scope::Scope;
use crate::dynamodb::index::{Index, IndexKey, IndexKind, IndexProjection};
use crate::dynamodb::item::Item;
use crate::dynamodb::key::{self, KeySchema, Place, PrimaryKey};
use crate::dynamodb::legacy::{AttributesToGet, Comparisons};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::partiql;
use crate::dynamodb::response::Response;
use crate::dynamodb::sorted_map::SortedMap;
use crate::dynamodb::table::Table;
use crate::dynamodb::validate::{self, Attributes, Constraints};
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// The parameters of a read of many items, as read.
pub(super) struct Parameters<'r> {
    pub(super) filter: Option<&'r str>,
    pub(super) projection: Option<&'r str>,
    pub(super) legacy_filter: Comparisons<'r>,
    pub(super) attributes: AttributesToGet<'r>,
    index: Option<&'r str>,
    select: Option<&'r str>,
    limit: Option<i64>,
    consistent: bool,
    start: Option<Attributes>,
}

/// Which attributes a read returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Select {
    Specific,
    Count,
    All,
    AllProjected,
}

impl<'r> Parameters<'r> {
    pub(super) fn read(members: Members<'r>, legacy_filter: &str) -> Result<Parameters<'r>, Error> {
        Ok(Parameters {
            filter: members.string("FilterExpression")?,
            projection: members.string("ProjectionExpression")?,
            legacy_filter: Comparisons::read(members, legacy_filter)?,
            attributes: AttributesToGet::read(members)?,
            index: members.string("IndexName")?,
            select: members.string("Select")?,
            limit: members.integer("Limit")?,
            consistent: members.boolean("ConsistentRead")?.unwrap_or_default(),
            start: Attributes::read(members, "ExclusiveStartKey")?,
        })
    }

    /// Checks what the model constrains; `limit` notes a bad Limit, which the two operations word differently.
    pub(super) fn constrain(
        &self,
        members: Members<'_>,
        constraints: &mut Constraints,
        limit: fn(Option<i64>, &mut Constraints),
    ) -> Result<CapacityDetail, Error> {
        if let Some(index) = self.index
            && let Some(rule) = validate::index_name_rule(index)
        {
            constraints.note(Some(index), "indexName", rule);
        }
        limit(self.limit, constraints);
        constraints.one_of(self.select, "select", SELECT);
        self.attributes.constrain("attributesToGet", constraints);
        validate::capacity_detail(members, constraints)
    }

    /// The legacy filter becomes the filter, the legacy list of attributes the projection.
    pub(super) fn into_read(
        self,
        table: SmolStr,
        capacity: CapacityDetail,
        scope: &mut Scope<'_>,
    ) -> Result<Read, Failure> {
        let select = SELECT.iter().find(|(name, _)| Some(*name) == self.select).map(|(_, select)| *select);
        self.check_select(select)?;
        let start = self.start.map(Attributes::checked).transpose()?.map(Item::from);
        let legacy_filter = self.legacy_filter.condition()?;
        let attributes = self.attributes.projection()?;
        let filter = self.filter.map(|text| Condition::parse(text, scope)).transpose();
        let filter = filter.map_err(|problem| problem.into_violation("FilterExpression"))?.or(legacy_filter);
        let projection = validate::projection(self.projection, scope)?.or(attributes);
        validate::all_used(scope)?;
        Ok(Read {
            table,
            index: self.index.map(Arc::from),
            filter,
            projection,
            select,
            limit: self.limit.and_then(|limit| usize::try_from(limit).ok()),
            consistent: self.consistent,
            start,
            capacity,
            is_statement: false,
        })
    }

    fn check_select(&self, select: Option<Select>) -> Result<(), Message> {
        let (parameter, given) = match self.projection {
            Some(_) => ("ProjectionExpression", true),
            None => ("AttributesToGet", self.attributes.is_given()),
        };
        match select {
            Some(Select::Specific) if !given => Err(message::select_needs_attributes()),
            Some(Select::AllProjected) if self.index.is_none() => Err(message::select_needs_index()),
            Some(Select::All | Select::AllProjected | Select::Count) if given => {
                Err(message::select_excludes(parameter, self.select.unwrap_or_default()))
            }
            _ => Ok(()),
        }
    }
}

/// The values of Select in the order of AWS's text.
const SELECT: &[(&str, Select)] = &[
    ("SPECIFIC_ATTRIBUTES", Select::Specific),
    ("COUNT", Select::Count),
    ("ALL_ATTRIBUTES", Select::All),
    ("ALL_PROJECTED_ATTRIBUTES", Select::AllProjected),
];

/// A read of many items, well-formed as far as that is known without a table.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) table: SmolStr,
    index: Option<Arc<str>>,
    pub(super) filter: Option<Condition>,
    projection: Option<Projection>,
    select: Option<Select>,
    limit: Option<usize>,
    consistent: bool,
    start: Option<Item>,
    capacity: CapacityDetail,
    /// Whether a statement asks for the read: AWS words some of its errors in another way.
    is_statement: bool,
}

/// What is read: a table or one of its indexes.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) table: &'t Table,
    pub(super) index: Option<&'t Index>,
    /// Whether whole items are read though the index does not hold them, which local indexes allow.
    fetches: bool,
}

impl<'t> Source<'t> {
    /// The key by which the source is ordered.
    pub(super) fn key_schema(&self) -> &'t KeySchema {
        match self.index {
            Some(index) => &index.definition.key_schema,
            None => self.table.key_schema(),
        }
    }

    /// All items, or those after a place.
    pub(super) fn all(&self, after: Option<&Start>) -> Box<dyn Iterator<Item = &'t Item> + 't> {
        let lower = after.map_or(Bound::Unbounded, |start| Bound::Excluded(&*start.place));
        self.between(lower, Bound::Unbounded, true)
    }

    /// The items of a range, or those after a place in it, in one of the two directions.
    pub(super) fn within(
        &self,
        range: &KeyRange,
        after: Option<&Start>,
        forward: bool,
    ) -> Box<dyn Iterator<Item = &'t Item> + 't> {
        let KeyRange { lower, upper } = range;
        let (lower, upper) = (Bound::Included(lower as &dyn Place), Bound::Excluded(upper as &dyn Place));
        match (after.map(|start| Bound::Excluded(&*start.place)), forward) {
            (None, _) => self.between(lower, upper, forward),
            (Some(after), true) => self.between(after, upper, forward),
            (Some(after), false) => self.between(lower, after, forward),
        }
    }

    /// The items between two places, in one of the two directions.
    fn between(
        &self,
        lower: Bound<&(dyn Place + 'static)>,
        upper: Bound<&(dyn Place + 'static)>,
        forward: bool,
    ) -> Box<dyn Iterator<Item = &'t Item> + 't> {
        match self.index {
            Some(index) => between(&index.entries, lower, upper, forward),
            None => between(self.table.item_map(), lower, upper, forward),
        }
    }

    /// The item as the source shows it, with the bytes read for it.
    fn view(&self, item: &Item) -> (Item, usize) {
        match self.index {
            Some(index) => {
                let key_schema = self.table.key_schema();
                let projected = index.definition.project(item, key_schema);
                let bytes = projected.size_bytes();
                (if self.fetches { item.clone() } else { projected }, bytes)
            }
            None => (item.clone(), item.size_bytes()),
        }
    }

    /// The attributes that say where in the source an item stands.
    fn position(&self, item: &Item) -> Item {
        let names = self.key_schema().attributes().chain(self.table.key_schema().attributes());
        names
            .filter_map(|attribute| Some((Arc::clone(&attribute.name), item.get(&attribute.name)?.clone())))
            .collect()
    }
}

fn between<'t, K: Ord + Clone + Borrow<dyn Place + 'static>>(
    map: &'t SortedMap<K, Item>,
    lower: Bound<&(dyn Place + 'static)>,
    upper: Bound<&(dyn Place + 'static)>,
    forward: bool,
) -> Box<dyn Iterator<Item = &'t Item> + 't> {
    let items = map.range::<dyn Place>(lower, upper).map(|(_, item)| item);
    if forward { Box::new(items) } else { Box::new(items.rev()) }
}

/// Where in a source to start.
pub(super) struct Start {
    /// The position as the request gives it.
    pub(super) item: Item,
    pub(super) place: Box<dyn Place>,
}

impl Read {
    /// The read a SELECT statement asks for.
    pub(super) fn of_select(
        select: &partiql::Select,
        consistent: bool,
        limit: Option<usize>,
        start: Option<Item>,
        capacity: CapacityDetail,
    ) -> Read {
        Read {
            table: SmolStr::new(&*select.table),
            index: select.index.clone(),
            filter: select.condition.clone(),
            projection: select.paths.clone().map(Projection::columns),
            select: None,
            is_statement: true,
            limit,
            consistent,
            start,
            capacity,
        }
    }

    /// Finds the table and the index, and checks what is asked of them.
    pub(super) fn source<'t>(&self, table: &'t Table) -> Result<Source<'t>, Failure> {
        let Some(name) = &self.index else { return Ok(Source { table, index: None, fetches: false }) };
        let index = table.index(name).ok_or_else(|| match self.is_statement {
            true => message::no_such_index_in_statement(),
            false => message::no_such_index(name),
        })?;
        let definition = &index.definition;
        let whole = definition.projection == IndexProjection::All;
        let missing: Vec<&str> = match &self.projection {
            Some(projection) => {
                projection.roots().filter(|root| !definition.projects(root, table.key_schema())).collect()
            }
            None => Vec::new(),
        };
        let wants_all = self.select == Some(Select::All);
        if definition.kind == IndexKind::Global {
            if self.consistent && self.is_statement {
                return Err(message::consistent_statement_on_global_index().into());
            }
            if self.consistent {
                return Err(message::consistent_read_of_global_index().into());
            }
            if wants_all && !whole {
                return Err(message::global_index_is_not_whole(name).into());
            }
            if !missing.is_empty() {
                return Err(message::global_index_does_not_project(name, &missing).into());
            }
        }
        let fetches = !whole && (wants_all || !missing.is_empty());
        Ok(Source { table, index: Some(index), fetches })
    }

    /// The place after which to start, if the request gives one; `invalid` is told of one with other attributes.
    pub(super) fn start(
        &self,
        source: Source<'_>,
        invalid: fn() -> Message,
    ) -> Result<Option<Start>, Message> {
        let Some(item) = &self.start else { return Ok(None) };
        let table_key = source.table.key_schema();
        let expected = source.position_names();
        if item.len() != expected.len() || !expected.iter().all(|name| item.contains(name)) {
            return Err(invalid());
        }
        let primary = primary_of(table_key, item).ok_or_else(message::starting_key_does_not_match)?;
        let place: Box<dyn Place> = match source.index {
            None => Box::new(primary),
            Some(index) => {
                let values = key::of_indexed(&index.definition.key_schema, item)
                    .ok_or_else(message::starting_key_does_not_match)?;
                Box::new(IndexKey { values, primary })
            }
        };
        Ok(Some(Start { item: item.clone(), place }))
    }

    /// Refuses a projection into key attributes, which have no inside.
    pub(super) fn check_projection(&self, table: &Table) -> Result<(), Message> {
        validate::keys_are_scalar(table, self.projection.iter().flat_map(Projection::paths))
    }

    /// Reads a page of `items`, which begin after the start of the request.
    pub(super) fn page<'i>(&self, source: Source<'_>, items: impl Iterator<Item = &'i Item>) -> Response {
        let mut page = Page::default();
        for item in items {
            let (view, bytes) = source.view(item);
            page.scanned += 1;
            page.bytes += bytes;
            if source.fetches {
                page.fetched.push(item.size_bytes());
            }
            if self.filter.as_ref().is_none_or(|filter| filter.holds(&view)) {
                page.count += 1;
                if self.select != Some(Select::Count) {
                    page.items.push(match &self.projection {
                        Some(projection) => projection.apply(&view),
                        None => view,
                    });
                }
            }
            if self.limit == Some(page.scanned) || page.bytes >= quota::PAGE_BYTES_MAX {
                page.last = Some(source.position(item));
                break;
            }
        }
        self.respond(source, page)
    }

    fn respond(&self, source: Source<'_>, page: Page) -> Response {
        let consumed = self.consumed(source, &page);
        let items = (self.select != Some(Select::Count)).then_some(page.items);
        Response::default()
            .with_items("Items", items)
            .with_json("Count", Some(page.count.into()))
            .with_json("ScannedCount", Some(page.scanned.into()))
            .with_item("LastEvaluatedKey", page.last)
            .with_json("ConsumedCapacity", consumed)
    }

    fn consumed(&self, source: Source<'_>, page: &Page) -> Option<Value> {
        if self.capacity == CapacityDetail::None {
            return None;
        }
        let mut consumed = match source.index {
            None => Consumed::read(page.bytes, self.consistent),
            Some(index) => {
                let definition = &index.definition;
                Consumed::read_index(&definition.name, definition.kind, page.bytes, self.consistent)
            }
        };
        for bytes in &page.fetched {
            consumed.add(Consumed::read(*bytes, self.consistent));
        }
        consumed.report(source.table.name(), self.capacity, Kind::Plain)
    }
}

impl Source<'_> {
    fn position_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for attribute in self.key_schema().attributes().chain(self.table.key_schema().attributes()) {
            if !names.contains(&&*attribute.name) {
                names.push(&attribute.name);
            }
        }
        names
    }
}

fn primary_of(schema: &KeySchema, item: &Item) -> Option<PrimaryKey> {
    let values = key::of_indexed(schema, item)?;
    Some(PrimaryKey { partition: values.first, sort: values.second })
}

#[derive(Default)]
struct Page {
    items: Vec<Item>,
    count: usize,
    scanned: usize,
    bytes: usize,
    /// Bytes of each whole item fetched besides its index entry.
    fetched: Vec<usize>,
    last: Option<Item>,
}
