//! Every seed and every saved input, through its property: what a fuzzer does,
//! without a fuzzer.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use deltaic_properties::TARGETS;

#[test]
fn the_seeds_hold() {
    for target in TARGETS {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        for seed in seeds {
            (target.check)(&seed);
        }
    }
}

#[test]
fn the_saved_inputs_hold() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/saved");
    let mut count = 0;
    for directory in entries(&root) {
        let name = directory.file_name().and_then(OsStr::to_str);
        for file in entries(&directory) {
            println!("{}", file.display());
            let bytes = fs::read(file).expect("it can be read");
            deltaic_properties::check(name.expect("UTF-8"), &bytes);
            count += 1;
        }
    }
    assert_ne!(count, 0);
}

#[test]
fn the_fuzz_targets_are_the_properties() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/fuzz_targets");
    let files: BTreeSet<_> = entries(&root)
        .iter()
        .filter_map(|path| path.file_stem()?.to_str().map(String::from))
        .collect();
    let names = TARGETS.iter().map(|target| target.name.to_owned());
    assert_eq!(files, names.collect());
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("it is there");
    entries
        .map(|entry| entry.expect("it can be read").path())
        .collect()
}
