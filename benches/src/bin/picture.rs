//! Draws what a run of the table found: how many times as long the peers took.

use std::{fmt::Write, fs, path::PathBuf};

use anyhow::Context;
use clap::Parser;
use deltaic_benches::{
    measure::whole,
    peer,
    run::{FASTEST, Row, Run},
};

/// Draws the JSON of a run as SVG.
#[derive(Debug, Parser)]
struct Arguments {
    /// What `table --json` wrote.
    run: PathBuf,
    /// The picture.
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let Arguments { run, out } = Arguments::parse();
    let text = fs::read_to_string(&run).with_context(|| run.display().to_string())?;
    let picture = picture(&serde_json::from_str(&text)?)?;
    fs::write(&out, picture).with_context(|| out.display().to_string())
}

/// The width of it all, and of what stands before the bars and behind them.
const WIDTH: f64 = 760.0;
const NAMES: f64 = 190.0;
const FIGURES: f64 = 60.0;
/// The height of what stands above the bars, and of a row.
const TOP: f64 = 66.0;
const ROW: f64 = 34.0;

/// Grey on any ground; lighter where the reader likes it dark.
const STYLE: &str = "\
text { font: 12px system-ui, sans-serif; fill: #3d444d }
.title { font-size: 15px; font-weight: 600 }
.small { font-size: 11px; fill: #6e7781 }
.base { fill: #2f6fbb }
.fastest { fill: #8c959f }
.line { stroke: #8c959f; stroke-opacity: .35 }
@media (prefers-color-scheme: dark) {
text { fill: #d1d7e0 }
.small { fill: #9198a1 }
.base { fill: #5a9be6 }
}";

fn picture(run: &Run) -> anyhow::Result<String> {
    let groups = ["pipeline", "many streams"];
    let rows: Vec<&Row> = run
        .rows
        .iter()
        .filter(|row| groups.contains(&row.group.as_str()) && base(row).is_some())
        .collect();
    let most = rows.iter().filter_map(|row| base(row)).fold(1.0, f64::max);
    let scale = (WIDTH - NAMES - FIGURES) / most;
    let bottom = TOP + whole(rows.len()) * ROW;
    let height = bottom + 30.0;

    let svg = &mut String::new();
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">"#
    )?;
    writeln!(svg, "<title>How many times as long others take</title>")?;
    writeln!(svg, "<style>\n{STYLE}\n</style>")?;
    label(
        svg,
        0.0,
        16.0,
        "title",
        "From bytes to completion: how many times as long others take",
    )?;
    bar(svg, 0.0, 31.0, 10.0, 10.0, "base")?;
    label(svg, 16.0, 40.0, "small", peer::BASE.name)?;
    bar(svg, 270.0, 31.0, 10.0, 10.0, "fastest")?;
    label(svg, 286.0, 40.0, "small", "the fastest of all peers")?;
    writeln!(
        svg,
        r#"<line class="line" x1="{NAMES}" y1="{}" x2="{NAMES}" y2="{bottom}"/>"#,
        TOP - 6.0
    )?;
    for (at, row) in rows.iter().enumerate() {
        let y = TOP + whole(at) * ROW;
        label(svg, 0.0, y + 9.0, "name", &row.name)?;
        label(svg, 0.0, y + 22.0, "small", &row.reads)?;
        let bars = [
            (base(row), "base", y, 13.0),
            (reached(row, FASTEST), "fastest", y + 15.0, 6.0),
        ];
        for (ratio, class, y, height) in bars {
            let Some(ratio) = ratio else { continue };
            bar(svg, NAMES, y, ratio * scale, height, class)?;
            let class = if class == "base" { "name" } else { "small" };
            let digits = usize::from(ratio < 10.0);
            let figure = format!("{ratio:.digits$}×");
            label(
                svg,
                NAMES + ratio * scale + 6.0,
                y + height / 2.0 + 4.0,
                class,
                &figure,
            )?;
        }
    }
    let Run {
        date,
        machine,
        rust,
        ..
    } = run;
    label(
        svg,
        0.0,
        height - 6.0,
        "small",
        &format!("{date}, {machine}, {rust}"),
    )?;
    writeln!(svg, "</svg>")?;
    Ok(std::mem::take(svg))
}

fn base(row: &Row) -> Option<f64> {
    reached(row, peer::BASE.name)
}

fn reached(row: &Row, with: &str) -> Option<f64> {
    let check = row.checks.iter().find(|check| check.with == with);
    check.map(|check| check.reached.median)
}

fn bar(
    svg: &mut String,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    class: &str,
) -> anyhow::Result<()> {
    writeln!(
        svg,
        r#"<rect class="{class}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="2"/>"#
    )?;
    Ok(())
}

fn label(svg: &mut String, x: f64, y: f64, class: &str, text: &str) -> anyhow::Result<()> {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    writeln!(
        svg,
        r#"<text class="{class}" x="{x:.1}" y="{y:.1}">{text}</text>"#
    )?;
    Ok(())
}
