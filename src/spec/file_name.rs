//! Names of files that hold state machine definitions, as AWS Toolkit knows them.

/// What the name of a definition ends with.
pub const DEFINITION_SUFFIXES: [&str; 4] = [".asl.json", ".asl", ".asl.yaml", ".asl.yml"];

/// What else a file that is named outright may end with.
const OTHER_SUFFIXES: [&str; 3] = [".json", ".yaml", ".yml"];

/// Whether a file of this name is taken for a definition where nobody says so.
pub fn is_definition(name: &str) -> bool {
    DEFINITION_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

/// The name of a definition's file without what it ends with: `order` of `order.asl.json`.
pub fn stem(name: &str) -> &str {
    let suffixes = DEFINITION_SUFFIXES.iter().chain(&OTHER_SUFFIXES);
    suffixes.into_iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems() {
        let stems =
            ["order.asl.json", "my order.asl", "order.v2.json", "order.asl.yaml", "order.yml", "order"];
        assert_eq!(stems.map(stem), ["order", "my order", "order.v2", "order", "order", "order"]);
    }

    #[test]
    fn definitions() {
        assert!(is_definition("a.asl.yml") && is_definition("a.asl") && !is_definition("a.json"));
    }
}
