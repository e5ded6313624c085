//! The secondary indexes that requests ask for, read and held to what fits their table.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::key_elements::{Definitions, key_elements, key_schema};
use super::settings;
use crate::dynamodb::error::Error;
use crate::dynamodb::index::{IndexDefinition, IndexKind, IndexProjection, Throughput};
use crate::dynamodb::key::{KeyRole, KeySchema};
use crate::dynamodb::message::{self, Message};
use crate::dynamodb::table::Billing;
use crate::dynamodb::validate::{self, Constraints};
use crate::dynamodb::wire::Members;
use crate::spec::quota;

/// An index as asked for, before it is known to fit its table.
#[derive(Clone, Debug)]
pub(super) struct IndexRequest {
    pub(super) name: Arc<str>,
    kind: IndexKind,
    elements: Vec<(Arc<str>, KeyRole)>,
    projection_type: Option<ProjectionType>,
    non_key_attributes: Option<Vec<Arc<str>>>,
    throughput: Option<Throughput>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProjectionType {
    All,
    KeysOnly,
    Include,
}

impl IndexRequest {
    /// The indexes of one kind; an empty list is an absent one that is complained about later.
    pub(super) fn read_all(
        members: Members<'_>,
        kind: IndexKind,
        constraints: &mut Constraints,
    ) -> Result<Option<Vec<IndexRequest>>, Error> {
        let (member, path) = match kind {
            IndexKind::Global => ("GlobalSecondaryIndexes", "globalSecondaryIndexes"),
            IndexKind::Local => ("LocalSecondaryIndexes", "localSecondaryIndexes"),
        };
        let Some(list) = members.structures(member)? else { return Ok(None) };
        let requests = list.into_iter().zip(1..).map(|(index, number)| {
            IndexRequest::read(index, kind, &format!("{path}.{number}.member"), constraints)
        });
        requests.collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn read(
        members: Members<'_>,
        kind: IndexKind,
        path: &str,
        constraints: &mut Constraints,
    ) -> Result<IndexRequest, Error> {
        let name = members.string("IndexName")?;
        let at = |member: &str| format!("{path}.{member}");
        constraints.require(name.is_some(), at("indexName"));
        if let Some(rule) = name.and_then(validate::index_name_rule) {
            constraints.note(name, &at("indexName"), rule);
        }
        let elements = key_elements(members, &at("keySchema"), Some(kind), constraints)?;
        let projection = members.structure("Projection")?;
        constraints.require(projection.is_some(), at("projection"));
        let options = [
            ("ALL", ProjectionType::All),
            ("INCLUDE", ProjectionType::Include),
            ("KEYS_ONLY", ProjectionType::KeysOnly),
        ];
        let projection_type =
            projection.map(|members| members.string("ProjectionType")).transpose()?.flatten();
        let non_key = projection.map(|members| members.strings("NonKeyAttributes")).transpose()?.flatten();
        if let Some(names) = &non_key
            && names.iter().any(|name| !(1..=255).contains(&name.len()))
        {
            let rule = "satisfy constraint: [Member must have length less than or equal to 255, \
                        Member must have length greater than or equal to 1]";
            let shown = format!("[{}]", names.join(", "));
            constraints
                .note_same(message::constraint(Some(&shown), &at("projection.nonKeyAttributes"), rule).older);
        }
        Ok(IndexRequest {
            name: name.unwrap_or_default().into(),
            kind,
            elements,
            projection_type: constraints.one_of(projection_type, &at("projection.projectionType"), &options),
            non_key_attributes: non_key.map(|names| names.into_iter().map(Arc::from).collect()),
            throughput: settings::throughput(members, &at("provisionedThroughput"), constraints)?,
        })
    }
}

/// What the indexes of a table must fit.
pub(super) struct Indexes<'t> {
    pub(super) defined: Definitions<'t>,
    pub(super) table_key: &'t KeySchema,
    pub(super) billing: Billing,
}

impl Indexes<'_> {
    pub(super) fn check(
        self,
        requests: [Option<Vec<IndexRequest>>; 2],
    ) -> Result<Vec<IndexDefinition>, Message> {
        let mut indexes: Vec<IndexDefinition> = Vec::new();
        let mut names = BTreeSet::new();
        for (requests, kind) in requests.into_iter().zip([IndexKind::Local, IndexKind::Global]) {
            let Some(requests) = requests else { continue };
            if requests.is_empty() {
                return Err(message::index_list_empty(kind));
            }
            if kind == IndexKind::Local && self.table_key.sort.is_none() {
                return Err(message::local_index_needs_sort_key());
            }
            let count = requests.len();
            for request in requests {
                let index = self.index(request)?;
                if !names.insert(Arc::clone(&index.name)) {
                    return Err(message::duplicate_index_name(&index.name));
                }
                indexes.push(index);
            }
            let too_many = match kind {
                IndexKind::Local => count > quota::LOCAL_INDEXES_MAX,
                IndexKind::Global => count > quota::GLOBAL_INDEXES_MAX,
            };
            if too_many {
                return Err(message::too_many_indexes(kind));
            }
        }
        // Checked first, listed last: AWS finds fault with the keys of global indexes before those of local ones.
        indexes.sort_by_key(|index| index.kind == IndexKind::Local);
        let named = |index: &IndexDefinition| match &index.projection {
            IndexProjection::Include(names) => names.len(),
            IndexProjection::All | IndexProjection::KeysOnly => 0,
        };
        let count = indexes.iter().map(named).sum::<usize>();
        if count > quota::PROJECTED_ATTRIBUTES_MAX {
            return Err(message::too_many_non_key_attributes(count));
        }
        Ok(indexes)
    }

