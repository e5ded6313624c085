//! `asl-lsp dynamodb`: the in-memory DynamoDB behind a port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context, Error, Result};
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;

use super::input::file_argument;
use super::signals::interrupted;
use super::{Io, SUCCESS};
use crate::dynamodb::{Database, Seeds, Table, TextGeneration};
use crate::endpoint::{self, Limits};
use crate::session::read_text;

#[derive(Args)]
pub(super) struct Arguments {
    /// The port; 0 for one that is free, which the first line of the output names
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// The address to listen on. Whoever reaches it can read and change the tables
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = host)]
    host: IpAddr,
    /// Tables to start with: CreateTable requests with Items, templates, batch-write-item requests, output of scans
    #[arg(long, value_name = "FILE|TABLE=FILE", num_args = 1..)]
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
    let seeds = seeds(&arguments.tables).context("--tables")?;
    let database = seeds.database().map_err(Error::msg).context("--tables")?;
    let database = database.with_text_generation(arguments.texts.into());
    let database = if arguments.ttl { database.with_expiry() } else { database };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(async {
        let address = SocketAddr::new(arguments.host, arguments.port);
        let listener = TcpListener::bind(address).await.with_context(|| no_listener(address))?;
        let stop = interrupted()?;
        let url = url(listener.local_addr().context("the port is not known")?);
        // Programs read the first line to learn the port: the address is its third word. It is written together with the
        // next, as they may close the pipe then.
        let greeting = format!("Listening on {url} (aws --endpoint-url {url} dynamodb list-tables)\n");
        write!(io.output, "{greeting}{}", contents(&database))?;
        io.output.flush()?;
        if address.ip().is_unspecified() {
            writeln!(io.errors, "Whoever reaches this machine can read and change the tables")?;
        }
        endpoint::serve(listener, database, Limits::DEFAULT, stop).await;
        Ok(SUCCESS)
    })
}

/// An address, or the name that everybody has for their own.
fn host(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        _ => text.parse().map_err(|_| "neither an IP address nor localhost".to_owned()),
    }
}

/// What clients on this machine call the service.
fn url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

fn no_listener(address: SocketAddr) -> String {
    format!("cannot listen on {address} (--port 0 takes a port that is free)")
}

/// A line on what there is at the start; nothing where there is nothing.
fn contents(database: &Database) -> String {
    let n_items: usize = database.tables().map(Table::len).sum();
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    match database.tables().count() {
        0 => String::new(),
        n_tables => format!("{}, {}\n", count(n_tables, "table"), count(n_items, "item")),
    }
}

/// What the files of `--tables` hold. `TABLE=FILE` names the table of a scan's output.
pub(super) fn seeds(arguments: &[String]) -> Result<Seeds> {
    let mut seeds = Seeds::default();
    for argument in arguments {
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
        };
        let (table, file) = match argument.split_once('=') {
            Some((table, file)) if is_name(table) => (Some(table), file),
            _ => (None, argument.as_str()),
        };
        let path = file_argument(file);
        seeds.add(&path.display().to_string(), &read_text(path)?, table).map_err(Error::msg)?;
    }
    Ok(seeds)
}
