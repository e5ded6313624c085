//! Expression languages of the States Language: JSONPath, intrinsic functions, JSONata.
