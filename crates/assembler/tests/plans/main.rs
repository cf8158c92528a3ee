//! Which chunks have a plan, and that it does what the chunk does.

mod also;
mod blocks;
mod calls;
mod counts;
mod texts;

use deltaic_assembler::{Assembler, Plan};
use deltaic_chunk::{Chunk, Payload, Template};

fn chunk(data: &str) -> Chunk<'_> {
    match Payload::parse(data.as_bytes()) {
        Ok(Payload::Chunk(chunk)) => chunk,
        other => panic!("no chunk: {other:?}"),
    }
}

fn push(assembler: &mut Assembler, data: &str) -> Vec<String> {
    let updates = assembler.push(&Payload::Chunk(chunk(data)), 7);
    updates.map(|update| format!("{update:?}")).collect()
}

/// What has come of it all.
fn shown(assembler: &Assembler) -> String {
    format!(
        "{:?} {:?} {:?} {}",
        assembler.completion(),
        assembler.findings(),
        assembler.usage_state(),
        assembler.chunks()
    )
}

/// An assembler that has been given these, and a template of the last two.
fn after(before: &[&str], [first, second]: [&str; 2]) -> (Assembler, Template) {
    let mut assembler = Assembler::new();
    for data in before.iter().chain(&[first, second]) {
        push(&mut assembler, data);
    }
    let mut template = Template::new(b"", first, b"");
    assert!(template.learn(second), "{first} has the shape of {second}");
    (assembler, template)
}

fn plan(before: &[&str], both: [&str; 2]) -> Option<Plan> {
    let (assembler, template) = after(before, both);
    assembler.plan(&chunk(both[1]), &template, both[1])
}

/// Whether the second of two chunks of one shape has a plan, before it is pushed.
fn has_plan(assembler: &Assembler, [first, second]: [&str; 2]) -> bool {
    let mut template = Template::new(b"", first, b"");
    assert!(template.learn(second), "{first} has the shape of {second}");
    assembler.plan(&chunk(second), &template, second).is_some()
}

/// Checks that the last of three chunks of one shape has a plan by the first two, and
/// says by that what it says in full.
#[track_caller]
fn check_after(before: &[&str], [first, second, third]: [&str; 3]) {
    let (mut assembler, mut template) = after(before, [first, second]);
    let plan = assembler.plan(&chunk(second), &template, second);
    let plan = plan.unwrap_or_else(|| panic!("{second} has no plan"));
    let mut in_full = assembler.clone();
    let told = push(&mut in_full, third);
    let filled = template.fill_data(third.as_bytes()).expect("it fits");
    assert!(assembler.push_filled(&plan, &filled, 7), "{third}");
    let updates: Vec<_> = assembler
        .updates()
        .map(|update| format!("{update:?}"))
        .collect();
    assert_eq!(updates, told, "{third}");
    assert_eq!(shown(&assembler), shown(&in_full), "{third}");
    // In full it begins another epoch.
    assert!(!in_full.push_filled(&plan, &filled, 7));
}

/// As [`check_after`], where nothing came before. `T` stands for a text that differs.
#[track_caller]
fn check(shape: &str) {
    let said = ["a", "b\\n", ""].map(|text| shape.replace('T', text));
    check_after(&[], said.each_ref().map(String::as_str));
}

/// Checks that chunks of this shape have no plan.
#[track_caller]
fn check_none_after(before: &[&str], shape: &str) {
    let said = ["a", "b"].map(|text| shape.replace('T', text));
    let found = plan(before, said.each_ref().map(String::as_str));
    assert!(found.is_none(), "{shape} has a plan");
}
