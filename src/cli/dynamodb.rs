//! `asl-lsp dynamodb`: the in-memory DynamoDB behind a port.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;

use super::input::{file_argument, read_json};
use super::{Io, SUCCESS};
use crate::dynamodb::{Database, TextGeneration};
use crate::endpoint::{self, Limits};

#[derive(Args)]
pub(super) struct Arguments {
    /// The port; 0 for one that is free, which the first line of the output names
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// The address to listen on. Whoever reaches it can read and change the tables
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Tables to start with: a JSON array of CreateTable requests, each with an optional Items array
    #[arg(long, value_name = "FILE", num_args = 1..)]
    tables: Vec<String>,
    /// Delete items when the time in their table's time-to-live attribute has passed
    #[arg(long)]
    ttl: bool,
    /// Which of AWS's error texts to answer with: AWS changed many of them in 2026
    #[arg(long, value_enum, default_value = "new")]
    texts: Texts,
}

#[derive(Clone, Copy, ValueEnum)]
enum Texts {
    /// Those in use until 2026
    Old,
    /// Those of the validation layer that came in 2026
    New,
}

impl From<Texts> for TextGeneration {
    fn from(texts: Texts) -> Self {
        match texts {
            Texts::Old => TextGeneration::Before2026,
            Texts::New => TextGeneration::Since2026,
        }
    }
}

pub(super) fn run(arguments: &Arguments, io: &mut Io<'_>) -> Result<u8> {
    let database = database(arguments)?.with_text_generation(arguments.texts.into());
    let database = if arguments.ttl { database.with_expiry() } else { database };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(async {
        let address = SocketAddr::new(arguments.host, arguments.port);
        let listener =
            TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
        let stop = interrupted()?;
        let url = format!("http://{}", listener.local_addr().context("the port is not known")?);
        // Programs read this line to learn the port: the address is its third word.
        writeln!(io.output, "Listening on {url} (aws --endpoint-url {url} dynamodb list-tables)")?;
        io.output.flush()?;
        endpoint::serve(listener, database, Limits::DEFAULT, stop).await;
        Ok(SUCCESS)
    })
}

/// The tables to start with.
fn database(arguments: &Arguments) -> Result<Database> {
    let mut tables = Vec::new();
    for argument in &arguments.tables {
        match read_json(file_argument(argument)).context("--tables")? {
            serde_json::Value::Array(more) => tables.extend(more),
            other => tables.push(other),
        }
    }
    Database::from_tables(&tables.into()).context("--tables")
}

/// Ready when the process is asked to end, by the keyboard or by another process.
#[cfg(unix)]
fn interrupted() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).context("cannot listen for signals");
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn interrupted() -> Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a way to hear of it, the process ends as the system ends it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
