//! Writing a stream, and changing one in passing.

use std::hint::black_box;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{
    relay,
    workload::{self, Reads},
};

/// By its name, what turns input into bytes of a stream.
type Way<I> = (&'static str, fn(&[I], &mut Vec<u8>));

fn write(criterion: &mut Criterion) {
    let [workload, _] = workload::texts();
    let texts = relay::texts(&workload);
    let mut group = criterion.benchmark_group("write/text");
    group.throughput(Throughput::Elements(texts.len() as u64));
    let ways: [Way<String>; 2] = [
        ("deltaic", relay::write),
        ("a struct and serde_json", relay::write_struct),
    ];
    let mut out = Vec::new();
    for (name, write) in ways {
        out.clear();
        write(&texts, &mut out);
        relay::check_written(&out, &texts);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                out.clear();
                write(black_box(&texts), &mut out);
            });
        });
    }
}

fn rename(criterion: &mut Criterion) {
    for workload in workload::texts() {
        let [stream] = workload.streams[..] else {
            continue;
        };
        let reads = Reads::BUFFER.of(stream);
        let reads: Vec<Bytes> = reads.into_iter().map(Bytes::from_static).collect();
        let mut group = criterion.benchmark_group(format!("rename/{}", workload.name));
        group.throughput(Throughput::Elements(workload.events() as u64));
        let ways: [Way<Bytes>; 2] = [
            ("deltaic", relay::rename),
            ("our framer + serde_json values", relay::rename_value),
        ];
        let mut out = Vec::new();
        for (name, rename) in ways {
            out.clear();
            rename(&reads, &mut out);
            relay::check_renamed(&out, &reads);
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    out.clear();
                    rename(black_box(&reads), &mut out);
                });
            });
        }
    }
}

criterion_group!(relaying, write, rename);
criterion_main!(relaying);
