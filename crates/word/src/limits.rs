//! How much of a file is read.

/// How much of a file is read at most. A file that holds more is refused, not cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file: usize,
    /// Files inside it.
    pub entries: usize,
    /// Unpacked bytes of one file inside it that is read.
    pub entry: u64,
    /// Unpacked bytes of all files inside it together, as the file itself declares them.
    pub total: u64,
    /// How many times larger than packed a file inside it may be, above a megabyte.
    pub ratio: u64,
    /// Elements and texts of one XML file.
    pub nodes: u32,
    /// How deep elements may stand inside each other.
    pub depth: usize,
}

impl Default for Limits {
    /// Enough for hundreds of pages with pictures.
    fn default() -> Self {
        Self {
            file: 20 * 1024 * 1024,
            entries: 2_000,
            entry: 24 * 1024 * 1024,
            total: 200 * 1024 * 1024,
            ratio: 200,
            nodes: 1_500_000,
            depth: 200,
        }
    }
}
