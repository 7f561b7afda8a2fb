//! The one binary: arguments, configuration, supervision of the two processes.

mod cli;
mod data;
mod data_args;
mod gateways;
mod log;
mod record_args;
mod signals;
mod supervise;
mod trader_process;
mod web_process;

use clap::Parser;
use cli::{Cli, Command};
use std::process::ExitCode;

/// Gives memory back soon after it is not used any more, also while nothing happens; its settings are in
/// `.cargo/config.toml`, the reasons in `docs/decisions/0004-allocator.md`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    log::start();
    let result = match cli.command {
        Command::Run(options) => supervise::run(&options),
        Command::Trader(options) => trader_process::run(&options),
        Command::Web(options) => web_process::run(&options),
        Command::Check(options) => web_process::check(&options),
        Command::User(options) => web_process::user(&options),
        Command::Data(options) => data::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("webtrader: {error:#}");
            ExitCode::FAILURE
        }
    }
}
