//! Which package to install, on the system at hand.

use std::fs;

/// One sentence that says how to get PostgreSQL here; of one major version when given.
pub(crate) fn advice(major: Option<u32>) -> String {
    if cfg!(target_os = "macos") {
        return format!("Install it with: brew install postgresql@{}", major.unwrap_or(17));
    }
    advice_for(&fs::read_to_string("/etc/os-release").unwrap_or_default(), major)
}

fn advice_for(os_release: &str, major: Option<u32>) -> String {
    let number = major.map(|major| major.to_string()).unwrap_or_default();
    let dashed = major.map(|major| format!("-{major}")).unwrap_or_default();
    let command = system_names(os_release).iter().find_map(|name| {
        Some(match name.as_str() {
            "debian" | "ubuntu" => format!("apt-get install postgresql{dashed}"),
            "fedora" | "rhel" | "centos" => format!("dnf install postgresql{number}-server"),
            "suse" | "opensuse" | "sles" => format!("zypper install postgresql{number}-server"),
            "alpine" => format!("apk add postgresql{}", major.unwrap_or(17)),
            // Arch keeps one version only.
            "arch" => "pacman -S postgresql".to_owned(),
            _ => return None,
        })
    });
    match command {
        Some(command) => format!("Install it with: {command}"),
        None => format!(
            "Install the PostgreSQL{} server with the package manager of this system, and put its \
             bin folder on the PATH if it is in an unusual place.",
            major.map(|major| format!(" {major}")).unwrap_or_default()
        ),
    }
}

/// `ID` first, then the systems that it says it is like.
fn system_names(os_release: &str) -> Vec<String> {
    let value = |key: &str| {
        os_release
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .unwrap_or_default()
            .trim_matches(['"', '\''])
            .to_owned()
    };
    format!("{} {}", value("ID"), value("ID_LIKE")).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::advice_for;

    #[test]
    fn names_the_package_of_the_system() {
        let debian = "NAME=\"Debian\"\nID=debian\n";
        assert_eq!(advice_for(debian, None), "Install it with: apt-get install postgresql");
        assert_eq!(advice_for(debian, Some(16)), "Install it with: apt-get install postgresql-16");
        let mint = "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
        assert_eq!(advice_for(mint, None), "Install it with: apt-get install postgresql");
        let fedora = "ID=fedora\n";
        assert_eq!(advice_for(fedora, None), "Install it with: dnf install postgresql-server");
        let rocky = "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n";
        assert_eq!(advice_for(rocky, Some(16)), "Install it with: dnf install postgresql16-server");
    }

    #[test]
    fn an_unknown_system_gets_plain_words() {
        assert!(advice_for("", None).contains("package manager"));
        assert!(advice_for("ID=plan9", Some(16)).contains("PostgreSQL 16 server"));
    }
}
