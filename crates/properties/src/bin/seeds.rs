//! Writes the inputs that the fuzz targets begin with, a directory for each:
//! `cargo run -p deltaic-properties --bin seeds`.

use std::{fs, io, path::Path};

use deltaic_properties::TARGETS;

fn main() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    for target in TARGETS {
        let directory = root.join("corpus").join(target.name);
        fs::create_dir_all(&directory)?;
        let seeds = (target.seeds)();
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(directory.join(format!("seed-{at:03}")), seed)?;
        }
        // What was a crash once is worth a look around.
        let saved = fs::read_dir(root.join("saved").join(target.name));
        for saved in saved.into_iter().flatten() {
            let saved = saved?;
            fs::copy(saved.path(), directory.join(saved.file_name()))?;
        }
        println!("fuzz/corpus/{}: {} seeds", target.name, seeds.len());
    }
    Ok(())
}
