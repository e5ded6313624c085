//! Hashes for `States.Hash` and `$hash`.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The hash of a text in lower-case hexadecimal digits; nothing for an unknown algorithm.
pub(super) fn hex_digest(data: &str, algorithm: &str) -> Option<String> {
    let bytes = match algorithm {
        "MD5" => Md5::digest(data).to_vec(),
        "SHA-1" => Sha1::digest(data).to_vec(),
        "SHA-256" => Sha256::digest(data).to_vec(),
        "SHA-384" => Sha384::digest(data).to_vec(),
        "SHA-512" => Sha512::digest(data).to_vec(),
        _ => return None,
    };
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_of_the_table_is_known() {
        for algorithm in crate::spec::intrinsic::HASH_ALGORITHMS {
            assert!(hex_digest("x", algorithm).is_some(), "{algorithm}");
        }
        assert_eq!(hex_digest("x", "SHA1"), None);
    }
}
