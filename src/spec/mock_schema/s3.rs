//! What actions of Amazon S3 answer.

use super::{Answer, BOOLEAN, MANY, NUMBER, Shape, TEXT, answer, opt, text};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[
    answer("s3", "getObject", &GET_OBJECT_OUTPUT),
    answer("s3", "putObject", &PUT_OBJECT_OUTPUT),
    answer("s3", "headObject", &HEAD_OBJECT_OUTPUT),
    answer("s3", "listObjectsV2", &LIST_OBJECTS_V2_OUTPUT),
    answer("s3", "copyObject", &COPY_OBJECT_OUTPUT),
];

static CHECKSUM_TYPE: Shape = Shape::OneOf(&["COMPOSITE", "FULL_OBJECT"]);

static SERVER_SIDE_ENCRYPTION: Shape = Shape::OneOf(&["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"]);

static METADATA: Shape = Shape::Map(&TEXT);

static STORAGE_CLASS: Shape = Shape::OneOf(&[
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
    "FSX_OPENZFS",
    "FSX_ONTAP",
]);

static REQUEST_CHARGED: Shape = Shape::OneOf(&["requester"]);

static REPLICATION_STATUS: Shape = Shape::OneOf(&["COMPLETE", "PENDING", "FAILED", "REPLICA", "COMPLETED"]);

static OBJECT_LOCK_MODE: Shape = Shape::OneOf(&["GOVERNANCE", "COMPLIANCE"]);

static OBJECT_LOCK_LEGAL_HOLD_STATUS: Shape = Shape::OneOf(&["ON", "OFF"]);

static GET_OBJECT_OUTPUT: Shape = Shape::Structure(&[
    opt("Body", &TEXT),
    opt("DeleteMarker", &BOOLEAN),
    opt("AcceptRanges", &TEXT),
    opt("Expiration", &TEXT),
    opt("Restore", &TEXT),
    opt("LastModified", &TEXT),
    opt("ContentLength", &NUMBER),
    opt("ETag", &TEXT),
    opt("ChecksumCRC32", &TEXT),
    opt("ChecksumCRC32C", &TEXT),
    opt("ChecksumCRC64NVME", &TEXT),
    opt("ChecksumSHA1", &TEXT),
    opt("ChecksumSHA256", &TEXT),
    opt("ChecksumSHA512", &TEXT),
    opt("ChecksumMD5", &TEXT),
    opt("ChecksumXXHASH64", &TEXT),
    opt("ChecksumXXHASH3", &TEXT),
    opt("ChecksumXXHASH128", &TEXT),
    opt("ChecksumType", &CHECKSUM_TYPE),
    opt("MissingMeta", &NUMBER),
    opt("VersionId", &TEXT),
    opt("CacheControl", &TEXT),
    opt("ContentDisposition", &TEXT),
    opt("ContentEncoding", &TEXT),
    opt("ContentLanguage", &TEXT),
    opt("ContentRange", &TEXT),
    opt("ContentType", &TEXT),
    opt("Expires", &TEXT),
    opt("WebsiteRedirectLocation", &TEXT),
    opt("ServerSideEncryption", &SERVER_SIDE_ENCRYPTION),
    opt("Metadata", &METADATA),
    opt("SSECustomerAlgorithm", &TEXT),
    opt("SSECustomerKeyMD5", &TEXT),
    opt("SSEKMSKeyId", &TEXT),
    opt("BucketKeyEnabled", &BOOLEAN),
    opt("StorageClass", &STORAGE_CLASS),
    opt("RequestCharged", &REQUEST_CHARGED),
    opt("ReplicationStatus", &REPLICATION_STATUS),
    opt("PartsCount", &NUMBER),
    opt("TagCount", &NUMBER),
    opt("ObjectLockMode", &OBJECT_LOCK_MODE),
    opt("ObjectLockRetainUntilDate", &TEXT),
    opt("ObjectLockLegalHoldStatus", &OBJECT_LOCK_LEGAL_HOLD_STATUS),
]);

