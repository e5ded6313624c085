//! What actions of AWS KMS answer.

use super::{Answer, MANY, Shape, answer, opt, text};

/// By action.
pub(super) static ANSWERS: &[Answer] = &[
    answer("kms", "encrypt", &ENCRYPT_RESPONSE),
    answer("kms", "decrypt", &DECRYPT_RESPONSE),
    answer("kms", "generateDataKey", &GENERATE_DATA_KEY_RESPONSE),
];

static CIPHERTEXT_TYPE: Shape = text(1, MANY);

static KEY_ID_TYPE: Shape = text(1, 2048);

static ENCRYPTION_ALGORITHM_SPEC: Shape =
    Shape::OneOf(&["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"]);

static ENCRYPT_RESPONSE: Shape = Shape::Structure(&[
    opt("CiphertextBlob", &CIPHERTEXT_TYPE),
    opt("KeyId", &KEY_ID_TYPE),
    opt("EncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
]);

static PLAINTEXT_TYPE: Shape = text(1, MANY);

static BACKING_KEY_ID_TYPE: Shape = text(64, 64);

static DECRYPT_RESPONSE: Shape = Shape::Structure(&[
    opt("KeyId", &KEY_ID_TYPE),
    opt("Plaintext", &PLAINTEXT_TYPE),
    opt("EncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
    opt("CiphertextForRecipient", &CIPHERTEXT_TYPE),
    opt("KeyMaterialId", &BACKING_KEY_ID_TYPE),
]);

static GENERATE_DATA_KEY_RESPONSE: Shape = Shape::Structure(&[
    opt("CiphertextBlob", &CIPHERTEXT_TYPE),
    opt("Plaintext", &PLAINTEXT_TYPE),
    opt("KeyId", &KEY_ID_TYPE),
    opt("CiphertextForRecipient", &CIPHERTEXT_TYPE),
    opt("KeyMaterialId", &BACKING_KEY_ID_TYPE),
]);
