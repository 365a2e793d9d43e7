//! The machine that is measured on, and the versions of what runs there.

use std::{path::Path, process::Command};

use serde::{Deserialize, Serialize};

/// Where figures come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Machine {
    /// How many cores.
    pub cores: usize,
    /// The processor, by its own account.
    pub processor: String,
    /// Memory in gigabytes.
    pub memory: u64,
    /// The kernel.
    pub kernel: String,
    /// PostgreSQL.
    pub postgresql: String,
    /// The compiler.
    pub rustc: String,
    /// Muster.
    pub muster: String,
    /// What the original schema's endpoint runs with.
    pub peer: String,
}

impl Machine {
    /// This one.
    pub fn look(muster: &Path, python: &Path, postgresql: String) -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let field = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let memory: u64 = field(&read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse().unwrap_or_default();
        let packages = python.parent().and_then(Path::parent).map(|place| place.join("packages"));
        let packages = packages.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
        Self {
            cores: std::thread::available_parallelism().map_or(0, Into::into),
            processor: field(&read("/proc/cpuinfo"), "model name"),
            memory: (memory + 524_288) / 1_048_576,
            kernel: read("/proc/sys/kernel/osrelease").split('-').next().unwrap_or_default().trim().to_owned(),
            postgresql,
            rustc: said("rustc", &["--version"]),
            muster: format!("{}, {}", said(&muster.to_string_lossy(), &["--version"]), said("git", &["describe", "--always", "--dirty"])),
            peer: format!(
                "{}, {}",
                said(&python.to_string_lossy(), &["--version"]),
                packages.trim().replace("==", " ").replace(' ', "\u{a0}")
            ),
        }
    }
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
