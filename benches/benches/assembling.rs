//! Chunks to a completion.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{
    Way,
    ours::{self, Ours},
    workload,
};
use std::hint::black_box;

fn assemble(criterion: &mut Criterion) {
    for workload in workload::all() {
        // The recordings are many streams, which are not told apart here.
        let [stream] = workload.streams[..] else {
            continue;
        };
        let payloads = workload.payloads();
        let chunks = ours::chunks(&payloads);
        let mut whole = Ours::default();
        whole.read(stream);
        assert_eq!(ours::assemble(&chunks), whole.finish().len());
        let mut group = criterion.benchmark_group(format!("assemble/{}", workload.name));
        group.throughput(Throughput::Elements(chunks.len() as u64));
        group.bench_function("deltaic", |bencher| {
            bencher.iter(|| ours::assemble(black_box(&chunks)));
        });
    }
}

criterion_group!(assembling, assemble);
criterion_main!(assembling);
