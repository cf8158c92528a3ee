//! Many streams, of which each in turn gets one event.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deltaic_benches::{
    Read, peer,
    way::{Contestant, WARM_UP},
    workload::{self, Reads},
};

fn in_turn(criterion: &mut Criterion) {
    const TURNS: usize = 8;
    let texts = workload::texts();
    let streams = texts.iter().flat_map(|text| text.reads(Reads::Event));
    let streams: Vec<Vec<Read>> = streams.map(|s| s[..WARM_UP + TURNS].to_vec()).collect();
    for way in [peer::ALL[0], peer::BASE] {
        let spelled = |way: &Contestant| (way.read)(&streams[0]);
        assert_eq!(spelled(&way), spelled(&peer::BASE));
        let mut group = criterion.benchmark_group("many");
        for count in [1_000, 10_000] {
            group.throughput(Throughput::Elements((count * TURNS) as u64));
            group.bench_function(BenchmarkId::new(way.name, count), |bencher| {
                bencher.iter_custom(|times| {
                    let once = |_| (way.in_turn)(count, &streams).expect("it was read before");
                    (0..times).map(once).sum::<Duration>()
                });
            });
        }
    }
}

criterion_group!(many, in_turn);
criterion_main!(many);
