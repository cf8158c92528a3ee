//! Bytes to completion, beside the peers.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{
    peer,
    workload::{self, Reads},
};
use std::hint::black_box;

fn read(criterion: &mut Criterion) {
    for workload in workload::all().into_iter().chain(workload::yours()) {
        for reads in Reads::ALL {
            let streams = workload.reads(reads);
            let mut group = criterion.benchmark_group(format!("read/{}", workload.name));
            group.throughput(Throughput::Elements(workload.events() as u64));
            let expected: Vec<_> = streams.iter().map(|s| (peer::BASE.read)(s)).collect();
            for way in peer::ALL {
                let is_asked = reads == Reads::BUFFER || way.name == peer::BASE.name;
                if !is_asked && way.name != peer::ALL[0].name {
                    continue;
                }
                let all = || {
                    let each = streams.iter().map(|stream| (way.read)(black_box(stream)));
                    each.collect::<Vec<_>>()
                };
                if all() != expected {
                    assert_ne!(way.name, peer::ALL[0].name, "we read all of them");
                    continue;
                }
                group.bench_function(BenchmarkId::new(way.name, reads), |bencher| {
                    bencher.iter(all);
                });
            }
        }
    }
}

criterion_group!(pipeline, read);
criterion_main!(pipeline);
