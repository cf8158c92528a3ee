//! The data of events to what the chunks say, each for itself.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{peer::parsing, workload};
use std::hint::black_box;

fn parse(criterion: &mut Criterion) {
    for workload in workload::all() {
        let payloads = workload.payloads();
        let mut group = criterion.benchmark_group(format!("parse/{}", workload.name));
        group.throughput(Throughput::Elements(payloads.len() as u64));
        let expected = parsing::ALL[0].1(&payloads);
        assert!(expected.is_ok(), "we read all of them");
        for (name, parse) in parsing::ALL {
            if parse(&payloads) == expected {
                group.bench_function(name, |bencher| bencher.iter(|| parse(black_box(&payloads))));
            }
        }
    }
}

criterion_group!(parsing, parse);
criterion_main!(parsing);
