//! Where a program's data lie unless a folder is named.

use std::path::PathBuf;

/// `$XDG_DATA_HOME/<name>`, or `~/.local/share/<name>`. A relative `XDG_DATA_HOME` is not valid and passed over.
/// `variable` gives a variable of the environment.
pub fn data_folder(name: &str, variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let data = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let home = || variable("HOME").filter(|path| path.is_absolute()).map(|home| home.join(".local/share"));
    data.or_else(home).map(|path| path.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(pairs: &[(&str, &str)]) -> Option<PathBuf> {
        data_folder("sanduq", |name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value))
        })
    }

    #[test]
    fn the_vault_lies_where_data_lie() {
        assert_eq!(folder(&[("HOME", "/h")]), Some("/h/.local/share/sanduq".into()));
        assert_eq!(folder(&[("HOME", "/h"), ("XDG_DATA_HOME", "/d")]), Some("/d/sanduq".into()));
        assert_eq!(folder(&[("HOME", "/h"), ("XDG_DATA_HOME", "d")]), Some("/h/.local/share/sanduq".into()));
        assert_eq!(folder(&[]), None);
    }
}
