//! Bytes to completion, beside eventsource-stream and `serde_json`.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{
    ours, peer,
    workload::{Reads, all, payloads},
};
use std::hint::black_box;

fn read(criterion: &mut Criterion) {
    for workload in all() {
        let events: usize = workload.streams.iter().map(|s| payloads(s).len()).sum();
        for (name, reads) in Reads::ALL {
            let streams: Vec<_> = workload.streams.iter().map(|s| reads.of(s)).collect();
            let mut text = 0;
            for reads in &streams {
                assert_eq!(ours::read(reads), peer::read(reads));
                text += ours::read(reads).len();
            }
            assert_eq!(text, workload.text);
            let mut group = criterion.benchmark_group(format!("read/{}", workload.name));
            group.throughput(Throughput::Elements(events as u64));
            group.bench_function(BenchmarkId::new("deltaic", name), |bencher| {
                bencher.iter(|| {
                    streams
                        .iter()
                        .map(|s| ours::read(black_box(s)).len())
                        .sum::<usize>()
                });
            });
            group.bench_function(
                BenchmarkId::new("eventsource-stream + serde_json", name),
                |bencher| {
                    bencher.iter(|| {
                        streams
                            .iter()
                            .map(|s| peer::read(black_box(s)).len())
                            .sum::<usize>()
                    });
                },
            );
        }
    }
}

criterion_group!(pipeline, read);
criterion_main!(pipeline);
