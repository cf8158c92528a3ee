//! Bytes to the data of events.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{
    ours,
    peer::framing,
    workload::{self, Reads},
};
use std::hint::black_box;

fn frame(criterion: &mut Criterion) {
    for workload in workload::all() {
        for reads in Reads::ALL {
            let streams = workload.reads(reads);
            let mut group = criterion.benchmark_group(format!("frame/{}", workload.name));
            group.throughput(Throughput::Bytes(workload.bytes() as u64));
            let expected: usize = streams.iter().map(|stream| ours::frame(stream)).sum();
            for (name, frame) in framing::ALL {
                let all = || {
                    let each = streams.iter().map(|stream| frame(black_box(stream)));
                    each.sum::<usize>()
                };
                assert_eq!(all(), expected, "{name} frames otherwise");
                group.bench_function(BenchmarkId::new(name, reads), |bencher| bencher.iter(all));
            }
        }
    }
}

criterion_group!(framing, frame);
criterion_main!(framing);
