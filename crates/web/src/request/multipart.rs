//! Reading a form with files (RFC 7578) piece by piece.
//!
//! Our own reader because of names: what browsers send as the name of a file may hold any character
//! but a line's end, and programs send it as RFC 5987 has it; a reader that takes the fields of a part
//! for fields of HTTP refuses the one and does not see the other. A name is cleaned later, so nothing
//! in it has to be refused.

use axum::body::{Body, Bytes};
use http_body_util::BodyExt as _;

/// The most bytes of what stands before the content of a part.
const HEAD_LIMIT: usize = 16 * 1024;

/// Why a form cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub enum FormError {
    /// It breaks off, or is no form.
    Malformed,
}

/// A form on its way in.
pub struct Multipart {
    body: Body,
    buffer: Vec<u8>,
    /// What stands between two parts, with the line's end before it.
    delimiter: Vec<u8>,
    is_at_part: bool,
}

/// What is said of a part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file's name, where it is a file.
    pub file_name: Option<String>,
    /// The part's own `Content-Digest`.
    pub digest: Option<String>,
}

impl Multipart {
    /// Begins to read a form whose parts are separated by `boundary`.
    pub fn new(body: Body, boundary: &str) -> Self {
        // As if there were a line before the first part, it is separated like all others.
        Self { body, buffer: b"\r\n".to_vec(), delimiter: format!("\r\n--{boundary}").into_bytes(), is_at_part: false }
    }

    /// The next part; none at the end of the form. What is left of the part before is skipped.
    pub async fn next_part(&mut self) -> Result<Option<Part>, FormError> {
        if !self.is_at_part {
            while self.piece().await?.is_some() {}
        }
        self.is_at_part = false;
        while self.buffer.len() < 2 {
            self.fill().await?;
        }
        if self.buffer.starts_with(b"--") {
            return Ok(None);
        }
        let end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end;
            }
            if self.buffer.len() > HEAD_LIMIT {
                return Err(FormError::Malformed);
            }
            self.fill().await?;
        };
        let head: Vec<u8> = self.buffer.drain(..end + 4).collect();
        read_head(&head).map(Some).ok_or(FormError::Malformed)
    }

    /// The next piece of the part's content; none at its end.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, FormError> {
        if self.is_at_part {
            return Ok(None);
        }
        loop {
            if let Some(end) = find(&self.buffer, &self.delimiter) {
                if end == 0 {
                    self.buffer.drain(..self.delimiter.len());
                    self.is_at_part = true;
                    return Ok(None);
                }
                return Ok(Some(self.buffer.drain(..end).collect::<Vec<_>>().into()));
            }
            // All but what could be the beginning of the delimiter is content.
            let safe = (self.buffer.len() + 1).saturating_sub(self.delimiter.len());
            if safe > 0 {
                return Ok(Some(self.buffer.drain(..safe).collect::<Vec<_>>().into()));
            }
            self.fill().await?;
        }
    }

    /// Reads on; the end of the body is not expected here.
    async fn fill(&mut self) -> Result<(), FormError> {
        loop {
            let frame = self.body.frame().await.ok_or(FormError::Malformed)?.map_err(|_| FormError::Malformed)?;
            if let Some(data) = frame.data_ref().filter(|data| !data.is_empty()) {
                self.buffer.extend_from_slice(data);
                return Ok(());
            }
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| *byte == wanted[0]) {
        let at = from + at;
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Reads the lines before the content of a part.
fn read_head(head: &[u8]) -> Option<Part> {
    let text = String::from_utf8_lossy(head);
    let mut part = Part::default();
    let mut is_form_data = false;
    for line in text.split("\r\n").map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => {
                is_form_data = value.trim().to_ascii_lowercase().starts_with("form-data");
                part.name = parameter(value, "name").unwrap_or_default();
                part.file_name = extended(value, "filename").or_else(|| parameter(value, "filename"));
            }
            "content-digest" => part.digest = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    is_form_data.then_some(part)
}

/// A parameter such as `name="value"`; quotes inside are `%22`, as browsers send them, or `\"`.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (text, left) = match after.strip_prefix('"') {
            Some(quoted) => read_quoted(quoted),
            None => {
                let (text, left) = after.split_once(';').unwrap_or((after, ""));
                (text.trim().to_owned(), left)
            }
        };
        if name.trim().trim_start_matches(';').trim().eq_ignore_ascii_case(wanted) {
            return Some(text);
        }
        rest = left;
    }
}

fn read_quoted(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut signs = quoted.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return (text, quoted[at + 1..].trim_start().trim_start_matches(';')),
            // Only a quote is escaped: a path of Windows keeps its backslashes.
            '\\' if quoted[at + 1..].starts_with('"') => text.extend(signs.next().map(|(_, escaped)| escaped)),
            other => text.push(other),
        }
    }
    (text, "")
}

/// A parameter as RFC 5987 has it: `filename*=UTF-8''na%C3%AFve.pdf`.
fn extended(value: &str, wanted: &str) -> Option<String> {
    let given = parameter(value, &format!("{wanted}*"))?;
    let (charset, rest) = given.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let coded = (*first == b'%').then(|| after.get(..2)).flatten();
        match coded.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// The boundary that a `Content-Type` names; none where it is no form with files.
pub fn boundary(content_type: &str) -> Result<String, Option<FormError>> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("multipart/form-data") {
        return Err(None);
    }
    parameter(content_type, "boundary").filter(|boundary| (1..=70).contains(&boundary.len())).ok_or(Some(FormError::Malformed))
}

#[cfg(test)]
mod tests;
