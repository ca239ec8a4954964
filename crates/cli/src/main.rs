//! The program `detente`: reads the command line and files, asks the libraries, prints. No rule lives here.

mod arguments;
mod commands;
mod failure;
mod input;
mod output;
mod passphrase;
mod report;

use arguments::{Arguments, Command};
use clap::Parser as _;
use detente_record::Kind;
use std::process::ExitCode;

/// The input is wrong, or an answer could not be given.
const WRONG_INPUT: u8 = 3;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let code = if error.use_stderr() { WRONG_INPUT } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let done = match &arguments.command {
        Command::Check(check) => commands::check::run(check),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::Fmt(fmt) => commands::fmt::run(fmt),
        Command::Draft(draft) => commands::draft::run(draft),
        Command::Record(record) => commands::record::run(record),
        Command::Return(asked) => commands::return_plan::run(asked),
        Command::Safeguards(safeguards) => commands::safeguards::run(safeguards),
        Command::Orbit(orbit) => commands::orbit::run(orbit),
        Command::Key(key) => commands::key::run(key),
        Command::Declare(say) => commands::say::run(Kind::Declaration, say),
        Command::Notify(say) => commands::say::run(Kind::Notification, say),
        Command::Act(say) => commands::say::run(Kind::Act, say),
        Command::Inspect(say) => commands::say::run(Kind::Inspection, say),
        Command::Receipt(receipt) => commands::verify::write_receipt(receipt),
        Command::Verify(verify) => commands::verify::run(verify),
        Command::Node(node) => commands::node::run(node),
        Command::Sync(sync) => commands::sync::run(sync),
        Command::Demo(demo) => commands::demo::run(demo),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::complain(&format!("error: {failure}"));
            ExitCode::from(WRONG_INPUT)
        }
    }
}
