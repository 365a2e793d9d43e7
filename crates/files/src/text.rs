//! Text files: that they are text, and none that a machine would run or show as a page.

use std::{
    fs::File,
    io::{self, Read as _},
};

/// Beginnings, after blanks and in lower case, by which text is a page, a picture with scripts, or
/// a program rather than text to read.
const ACTIVE: [&[u8]; 14] = [
    b"<!doctype",
    b"<html",
    b"<head",
    b"<body",
    b"<script",
    b"<svg",
    b"<?xml",
    b"<iframe",
    b"<style",
    b"<meta",
    b"<?php",
    b"<!--",
    b"#!",
    b"mz\0",
];

/// Whether the beginning of a text is none of a page or a program.
pub fn is_harmless(head: &[u8]) -> bool {
    let plain = without_marks(head).to_ascii_lowercase();
    let begins = plain.iter().position(|byte| !byte.is_ascii_whitespace()).map_or(&[][..], |at| &plain[at..]);
    !ACTIVE.iter().any(|active| begins.starts_with(active)) && !begins.starts_with(b"\x7felf") && !begins.starts_with(b"%pdf-")
}

/// Whether a mail begins here: a field's name, a colon, and no page.
pub fn is_mail(head: &[u8]) -> bool {
    let name_length = head.iter().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))).unwrap_or(0);
    // Mailboxes write a line of their own before the first field.
    let is_from_line = head.starts_with(b"From ");
    is_harmless(head) && (is_from_line || (name_length > 0 && head.get(name_length) == Some(&b':')))
}

/// Whether a file holds text: no NUL and few other control characters anywhere, or UTF-16 with its mark.
pub fn is_text(file: &mut File) -> io::Result<bool> {
    let (mut piece, mut is_first, mut is_wide) = (vec![0; 64 * 1024], true, false);
    loop {
        let count = file.read(&mut piece)?;
        if count == 0 {
            return Ok(true);
        }
        let read = &piece[..count];
        is_wide |= is_first && (read.starts_with(b"\xff\xfe") || read.starts_with(b"\xfe\xff"));
        is_first = false;
        let is_binary = |byte: &u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
        if !is_wide && read.iter().any(is_binary) {
            return Ok(false);
        }
    }
}

/// The bytes without the mark of an encoding and, of UTF-16, without the zero bytes.
fn without_marks(head: &[u8]) -> Vec<u8> {
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return head[2..].iter().copied().filter(|byte| *byte != 0).collect();
    }
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).to_vec()
}
