//! The links of a document, and what they may lead to.

/// The links to files of the repository.
pub(crate) fn links(document: &str) -> Vec<String> {
    let behind = document.split("](").skip(1);
    let links = behind.filter_map(|rest| rest.split_once(')').map(|(link, _)| link));
    links
        .filter(|link| !link.contains("://"))
        .map(str::to_owned)
        .collect()
}

/// The headings, as links name them.
pub(crate) fn headings(document: &str) -> Vec<String> {
    let lines = document.lines().filter(|line| line.starts_with('#'));
    let names = lines.map(|line| line.trim_start_matches('#').trim().to_lowercase());
    let kept = |char: &char| char.is_alphanumeric() || "-_ ".contains(*char);
    names
        .map(|name| {
            name.chars()
                .filter(kept)
                .collect::<String>()
                .replace(' ', "-")
        })
        .collect()
}
