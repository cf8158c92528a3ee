//! What documents tell people to put into a manifest.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// Crates of the repository, by the names they are published under.
pub(crate) struct Crates(Vec<Table>);

impl Crates {
    /// With these manifests, of which the first says what the others leave to it.
    pub(crate) fn new(workspace: &Path, manifests: &[PathBuf]) -> Self {
        let read = |path: &Path| {
            let text = super::read(path);
            let table = text.parse::<Table>();
            table.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let version = read(workspace)["workspace"]["package"]["version"].clone();
        let crates = manifests.iter().map(|path| {
            let mut manifest = read(path);
            manifest["package"]["version"] = version.clone();
            manifest
        });
        Self(crates.collect())
    }

    /// Sees that what a block says of ours can be had: the crate, its version, its features.
    #[track_caller]
    pub(crate) fn check(&self, block: &str, place: &str) {
        let table: Table = block
            .parse()
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        let dependencies = table.get("dependencies").and_then(Value::as_table);
        for (name, asked) in dependencies.unwrap_or(&table) {
            let package = asked.get("package").and_then(Value::as_str).unwrap_or(name);
            let found = self.0.iter();
            let mut found =
                found.filter(|manifest| manifest["package"]["name"].as_str() == Some(package));
            let found = found.next();
            let found = found.unwrap_or_else(|| panic!("{place}: no crate is `{package}`"));
            let version = asked.get("version").unwrap_or(asked).as_str();
            let current = found["package"]["version"].as_str().unwrap_or_default();
            let is_it = version.is_some_and(|version| current.starts_with(&format!("{version}.")));
            assert!(is_it, "{place}: {package} is at {current}");
            let features = asked.get("features").and_then(Value::as_array);
            for feature in features.into_iter().flatten().filter_map(Value::as_str) {
                let is_there = found["features"].get(feature).is_some();
                assert!(is_there, "{place}: {package} has no feature `{feature}`");
            }
        }
    }
}
