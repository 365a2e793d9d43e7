//! PDF files, made by the program of its own: what it makes, and what bounds it.

use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use muster_service::PdfProgram;

use super::Patching;
use crate::app::Answer;

/// The program as `make pdf` builds it. `make test` builds it first and asks for it; whoever runs
/// single tests need not have it.
fn program() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pdf/release/muster-pdf");
    let is_asked_for = std::env::var_os("MUSTER_TEST_PDF").is_some();
    assert!(path.exists() || !is_asked_for, "{} is not there: run `make pdf`", path.display());
    path.exists().then_some(path)
}

async fn export_with(it: &mut Patching, program: PdfProgram) -> Answer {
    it.app.use_pdf(program);
    it.app.as_person("contributor").await.get(&format!("{}/export?format=pdf", it.path)).await
}

/// A program that does something else than it should.
fn stand_in(it: &Patching, script: &str) -> PathBuf {
    let path = it.app.files.0.join("muster-pdf");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[tokio::test]
async fn an_approved_version_becomes_a_pdf_that_is_kept() {
    let Some(program) = program() else {
        eprintln!("skipped: target/pdf/release/muster-pdf is not built (make pdf)");
        return;
    };
    let mut it = Patching::approved().await;
    let pdf = export_with(&mut it, PdfProgram::at(program.clone())).await.expect(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    assert!(pdf.text.contains("/StructTreeRoot") || pdf.bytes.len() > 5_000, "it is tagged");
    let again = export_with(&mut it, PdfProgram::at(program)).await.expect(200);
    assert_eq!(again.bytes, pdf.bytes);
    let archive = it.app.as_person("auditor").await.get(&format!("{}/documents.zip", it.plan())).await.expect(200);
    let found: Vec<String> =
        zip::ZipArchive::new(std::io::Cursor::new(&archive.bytes)).unwrap().file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(found.iter().any(|name| name.ends_with("v1.pdf")), "{found:?}");
}

#[tokio::test]
async fn while_it_is_built_the_answer_says_so() {
    let mut it = Patching::saved().await;
    let place = it.app.files.0.join("muster-pdf");
    export_with(&mut it, PdfProgram::at(place.clone())).await.refused(503, "pdf-not-installed");
    std::fs::write(place.with_file_name("muster-pdf.building"), "").unwrap();
    let refused = export_with(&mut it, PdfProgram::at(place)).await;
    assert_eq!(refused.header("retry-after"), "60");
    refused.refused(503, "pdf-being-built");
}

#[tokio::test]
async fn a_program_that_does_not_end_is_ended() {
    let mut it = Patching::saved().await;
    let sign = it.app.files.0.join("ended-by-itself");
    let slow = stand_in(&it, &format!("sleep 2; touch {}", sign.display()));
    let began = std::time::Instant::now();
    let program = PdfProgram::at(slow).with_limit(Duration::from_millis(300));
    export_with(&mut it, program).await.refused(503, "pdf-too-slow");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(!sign.exists(), "it was killed");
}

#[tokio::test]
async fn a_program_that_fails_gives_no_file() {
    for script in ["exit 3", "echo no pdf", "kill -9 $$", "cat > /dev/null; printf %%PDF-; exit 1"] {
        let mut it = Patching::saved().await;
        let broken = stand_in(&it, script);
        export_with(&mut it, PdfProgram::at(broken)).await.refused(500, "internal");
    }
}

#[tokio::test]
async fn it_has_no_environment() {
    let mut it = Patching::saved().await;
    let found = it.app.files.0.join("environment");
    let curious = stand_in(&it, &format!("/usr/bin/env > {}; cat > /dev/null; exit 1", found.display()));
    export_with(&mut it, PdfProgram::at(curious)).await.expect(500);
    // What the shell sets itself is no secret of ours.
    let known = ["PWD=", "OLDPWD=", "SHLVL=", "_="];
    let told = std::fs::read_to_string(found).unwrap();
    assert!(told.lines().all(|line| known.iter().any(|name| line.starts_with(name))), "{told}");
}
