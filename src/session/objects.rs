//! A folder that stands for Amazon S3. The object `s3://bucket/key` is the file `DIR/bucket/key`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::simulator::Objects;
use crate::spec::quota;

/// Reads all files in the folders of a folder, each folder a bucket.
///
/// Links are not followed, wherever they lead: what is read lies in the folder. Number and size are bounded.
///
/// # Errors
///
/// What cannot be read, and more files or bytes than are read.
pub fn read_objects(folder: &Path) -> Result<Objects> {
    let mut objects = Objects::default();
    let (mut n_entries, mut n_bytes) = (0_usize, 0_u64);
    // Folders with the bucket and the beginning of the keys in them; the folder itself has neither.
    let mut todo: Vec<(PathBuf, Option<(String, String)>)> = vec![(folder.to_path_buf(), None)];
    while let Some((path, place)) = todo.pop() {
        let entries = std::fs::read_dir(&path).with_context(|| format!("cannot read {}", path.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", path.display()))?;
            n_entries += 1;
            if n_entries > quota::S3_OBJECTS_MAX {
                bail!("{} holds more than {} objects", folder.display(), quota::S3_OBJECTS_MAX);
            }
            // The type of the entry itself, not of what a link leads to.
            let kind =
                entry.file_type().with_context(|| format!("cannot read {}", entry.path().display()))?;
            let Ok(name) = entry.file_name().into_string() else {
                bail!("{} is not UTF-8 and cannot be a key", entry.path().display());
            };
            if kind.is_dir() {
                let below = match &place {
                    None => (name, String::new()),
                    Some((bucket, prefix)) => (bucket.clone(), format!("{prefix}{name}/")),
                };
                todo.push((entry.path(), Some(below)));
            } else if let (true, Some((bucket, prefix))) = (kind.is_file(), &place) {
                let body = read_within(&entry.path(), quota::S3_BYTES_MAX.saturating_sub(n_bytes))
                    .with_context(|| format!("cannot read {}", entry.path().display()))?;
                let Some(body) = body else {
                    let limit = quota::S3_BYTES_MAX / 1_048_576;
                    bail!("{} holds more than {limit} MiB", folder.display());
                };
                n_bytes += body.len() as u64;
                objects.insert(bucket, &format!("{prefix}{name}"), &body);
            }
        }
    }
    Ok(objects)
}

/// The content of a file; nothing when it has more than so many bytes.
fn read_within(path: &Path, bytes_max: u64) -> std::io::Result<Option<Vec<u8>>> {
    use std::io::Read;

    let mut body = Vec::new();
    std::fs::File::open(path)?.take(bytes_max.saturating_add(1)).read_to_end(&mut body)?;
    Ok((body.len() as u64 <= bytes_max).then_some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_the_files_below() {
        let folder = std::env::temp_dir().join(format!("asl-lsp-objects-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("b/in/x")).unwrap();
        std::fs::write(folder.join("b/in/x/1.json"), "[1]").unwrap();
        std::fs::write(folder.join("b/2"), "2").unwrap();
        std::fs::write(folder.join("no-bucket"), "3").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc", folder.join("b/link")).unwrap();
            std::os::unix::fs::symlink("/etc/passwd", folder.join("b/passwd")).unwrap();
        }
        let objects = read_objects(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let keys: Vec<&str> = objects.list("b", "").map(|(key, _)| &**key).collect();
        assert_eq!(keys, ["2", "in/x/1.json"]);
        assert_eq!(objects.get("b", "in/x/1.json").map(|body| &**body), Some(b"[1]".as_slice()));
    }
}
