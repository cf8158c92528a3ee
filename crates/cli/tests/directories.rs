//! Which files of a directory are read, and what is said of the others.

mod common;

use std::fs;

use common::{WHOLE, path, run};
use tempfile::TempDir;

fn directory(names: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for name in names {
        fs::write(directory.path().join(name), WHOLE).expect("it is written");
    }
    directory
}

#[test]
fn a_stream_is_one_in_capitals_too() {
    let directory = directory(&["E.SSE", "e.Sse", "f.sse"]);
    let cassette = deltaic_corpus::directory().join("cassettes/groq-hi.yaml");
    fs::copy(cassette, directory.path().join("G.YAML")).expect("it is copied");
    let (code, stdout, told) = run(&["check", path(directory.path())]);
    assert_eq!((code, &*told), (0, ""));
    assert_eq!(String::from_utf8_lossy(&stdout).lines().count(), 4);
}

#[test]
fn files_that_are_passed_over_are_counted_once_on_stderr() {
    let directory = directory(&["a.sse", "a.html", "a.expected.json"]);
    let name = path(directory.path());
    for (other, files) in [
        ("b.txt", "1 file is neither .sse nor cassettes and was"),
        ("c", "2 files are neither .sse nor cassettes and were"),
        ("d.json", "3 files are neither .sse nor cassettes and were"),
    ] {
        assert_eq!(run(&["usage", name]).0, 1);
        fs::write(directory.path().join(other), WHOLE).expect("it is written");
        let expected = format!("deltaic: {name}: {files} passed over\n");
        for command in [
            &["read"][..],
            &["check"],
            &["usage"],
            &["replay", "--stdout"],
        ] {
            let (code, stdout, told) = run(&[command, &[name]].concat());
            assert_eq!(told, expected, "{command:?}");
            assert!(code < 2, "{command:?}");
            assert!(!String::from_utf8_lossy(&stdout).contains("passed over"));
        }
    }
}

#[test]
fn no_word_is_lost_on_what_lies_beside_streams() {
    let directory = directory(&["a.sse", "a.times", "a.html", "a.expected.json", ".hidden"]);
    let (code, _, told) = run(&["check", path(directory.path())]);
    assert_eq!((code, &*told), (0, ""));
}

#[test]
#[cfg(unix)]
fn directories_that_are_linked_are_read_and_what_leads_back_is_not() {
    use std::os::unix::fs::symlink;
    let (directory, other) = (directory(&["a.sse"]), directory(&["b.sse"]));
    let link = |to, name| symlink(to, directory.path().join(name)).expect("it is linked");
    link(other.path(), "linked");
    link(directory.path(), "round");
    let (code, stdout, told) = run(&["check", path(directory.path())]);
    assert_eq!((code, &*told), (0, ""));
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    assert_eq!(stdout.lines().count(), 2, "{stdout}");
    assert!(stdout.contains("linked/b.sse: "), "{stdout}");
    // A link that leads nowhere is a file like another, but for a stream.
    link("/nowhere".as_ref(), "nowhere");
    let (code, _, told) = run(&["check", path(directory.path())]);
    assert!(told.contains("1 file is neither"), "{told}");
    assert_eq!(code, 0);
    link("/nowhere".as_ref(), "nowhere.sse");
    let (code, _, told) = run(&["check", path(directory.path())]);
    assert!(told.contains("nowhere.sse: No such file"), "{told}");
    assert_eq!(code, 2);
}

#[test]
fn help_tells_which_files_of_a_directory_count() {
    for command in ["read", "check", "usage", "bench", "replay", "convert"] {
        let (_, help, _) = run(&[command, "--help"]);
        let help = String::from_utf8(help).expect("it is UTF-8");
        let words: Vec<_> = help.split_whitespace().collect();
        let help = words.join(" ");
        assert!(help.contains("(.yaml, .yml, .json, .har"), "{command}");
        assert!(
            command == "convert" || help.contains("named .sse"),
            "{command}"
        );
    }
}