    pub(super) fn index(&self, request: IndexRequest) -> Result<IndexDefinition, Message> {
        let key_schema = key_schema(&request.elements, &self.defined, Some(request.kind))?;
        if request.kind == IndexKind::Local {
            self.check_local(&request.name, &key_schema)?;
        }
        let names = request.non_key_attributes;
        let projection = match (request.projection_type, names) {
            (None, _) => return Err(message::unknown_projection_type()),
            (Some(ProjectionType::All), Some(_)) => return Err(message::non_key_attributes_with("ALL")),
            (Some(ProjectionType::KeysOnly), Some(_)) => {
                return Err(message::non_key_attributes_with("KEYS_ONLY"));
            }
            (Some(ProjectionType::All), None) => IndexProjection::All,
            (Some(ProjectionType::KeysOnly), None) => IndexProjection::KeysOnly,
            (Some(ProjectionType::Include), None) => return Err(message::non_key_attributes_missing()),
            (Some(ProjectionType::Include), Some(names)) => {
                let mut distinct = BTreeSet::new();
                if let Some(name) = names.iter().find(|name| !distinct.insert(*name)) {
                    return Err(message::duplicate_non_key_attribute(name));
                }
                IndexProjection::Include(names)
            }
        };
        let throughput = match (self.billing, request.kind, request.throughput) {
            (Billing::PayPerRequest, IndexKind::Global, Some(_)) => {
                return Err(message::index_throughput_with_pay_per_request(&request.name));
            }
            (Billing::Provisioned(_), IndexKind::Global, None) => {
                return Err(message::index_throughput_missing(&request.name));
            }
            (_, _, units) => units.unwrap_or_default(),
        };
        Ok(IndexDefinition { name: request.name, kind: request.kind, key_schema, projection, throughput })
    }

    fn check_local(&self, name: &str, key: &KeySchema) -> Result<(), Message> {
        if key.sort.is_none() {
            return Err(message::local_index_without_sort_key(name));
        }
        if key.partition.name != self.table_key.partition.name {
            let table = &self.table_key.partition.name;
            return Err(message::local_index_other_partition_key(name, &key.partition.name, table));
        }
        Ok(())
    }
}
