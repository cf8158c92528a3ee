//! Each layer alone: framing, parsing, assembling.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{
    ours, peer,
    workload::{Reads, all, payloads},
};
use std::hint::black_box;

fn frame(criterion: &mut Criterion) {
    for workload in all() {
        for (name, reads) in Reads::ALL {
            let streams: Vec<_> = workload.streams.iter().map(|s| reads.of(s)).collect();
            let bytes = workload.streams.iter().map(|s| s.len() as u64).sum();
            for reads in &streams {
                assert_eq!(ours::frame(reads), peer::frame(reads));
            }
            let mut group = criterion.benchmark_group(format!("frame/{}", workload.name));
            group.throughput(Throughput::Bytes(bytes));
            group.bench_function(BenchmarkId::new("deltaic", name), |bencher| {
                bencher.iter(|| {
                    streams
                        .iter()
                        .map(|s| ours::frame(black_box(s)))
                        .sum::<usize>()
                });
            });
            group.bench_function(BenchmarkId::new("eventsource-stream", name), |bencher| {
                bencher.iter(|| {
                    streams
                        .iter()
                        .map(|s| peer::frame(black_box(s)))
                        .sum::<usize>()
                });
            });
        }
    }
}

fn parse(criterion: &mut Criterion) {
    for workload in all() {
        let data: Vec<_> = workload.streams.iter().flat_map(|s| payloads(s)).collect();
        // The peer counts decoded bytes, we count them as they stand.
        assert!(ours::parse(&data) >= peer::parse(&data) && peer::parse(&data) >= workload.text);
        let mut group = criterion.benchmark_group(format!("parse/{}", workload.name));
        group.throughput(Throughput::Elements(data.len() as u64));
        group.bench_function("deltaic", |bencher| {
            bencher.iter(|| ours::parse(black_box(&data)));
        });
        group.bench_function("serde_json owned", |bencher| {
            bencher.iter(|| peer::parse(black_box(&data)));
        });
    }
}

fn assemble(criterion: &mut Criterion) {
    for workload in all() {
        let streams: Vec<_> = workload
            .streams
            .iter()
            .map(|s| ours::chunks(&payloads(s)))
            .collect();
        let text: usize = streams.iter().map(|chunks| ours::assemble(chunks)).sum();
        assert_eq!(text, workload.text);
        let mut group = criterion.benchmark_group(format!("assemble/{}", workload.name));
        group.throughput(Throughput::Elements(
            streams.iter().map(|s| s.len() as u64).sum(),
        ));
        group.bench_function("deltaic", |bencher| {
            bencher.iter(|| {
                streams
                    .iter()
                    .map(|s| ours::assemble(black_box(s)))
                    .sum::<usize>()
            });
        });
    }
}

criterion_group!(layers, frame, parse, assemble);
criterion_main!(layers);
