//! Fields of an import.

use muster_domain::text::Name;
use muster_service::{Error, ImportSource, TemplateImport};

use super::Check;
use crate::request::Upload;

/// What a form with a file asks for.
pub fn import_of(upload: Upload) -> Result<TemplateImport, Error> {
    let mut check = Check::default();
    let name = check.text("/name", upload.text("name").map(|name| Name::parse(&name)).transpose());
    let iso_code = upload.text("iso_code");
    if upload.file.is_none() {
        check.refuse("/file", "blank", "must not be blank");
    }
    let import = upload.file.zip(name).map(|((file_name, bytes), name)| TemplateImport {
        source: ImportSource::File { name: file_name, bytes },
        iso_code,
        name,
    });
    check.finish(import)
}