static PUT_OBJECT_OUTPUT: Shape = Shape::Structure(&[
    opt("Expiration", &TEXT),
    opt("ETag", &TEXT),
    opt("ChecksumCRC32", &TEXT),
    opt("ChecksumCRC32C", &TEXT),
    opt("ChecksumCRC64NVME", &TEXT),
    opt("ChecksumSHA1", &TEXT),
    opt("ChecksumSHA256", &TEXT),
    opt("ChecksumSHA512", &TEXT),
    opt("ChecksumMD5", &TEXT),
    opt("ChecksumXXHASH64", &TEXT),
    opt("ChecksumXXHASH3", &TEXT),
    opt("ChecksumXXHASH128", &TEXT),
    opt("ChecksumType", &CHECKSUM_TYPE),
    opt("ServerSideEncryption", &SERVER_SIDE_ENCRYPTION),
    opt("VersionId", &TEXT),
    opt("SSECustomerAlgorithm", &TEXT),
    opt("SSECustomerKeyMD5", &TEXT),
    opt("SSEKMSKeyId", &TEXT),
    opt("SSEKMSEncryptionContext", &TEXT),
    opt("BucketKeyEnabled", &BOOLEAN),
    opt("Size", &NUMBER),
    opt("RequestCharged", &REQUEST_CHARGED),
]);

static ARCHIVE_STATUS: Shape = Shape::OneOf(&["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"]);

static HEAD_OBJECT_OUTPUT: Shape = Shape::Structure(&[
    opt("DeleteMarker", &BOOLEAN),
    opt("AcceptRanges", &TEXT),
    opt("Expiration", &TEXT),
    opt("Restore", &TEXT),
    opt("ArchiveStatus", &ARCHIVE_STATUS),
    opt("LastModified", &TEXT),
    opt("ContentLength", &NUMBER),
    opt("ChecksumCRC32", &TEXT),
    opt("ChecksumCRC32C", &TEXT),
    opt("ChecksumCRC64NVME", &TEXT),
    opt("ChecksumSHA1", &TEXT),
    opt("ChecksumSHA256", &TEXT),
    opt("ChecksumSHA512", &TEXT),
    opt("ChecksumMD5", &TEXT),
    opt("ChecksumXXHASH64", &TEXT),
    opt("ChecksumXXHASH3", &TEXT),
    opt("ChecksumXXHASH128", &TEXT),
    opt("ChecksumType", &CHECKSUM_TYPE),
    opt("ETag", &TEXT),
    opt("MissingMeta", &NUMBER),
    opt("VersionId", &TEXT),
    opt("CacheControl", &TEXT),
    opt("ContentDisposition", &TEXT),
    opt("ContentEncoding", &TEXT),
    opt("ContentLanguage", &TEXT),
    opt("ContentType", &TEXT),
    opt("ContentRange", &TEXT),
    opt("Expires", &TEXT),
    opt("WebsiteRedirectLocation", &TEXT),
    opt("ServerSideEncryption", &SERVER_SIDE_ENCRYPTION),
    opt("Metadata", &METADATA),
    opt("SSECustomerAlgorithm", &TEXT),
    opt("SSECustomerKeyMD5", &TEXT),
    opt("SSEKMSKeyId", &TEXT),
    opt("BucketKeyEnabled", &BOOLEAN),
    opt("StorageClass", &STORAGE_CLASS),
    opt("RequestCharged", &REQUEST_CHARGED),
    opt("ReplicationStatus", &REPLICATION_STATUS),
    opt("PartsCount", &NUMBER),
    opt("TagCount", &NUMBER),
    opt("ObjectLockMode", &OBJECT_LOCK_MODE),
    opt("ObjectLockRetainUntilDate", &TEXT),
    opt("ObjectLockLegalHoldStatus", &OBJECT_LOCK_LEGAL_HOLD_STATUS),
]);

static OBJECT_KEY: Shape = text(1, MANY);

static CHECKSUM_ALGORITHM: Shape = Shape::OneOf(&[
    "CRC32",
    "CRC32C",
    "SHA1",
    "SHA256",
    "CRC64NVME",
    "SHA512",
    "MD5",
    "XXHASH64",
    "XXHASH3",
    "XXHASH128",
]);

