//! Makes a PDF file of a document: a program of its own, which the server starts for each file.
//!
//! It reads one JSON object from standard input (see [`input::Input`]) and writes the PDF to
//! standard output. The document's text reaches the layout as data and never as mark-up. Apart from
//! that it reads nothing: no file, no font of the machine, no environment, no network. Before it
//! begins, it limits its own memory and processor time and steps back behind other programs.
//!
//! It ends with 0, or with 1 and one line on standard error.

mod fonts;
mod input;
mod limits;
mod prepare;
mod render;

use std::io::{Read as _, Write as _};

/// The most bytes of input: a document has 500,000 characters and its answers.
const MOST_INPUT: u64 = 64 * 1024 * 1024;

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "muster-pdf: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    limits::set()?;
    let mut given = Vec::new();
    std::io::stdin().take(MOST_INPUT + 1).read_to_end(&mut given).map_err(|error| format!("cannot read: {error}"))?;
    if given.len() as u64 > MOST_INPUT {
        return Err(format!("the input has more than {MOST_INPUT} bytes"));
    }
    let pdf = render::pdf(input::Input::read(&given)?)?;
    let mut out = std::io::stdout().lock();
    out.write_all(&pdf).and_then(|()| out.flush()).map_err(|error| format!("cannot write: {error}"))
}
