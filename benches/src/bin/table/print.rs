//! The table as text.

use std::io::{self, Write};

use deltaic_benches::{
    measure::Spread,
    run::{Check, FASTEST, Figure, Goal, Row, Run},
};

pub(crate) fn print(run: &Run) -> io::Result<()> {
    let out = &mut io::stdout().lock();
    let Run {
        date,
        machine,
        rust,
        command,
        rounds,
        ..
    } = run;
    writeln!(
        out,
        "{date}, {machine}, {rust}, {rounds} rounds: `{command}`\n"
    )?;
    writeln!(
        out,
        "Median of the rounds (the middle half of them), goal. `!` marks what misses its goal.\n"
    )?;
    for group in ["pipeline", "many streams", "framing", "parsing"] {
        let rows: Vec<&Row> = run.rows.iter().filter(|row| row.group == group).collect();
        if !rows.is_empty() {
            rows_of(out, group, &rows)?;
        }
    }
    if !run.figures.is_empty() {
        figures(out, &run.figures)?;
    }
    Ok(())
}

/// A column for each comparison, a row for each task.
fn rows_of(out: &mut impl Write, group: &str, rows: &[&Row]) -> io::Result<()> {
    let mut columns: Vec<&str> = Vec::new();
    for check in rows.iter().flat_map(|row| &row.checks) {
        if !columns.contains(&check.with.as_str()) {
            columns.push(&check.with);
        }
    }
    writeln!(
        out,
        "| {group} | reads | ns per event | {} |",
        columns.join(" | ")
    )?;
    writeln!(out, "|{}", " --- |".repeat(columns.len() + 3))?;
    for row in rows {
        let ours = row.ways.first().and_then(|way| way.per_event);
        let ours = ours.map_or_else(String::new, |time| number(time.median));
        write!(out, "| {} | {} | {ours} |", row.name, row.reads)?;
        for column in &columns {
            let check = row.checks.iter().find(|check| check.with == *column);
            let cell = check.map_or_else(|| "–".into(), |check| cell(row, check));
            write!(out, " {cell} |")?;
        }
        writeln!(out)?;
    }
    writeln!(out)
}

fn cell(row: &Row, check: &Check) -> String {
    let Spread { low, median, high } = check.reached;
    let sign = if check.with.contains("GB/s") {
        ""
    } else {
        "×"
    };
    let reached = format!(
        "{}{sign} ({}–{})",
        number(median),
        number(low),
        number(high)
    );
    let goal = goal(check.goal, median, sign);
    match row.fastest() {
        Some(fastest) if check.with == FASTEST => format!("{reached} {}{goal}", fastest.name),
        _ => reached + &goal,
    }
}

fn goal(goal: Option<Goal>, value: f64, sign: &str) -> String {
    let Some(goal) = goal else {
        return String::new();
    };
    let mark = if goal.is_met(value) { "" } else { " !" };
    match goal {
        Goal::AtLeast(least) => format!(", ≥ {}{sign}{mark}", number(least)),
        Goal::AtMost(most) => format!(", ≤ {}{sign}{mark}", number(most)),
    }
}

fn figures(out: &mut impl Write, figures: &[Figure]) -> io::Result<()> {
    writeln!(out, "| figure | of | value |\n| --- | --- | --- |")?;
    for figure in figures {
        let Figure {
            name,
            of,
            value,
            unit,
            ..
        } = figure;
        let goal = goal(figure.goal, *value, "");
        writeln!(out, "| {name} | {of} | {} {unit}{goal} |", number(*value))?;
    }
    writeln!(out)
}

/// Three digits, or as many as there are before the point.
fn number(value: f64) -> String {
    let text = match value {
        0.0..1.0 => format!("{value:.3}"),
        1.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    };
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}
