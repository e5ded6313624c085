//! The in-memory DynamoDB behind a port, in a thread of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up is to stop")]

use std::net::SocketAddr;
use std::thread::{self, JoinHandle};

use asl_lsp::dynamodb::Database;
use asl_lsp::endpoint::{Limits, serve};
use serde_json::json;
use tokio::sync::oneshot;

/// A server of tables. It ends when this is dropped.
pub(crate) struct Port {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Database>>,
}

/// The table `orders`, which has one item.
pub(crate) fn orders() -> Database {
    let tables = json!([{
        "TableName": "orders",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "Items": [{"id": {"S": "1"}, "total": {"N": "5"}}],
    }]);
    Database::from_tables(&tables).unwrap()
}

impl Port {
    pub(crate) fn open(database: Database, limits: Limits) -> Port {
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, database, limits, async { drop(stopped.await) }).await
            })
        });
        Port { address: told.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    /// Ends the server and returns its tables.
    pub(crate) fn stop(mut self) -> Database {
        self.stop.take();
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
