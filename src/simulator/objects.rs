//! Objects of Amazon S3, as item readers read them and result writers write them. Nothing here touches a disk: whoever
//! makes a scenario brings the objects.

use std::sync::Arc;

/// Bucket and key.
type Place = (Arc<str>, Arc<str>);

/// Objects by bucket and key. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Objects {
    by_place: imbl::OrdMap<Place, Arc<[u8]>>,
}

impl Objects {
    /// Adds an object, in the place of the one that was there.
    pub fn insert(&mut self, bucket: &str, key: &str, body: &[u8]) {
        self.by_place.insert((Arc::from(bucket), Arc::from(key)), Arc::from(body));
    }

    /// The object of this key.
    pub fn get(&self, bucket: &str, key: &str) -> Option<&Arc<[u8]>> {
        self.by_place.get(&(Arc::from(bucket), Arc::from(key)))
    }

    /// Whether there is a bucket of this name.
    pub fn has_bucket(&self, bucket: &str) -> bool {
        self.by_place.keys().any(|(name, _)| &**name == bucket)
    }

    /// All of them: bucket, key and content, by bucket and key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Arc<[u8]>)> {
        self.by_place.iter().map(|((bucket, key), body)| (&**bucket, &**key, body))
    }

    /// The objects of a bucket whose keys begin with a prefix, by key.
    pub fn list(&self, bucket: &str, prefix: &str) -> impl Iterator<Item = (&Arc<str>, &Arc<[u8]>)> {
        let is_listed = move |place: &&Place| &*place.0 == bucket && place.1.starts_with(prefix);
        self.by_place.iter().filter(move |(place, _)| is_listed(place)).map(|((_, key), body)| (key, body))
    }
}
