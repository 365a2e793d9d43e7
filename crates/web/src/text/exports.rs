//! Words around documents as files.

use super::section;

section! {
    /// Taking documents out.
    Exports, EXPORTS;
    menu: word("Export");
    docx: word("Word (DOCX)");
    pdf: word("PDF");
    html: word("Web page (HTML)");
    print: word("Print view");
    no_pdf: word("PDF files cannot be made at present. Word files can.");
    draft: word("Drafts are marked as such.");
    archive: word("All documents (ZIP)");
    print_hint: word("Print this page with your browser.");
    back: word("Back to the document");
    pdf_being_built: word("The part of Muster that makes PDF files is still being built. Try again in a few minutes, or take the Word file.");
    pdf_not_installed: word("This installation cannot make PDF files: the program muster-pdf is not there. Take the Word file, or ask whoever runs Muster to install it.");
    pdf_busy: word("Too many PDF files are being made just now. Try again in a moment.");
    pdf_too_slow: word("Making the PDF took too long and was stopped. Try again, or take the Word file.");
    document_is_file: word("This document is a file that somebody uploaded. Take that file; it is not made into another one.");
}
