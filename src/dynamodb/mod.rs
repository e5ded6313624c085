//! An in-memory DynamoDB.
