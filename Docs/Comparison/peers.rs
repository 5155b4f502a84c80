//! The metrics that Rust programs use, measured as seawall-bench measures ours.

use prometheus::{Encoder, Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, Registry, TextEncoder};
use std::hint::black_box;
use std::sync::Barrier;
use std::time::Instant;

const SAMPLE: f64 = 70e6;

/// Runs the operation so often on each of the threads; nanoseconds for one as a thread sees it.
fn once(threads: usize, operations: u64, run: &(dyn Fn(u64) + Sync)) -> f64 {
    let gate = Barrier::new(threads + 1);
    let taken = std::thread::scope(|scope| {
        let team: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    gate.wait();
                    run(operations)
                })
            })
            .collect();
        gate.wait();
        let began = Instant::now();
        for thread in team {
            thread.join().expect("a measuring thread ends");
        }
        began.elapsed()
    });
    taken.as_nanos() as f64 / operations as f64
}

/// The quickest of three: whoever is interrupted would find that a few operations are enough.
fn quickest(threads: usize, operations: u64, run: &(dyn Fn(u64) + Sync)) -> f64 {
    (0..3).map(|_| once(threads, operations, run)).fold(f64::INFINITY, f64::min)
}

fn report(rounds: usize, name: &str, threads: usize, bytes: usize, run: &(dyn Fn(u64) + Sync)) {
    let mut operations = 1u64;
    loop {
        let taken = quickest(threads, operations, run) * operations as f64;
        if taken > SAMPLE / 4.0 {
            operations = (operations as f64 * SAMPLE / taken) as u64 + 1;
            break;
        }
        operations *= 2;
    }
    let mut figures: Vec<f64> = (0..rounds).map(|_| once(threads, operations, run)).collect();
    figures.sort_by(f64::total_cmp);
    println!(
        "{{\"case\": \"{name}\", \"peer\": \"rust-prometheus\", \"threads\": {threads}, \"ns\": {:.3}, \"bytes\": {bytes}}}",
        figures[figures.len() / 2]
    );
}

fn path(number: usize) -> String {
    format!("/api/v1/resource/{number}")
}

fn metrics(rounds: usize, threads: usize) -> prometheus::Result<()> {
    let counter = IntCounter::new("calls_total", "Calls.")?;
    report(rounds, "metrics.counter", threads, 0, &|operations| {
        for _ in 0..operations {
            black_box(&counter).inc();
        }
    });

    let values: Vec<f64> = (0..1024).map(|i| (i * 7919 % 1024) as f64 * 0.012).collect();
    let buckets = vec![0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    let histogram = Histogram::with_opts(HistogramOpts::new("size", "Sizes.").buckets(buckets))?;
    report(rounds, "metrics.histogram", threads, 0, &|operations| {
        for i in 0..operations as usize {
            histogram.observe(values[i & 1023]);
        }
    });

    let family = IntCounterVec::new(Opts::new("lookups_total", "Calls."), &["method", "path"])?;
    let paths: Vec<String> = (0..1000).map(path).collect();
    for path in &paths {
        family.with_label_values(&["GET", path]);
    }
    report(rounds, "metrics.child", threads, 0, &|operations| {
        let mut next = 0;
        for _ in 0..operations {
            family.with_label_values(&["GET", &paths[next]]).inc();
            next = if next == 999 { 0 } else { next + 1 };
        }
    });
    Ok(())
}

fn render(rounds: usize) -> prometheus::Result<()> {
    let registry = Registry::new();
    for number in 0..10 {
        let family =
            IntCounterVec::new(Opts::new(format!("bench_requests_{number}_total"), "Requests."), &["method", "path"])?;
        registry.register(Box::new(family.clone()))?;
        for i in 0..1000 {
            family.with_label_values(&["GET", &path(i)]).inc_by(i as u64 * 37);
        }
    }
    let write = || {
        let mut text = Vec::with_capacity(1 << 20);
        TextEncoder::new().encode(&registry.gather(), &mut text).expect("text is written to memory");
        text.len()
    };
    report(rounds, "metrics.render", 1, write(), &|operations| {
        for _ in 0..operations {
            black_box(write());
        }
    });
    Ok(())
}

fn main() -> prometheus::Result<()> {
    let rounds = std::env::args().nth(1).and_then(|text| text.parse().ok()).filter(|&count| count > 0).unwrap_or(5);
    for threads in [1, 2] {
        metrics(rounds, threads)?;
    }
    render(rounds)
}
