//! Client tokens: a transaction that is sent again under its token is not carried out again.
//!
//! SDKs make a token for every transaction that has none, so what is remembered of each is little, and not for longer
//! than it counts.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>

use std::sync::Arc;

use imbl::OrdMap;
use serde_json::Value;

use super::transact_write_items::Outcome;
use super::write::Write;
use crate::dynamodb::Database;
use crate::dynamodb::capacity::{CapacityDetail, Consumed, ConsumedByTable, Kind};
use crate::dynamodb::error::Error;
use crate::dynamodb::hash::Hash;
use crate::dynamodb::item::Item;
use crate::dynamodb::json::Array;
use crate::dynamodb::validate::Constraints;
use crate::dynamodb::wire::Members;

/// How long a client token counts, in seconds.
const SECONDS_MAX: u64 = 600;

/// A client token with the request it stands for.
#[derive(Clone, Debug)]
pub(super) struct Token {
    token: Arc<str>,
    request: Hash,
}

impl Token {
    /// Reads the member ClientRequestToken; `body` is what must be the same when the token is used again.
    pub(super) fn read(
        members: Members<'_>,
        body: &str,
        constraints: &mut Constraints,
    ) -> Result<Option<Token>, Error> {
        let Some(token) = members.string("ClientRequestToken")? else { return Ok(None) };
        constraints.length(token, "clientRequestToken", 1..=36);
        let request = members.list(body)?.map_or(Hash::START, Array::fingerprint);
        Ok(Some(Token { token: token.into(), request }))
    }

    /// What is remembered of the request, if it has been carried out already under this token.
    ///
    /// # Errors
    ///
    /// `IdempotentParameterMismatchException` if that was another request.
    pub(super) fn repeated<'d>(&self, database: &'d Database) -> Result<Option<&'d TokenUse>, Error> {
        match database.tokens.get(&self.token, database.now_seconds()) {
            Some(used) if used.request != self.request => Err(Error::IdempotentParameterMismatchException),
            used => Ok(used),
        }
    }

    /// Remembers that the request has been carried out.
    pub(super) fn remember(&self, database: &mut Database, writes: &[Write], outcomes: &[Outcome]) {
        let bytes = |item: &Option<Item>| item.as_ref().map_or(0, |item| item.size_bytes());
        let items = writes.iter().zip(outcomes);
        let items = items
            .map(|(write, outcome)| (Arc::from(&*write.table), bytes(&outcome.old).max(bytes(&outcome.new))));
        let used =
            TokenUse { at_seconds: database.now_seconds(), request: self.request, items: items.collect() };
        database.tokens.insert(Arc::clone(&self.token), used);
    }
}

/// A transaction carried out under a client token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TokenUse {
    /// When, in seconds since 1970.
    at_seconds: u64,
    /// The request, to tell a repetition from another request.
    request: Hash,
    /// The tables of the items that were written or checked, with the bytes of the larger of both versions.
    items: Vec<(Arc<str>, usize)>,
}

impl TokenUse {
    /// What it consumes to find that a transaction has been carried out: a read of each item.
    pub(super) fn consumed_again(&self, capacity: CapacityDetail) -> Option<Value> {
        let mut consumed = ConsumedByTable::default();
        for (table, bytes) in &self.items {
            consumed.add(table, Consumed::read(*bytes, true));
        }
        consumed.report(capacity, Kind::TransactionalRead)
    }
}

/// Transactions by client token, for as long as a token counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::dynamodb) struct Tokens {
    // Two maps: when all that is in the earlier one counts no more, it is dropped at once, without a look at each.
    recent: OrdMap<Arc<str>, TokenUse>,
    earlier: OrdMap<Arc<str>, TokenUse>,
    /// When the first of the recent ones was used, in seconds since 1970; all earlier ones were before.
    since_seconds: u64,
}

impl Tokens {
    fn get(&self, token: &str, now_seconds: u64) -> Option<&TokenUse> {
        let used = self.recent.get(token).or_else(|| self.earlier.get(token))?;
        (now_seconds.saturating_sub(used.at_seconds) < SECONDS_MAX).then_some(used)
    }

    fn insert(&mut self, token: Arc<str>, used: TokenUse) {
        if used.at_seconds.saturating_sub(self.since_seconds) >= SECONDS_MAX {
            self.since_seconds = used.at_seconds;
            self.earlier = std::mem::take(&mut self.recent);
        }
        self.recent.insert(token, used);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::dynamodb::operation::testing::database;

    fn put(pk: &str, token: &str) -> Value {
        let put = json!({"Put": {"TableName": "one", "Item": {"pk": {"S": pk}}}});
        json!({"TransactItems": [put], "ClientRequestToken": token})
    }

    #[test]
    fn a_token_stands_for_one_request() {
        let mut database = database();
        assert_eq!(database.call("TransactWriteItems", &put("x", "token")), Ok(json!({})));
        let key = json!({"TableName": "one", "Key": {"pk": {"S": "x"}}});
        database.call("DeleteItem", &key).unwrap();
        assert_eq!(database.call("TransactWriteItems", &put("x", "token")), Ok(json!({})));
        assert_eq!(database.call("GetItem", &key), Ok(json!({})));
        let error = database.call("TransactWriteItems", &put("y", "token")).unwrap_err();
        assert_eq!(error.code(), "IdempotentParameterMismatchException");
        database.set_now_millis(600_000);
        assert_eq!(database.call("TransactWriteItems", &put("y", "token")), Ok(json!({})));
    }

    #[test]
    fn tokens_are_forgotten() {
        let mut database = database();
        let mut remembered = Vec::new();
        for second in (0..3_000).step_by(10) {
            database.set_now_millis(second * 1_000);
            database.call("TransactWriteItems", &put("x", &second.to_string())).unwrap();
            remembered.push(database.tokens.recent.len() + database.tokens.earlier.len());
            // Those of the last ten minutes count.
            let counts =
                |ago: u64| database.tokens.get(&second.saturating_sub(ago).to_string(), second).is_some();
            assert!(counts(0) && counts(590));
            assert_eq!(counts(600), second < 600, "{second}");
        }
        assert_eq!(remembered.into_iter().max(), Some(120));
    }
}