static CHECKSUM_ALGORITHM_LIST: Shape = Shape::List(&CHECKSUM_ALGORITHM);

static OBJECT_STORAGE_CLASS: Shape = Shape::OneOf(&[
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "GLACIER",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "DEEP_ARCHIVE",
    "OUTPOSTS",
    "GLACIER_IR",
    "SNOW",
    "EXPRESS_ONEZONE",
    "FSX_OPENZFS",
    "FSX_ONTAP",
]);

static OWNER: Shape = Shape::Structure(&[opt("DisplayName", &TEXT), opt("ID", &TEXT)]);

static RESTORE_STATUS: Shape =
    Shape::Structure(&[opt("IsRestoreInProgress", &BOOLEAN), opt("RestoreExpiryDate", &TEXT)]);

static OBJECT: Shape = Shape::Structure(&[
    opt("Key", &OBJECT_KEY),
    opt("LastModified", &TEXT),
    opt("ETag", &TEXT),
    opt("ChecksumAlgorithm", &CHECKSUM_ALGORITHM_LIST),
    opt("ChecksumType", &CHECKSUM_TYPE),
    opt("Size", &NUMBER),
    opt("StorageClass", &OBJECT_STORAGE_CLASS),
    opt("Owner", &OWNER),
    opt("RestoreStatus", &RESTORE_STATUS),
]);

static OBJECT_LIST: Shape = Shape::List(&OBJECT);

static COMMON_PREFIX: Shape = Shape::Structure(&[opt("Prefix", &TEXT)]);

static COMMON_PREFIX_LIST: Shape = Shape::List(&COMMON_PREFIX);

static ENCODING_TYPE: Shape = Shape::OneOf(&["url"]);

static LIST_OBJECTS_V2_OUTPUT: Shape = Shape::Structure(&[
    opt("IsTruncated", &BOOLEAN),
    opt("Contents", &OBJECT_LIST),
    opt("Name", &TEXT),
    opt("Prefix", &TEXT),
    opt("Delimiter", &TEXT),
    opt("MaxKeys", &NUMBER),
    opt("CommonPrefixes", &COMMON_PREFIX_LIST),
    opt("EncodingType", &ENCODING_TYPE),
    opt("KeyCount", &NUMBER),
    opt("ContinuationToken", &TEXT),
    opt("NextContinuationToken", &TEXT),
    opt("StartAfter", &TEXT),
    opt("RequestCharged", &REQUEST_CHARGED),
]);

static COPY_OBJECT_RESULT: Shape = Shape::Structure(&[
    opt("ETag", &TEXT),
    opt("LastModified", &TEXT),
    opt("ChecksumType", &CHECKSUM_TYPE),
    opt("ChecksumCRC32", &TEXT),
    opt("ChecksumCRC32C", &TEXT),
    opt("ChecksumCRC64NVME", &TEXT),
    opt("ChecksumSHA1", &TEXT),
    opt("ChecksumSHA256", &TEXT),
    opt("ChecksumSHA512", &TEXT),
    opt("ChecksumMD5", &TEXT),
    opt("ChecksumXXHASH64", &TEXT),
    opt("ChecksumXXHASH3", &TEXT),
    opt("ChecksumXXHASH128", &TEXT),
]);

static COPY_OBJECT_OUTPUT: Shape = Shape::Structure(&[
    opt("CopyObjectResult", &COPY_OBJECT_RESULT),
    opt("Expiration", &TEXT),
    opt("CopySourceVersionId", &TEXT),
    opt("VersionId", &TEXT),
    opt("ServerSideEncryption", &SERVER_SIDE_ENCRYPTION),
    opt("SSECustomerAlgorithm", &TEXT),
    opt("SSECustomerKeyMD5", &TEXT),
    opt("SSEKMSKeyId", &TEXT),
    opt("SSEKMSEncryptionContext", &TEXT),
    opt("BucketKeyEnabled", &BOOLEAN),
    opt("RequestCharged", &REQUEST_CHARGED),
]);
