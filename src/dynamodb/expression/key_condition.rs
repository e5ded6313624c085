//! Key conditions: which range of which partition a query reads.
