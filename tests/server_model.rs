//! The real server process under random edits: in the end it says what a new process says that opens the last texts.
//!
//! The seed is fixed, so a failure repeats; proptest prints the smallest session that fails.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, unreachable_pub, dead_code)]

#[path = "../fuzz/src/session.rs"]
mod session;

use std::process::Stdio;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use tokio::process::{Child, Command};

use self::session::{Act, Client, acts, compare};

fn config() -> Config {
    Config { cases: 48, rng_seed: RngSeed::Fixed(0x0a51), failure_persistence: None, ..Config::default() }
}

/// What a session does, from bytes, so that it gets smaller with them.
fn some_acts() -> impl Strategy<Value = Vec<Act>> {
    let opened = (0..3).map(|document| Act::Open { document, text: document * 2 });
    prop::collection::vec(any::<u8>(), 0..1_500)
        .prop_map(move |bytes| opened.clone().chain(acts(&bytes)).collect())
}

fn on_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(work)
}

/// A server of its own process, and a client of it.
async fn start() -> (Child, Client) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_asl-lsp"))
        .arg("server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let (input, output) = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
    let client = Client::meet(input, output).await;
    (child, client)
}

/// Says good-bye and expects the process to end as the protocol says.
async fn end((mut child, client): (Child, Client)) {
    const PATIENCE: Duration = Duration::from_secs(20);
    client.leave().await;
    let status = tokio::time::timeout(PATIENCE, child.wait()).await.expect("the server ends").unwrap();
    assert_eq!(status.code(), Some(0));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_edited_server_says_what_a_new_one_says(acts in some_acts()) {
        on_runtime(async {
            let (mut edited, mut fresh) = (start().await, start().await);
            for act in &acts {
                edited.1.carry_out(act).await;
            }
            compare(&mut edited.1, &mut fresh.1).await;
            end(edited).await;
            end(fresh).await;
        });
    }
}

/// A simulation that goes on is given up when the client takes back what it asked for.
#[test]
fn a_cancelled_request_is_answered_soon() {
    // With other work on the machine; by itself it takes a few milliseconds.
    const LIMIT: Duration = Duration::from_secs(2);
    let endless = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": {"StartAt": "B", "States": {
            "B": {"Type": "Pass", "Parameters": {"x.$": "States.ArrayRange(0, 999, 1)"}, "End": true}}}, "Next": "A"}}}"#;
    on_runtime(async {
        let (child, mut client) = start().await;
        client.open(0, endless).await;
        let id = client.ask_to_simulate(0, serde_json::json!({"items": vec![1; 1_000]})).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        let start = Instant::now();
        let answer = client.cancel(id).await;
        assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
        assert_eq!(answer["code"], -32_800, "{answer}");
        end((child, client)).await;
    });
}
