//! Files of scenarios, open beside their definition: what reaches from one document to the other.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::test_server::{Builder, TestServer, at};

const DEFINITION: &str = "{\"StartAt\": \"Pay\", \"States\": {\n\"Pay\": {\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::lambda:invoke\", \"Parameters\": {\"FunctionName\": \"f\"}, \"End\": true}}}";
const SCENARIOS: &str =
    "{\"scenarios\": {\"a\": {\n\"mocks\": {\"Pay\": {\"Return\": 1}},\n\"expect\": {\"path\": [\"Pay\"]}}}}";

/// A folder of its own, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("asl-lsp-open-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.join(name), text).unwrap();
        self.uri(name)
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", Path::new(&self.0).join(name).display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The findings of a version, once those with this many have come.
async fn problems(server: &mut TestServer, uri: &str, version: i32) -> Vec<String> {
    let found = server.diagnostics(uri, version).await;
    found.iter().map(|it| it["message"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_file_of_scenarios_is_checked_against_its_definition() {
    let folder = Folder::new("checked");
    folder.write("order.asl.json", DEFINITION);
    let uri = folder.uri("order.scenarios.json");
    let mut server = Builder::new().start().await;
    server.open(&uri, &SCENARIOS.replace("[\"Pay\"]", "[\"Pey\"]")).await;
    let found = server.diagnostics(&uri, 1).await;
    let range = json!({"start": {"line": 2, "character": 20}, "end": {"line": 2, "character": 25}});
    assert_eq!((&found[0]["range"], &found[0]["message"]), (&range, &json!("No state is called \"Pey\"")));
    server.change(&uri, 2, SCENARIOS).await;
    assert_eq!(problems(&mut server, &uri, 2).await, Vec::<String>::new());
    // What is typed in the definition goes before what is on the disk.
    let definition = folder.uri("order.asl.json");
    server.open(&definition, &DEFINITION.replace("Pay", "Paid")).await;
    let found = loop {
        let found = problems(&mut server, &uri, 2).await;
        if !found.is_empty() {
            break found;
        }
    };
    assert_eq!(found, ["No state is called \"Pay\"", "No state is called \"Pay\""]);
    assert_eq!(server.hover(&uri, 2, 22).await, None);
}

#[tokio::test]
async fn from_a_state_to_its_definition_and_back() {
    let folder = Folder::new("names");
    let definition = folder.write("order.asl.json", DEFINITION);
    let uri = folder.write("order.scenarios.json", SCENARIOS);
    let mut server = Builder::new().start().await;
    server.open(&uri, SCENARIOS).await;
    let found = server.request("textDocument/definition", at(&uri, 1, 13)).await.unwrap();
    let key = json!({"start": {"line": 1, "character": 1}, "end": {"line": 1, "character": 4}});
    assert_eq!(found, json!({"uri": definition, "range": key}));
    let hover = server.hover(&uri, 2, 22).await;
    assert_eq!(hover.as_deref(), Some("**Pay** · Task · lambda:invoke"));
    server.open(&definition, DEFINITION).await;
    let mut params = at(&definition, 1, 2);
    params["context"] = json!({"includeDeclaration": true});
    let found = server.request("textDocument/references", params).await.unwrap();
    let places: Vec<(&Value, &Value)> =
        found.as_array().unwrap().iter().map(|it| (&it["uri"], &it["range"]["start"]["line"])).collect();
    let (definition, uri) = (json!(definition), json!(uri));
    assert_eq!(
        places,
        [(&definition, &json!(0)), (&definition, &json!(1)), (&uri, &json!(1)), (&uri, &json!(2))]
    );
    let document = json!({"textDocument": {"uri": uri}});
    let symbols = server.request("textDocument/documentSymbol", document).await.unwrap();
    assert_eq!(symbols[0]["name"], "a");
}

#[tokio::test]
async fn a_renamed_state_is_renamed_in_files_that_are_not_open() {
    let folder = Folder::new("rename");
    let definition = folder.write("order.asl.json", DEFINITION);
    let scenarios = folder.write("order.scenarios.json", SCENARIOS);
    let other = SCENARIOS.replacen('{', "{\"definition\": \"order.asl.json\", ", 1);
    let other = folder.write("more.scenarios.json", &other);
    folder.write("alien.scenarios.json", SCENARIOS);
    let mut server = Builder::new().start().await;
    server.open(&definition, DEFINITION).await;
    let mut params = at(&definition, 1, 2);
    params["newName"] = json!("Charge");
    let edit = server.request("textDocument/rename", params).await.unwrap();
    let count = |uri: &str| edit["changes"][uri].as_array().map(Vec::len);
    assert_eq!((count(&definition), count(&scenarios), count(&other)), (Some(2), Some(2), Some(2)));
    assert_eq!(edit["changes"].as_object().unwrap().len(), 3);
    // The same, begun in the file of scenarios.
    server.open(&scenarios, SCENARIOS).await;
    let mut params = at(&scenarios, 2, 22);
    params["newName"] = json!("Charge");
    let same = server.request("textDocument/rename", params.clone()).await.unwrap();
    assert_eq!(same["changes"].as_object().unwrap().len(), 3);
    params["newName"] = json!("");
    let refused = server.request("textDocument/rename", params).await.unwrap_err();
    assert_eq!(refused["message"], "A state needs a name");
}

#[tokio::test]
async fn a_name_that_only_a_scenario_has_is_not_taken_over() {
    let folder = Folder::new("rename-taken");
    let definition = folder.write("order.asl.json", DEFINITION);
    folder
        .write("order.scenarios.json", &SCENARIOS.replacen("{\"Pay", "{\"Old\": {\"Return\": 1}, \"Pay", 1));
    let mut server = Builder::new().start().await;
    server.open(&definition, DEFINITION).await;
    let mut params = at(&definition, 1, 2);
    params["newName"] = json!("Old");
    let refused = server.request("textDocument/rename", params).await.unwrap_err();
    assert_eq!(refused["message"], "order.scenarios.json has something for a state \"Old\" already");
}

#[tokio::test]
async fn what_is_typed_in_scenarios_is_simulated() {
    let folder = Folder::new("live");
    let definition = folder.uri("order.asl.json");
    let scenarios = folder.write("order.scenarios.json", SCENARIOS);
    let mut server = Builder::new().start().await;
    server.open(&definition, DEFINITION).await;
    server.await_run().await;
    assert_eq!(server.hints(&definition).await, ["⇒ 1"]);
    server.open(&scenarios, SCENARIOS).await;
    server.change(&scenarios, 2, &SCENARIOS.replace(": 1", ": 2")).await;
    server.await_run().await;
    assert_eq!(server.hints(&definition).await, ["⇒ 2"]);
    let document = json!({"textDocument": {"uri": scenarios}});
    server.notify("textDocument/didClose", document).await;
    server.await_run().await;
    assert_eq!(server.hints(&definition).await, ["⇒ 1"]);
}

#[tokio::test]
async fn files_that_are_named_are_links_and_watched() {
    let folder = Folder::new("watched");
    let definition = folder.write("order.asl.json", DEFINITION);
    let tables = folder.write("data.json", "[]");
    let text = SCENARIOS.replacen('{', "{\"tables\": [\"data.json\"], \"s3\": \"./s3\", ", 1);
    let scenarios = folder.write("order.scenarios.json", &text);
    std::fs::create_dir_all(folder.0.join("s3/b")).unwrap();
    let mut server = Builder::new().watching_files().start().await;
    server.open(&definition, DEFINITION).await;
    let is_registration = |id: &'static str| {
        move |message: &Value| {
            message["method"] == "client/registerCapability"
                && message["params"]["registrations"][0]["id"] == id
        }
    };
    server.wait(is_registration("companions")).await;
    let asked = server.wait(is_registration("references-0")).await;
    let watchers = &asked["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(watchers, &json!([{"globPattern": "**/data.json"}, {"globPattern": "**/s3/**"}]));
    server.await_run().await;
    server.open(&scenarios, &text).await;
    let document = json!({"textDocument": {"uri": scenarios}});
    let links = server.request("textDocument/documentLink", document).await.unwrap();
    assert_eq!(links.as_array().unwrap().len(), 1);
    assert_eq!(links[0]["target"], tables);
    folder.write("data.json", "[5]");
    let changed = json!({"changes": [{"uri": tables, "type": 2}]});
    server.notify("workspace/didChangeWatchedFiles", changed).await;
    let found = loop {
        let found = problems(&mut server, &scenarios, 1).await;
        if !found.is_empty() {
            break found;
        }
    };
    assert_eq!(found, ["table 0: expected an object"]);
}
