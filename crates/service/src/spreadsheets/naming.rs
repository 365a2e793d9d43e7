//! The name of a file, as it is kept.

/// The name without folders and characters that cannot be seen; 255 characters at most.
pub(super) fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|sign| !sign.is_control()).take(255).collect();
    let clean = clean.trim();
    if clean.is_empty() { "table".to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_name_is_kept() {
        assert_eq!(file_name("C:\\tmp\\Kunden 2026.xlsx"), "Kunden 2026.xlsx");
        assert_eq!(file_name("../../etc/passwd\r\n"), "passwd");
        assert_eq!(file_name(" \u{7}"), "table");
    }
}
