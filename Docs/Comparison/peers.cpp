// The metrics that C++ programs use, measured as seawall-bench measures ours.
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Run = std::function<void(long)>;

constexpr double sample = 70e6;
int rounds = 5;

// Runs the operation so often on each of the threads; nanoseconds for one as a thread sees it.
double once(int threads, long operations, const Run& run) {
    std::atomic<int> ready{0};
    std::atomic<bool> go{false};
    std::vector<std::thread> team;
    for (int i = 0; i < threads; ++i) {
        team.emplace_back([&] {
            ++ready;
            while (!go) std::this_thread::yield();
            run(operations);
        });
    }
    while (ready < threads) std::this_thread::yield();
    const auto began = Clock::now();
    go = true;
    for (auto& thread : team) thread.join();
    return std::chrono::duration<double, std::nano>(Clock::now() - began).count() / static_cast<double>(operations);
}

// The quickest of three: whoever is interrupted would find that a few operations are enough.
double quickest(int threads, long operations, const Run& run) {
    return std::min({once(threads, operations, run), once(threads, operations, run), once(threads, operations, run)});
}

void report(const char* name, int threads, std::size_t bytes, const Run& run) {
    long operations = 1;
    for (;;) {
        const double taken = quickest(threads, operations, run) * static_cast<double>(operations);
        if (taken > sample / 4) {
            operations = static_cast<long>(static_cast<double>(operations) * sample / taken) + 1;
            break;
        }
        operations *= 2;
    }
    std::vector<double> figures;
    for (int i = 0; i < rounds; ++i) figures.push_back(once(threads, operations, run));
    std::sort(figures.begin(), figures.end());
    std::printf("{\"case\": \"%s\", \"peer\": \"prometheus-cpp\", \"threads\": %d, \"ns\": %.3f, \"bytes\": %zu}\n", name,
                threads, figures[figures.size() / 2], bytes);
    std::fflush(stdout);
}

std::string path(int number) { return "/api/v1/resource/" + std::to_string(number); }

void metrics(int threads) {
    prometheus::Registry registry;
    auto& counter = prometheus::BuildCounter().Name("calls_total").Help("Calls.").Register(registry).Add({});
    report("metrics.counter", threads, 0, [&](long operations) {
        for (long i = 0; i < operations; ++i) counter.Increment();
    });

    std::vector<double> values;
    for (int i = 0; i < 1024; ++i) values.push_back(static_cast<double>(i * 7919 % 1024) * 0.012);
    auto& histogram = prometheus::BuildHistogram().Name("size").Help("Sizes.").Register(registry).Add(
        {}, prometheus::Histogram::BucketBoundaries{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
    report("metrics.histogram", threads, 0, [&](long operations) {
        for (long i = 0; i < operations; ++i) histogram.Observe(values[i & 1023]);
    });

    auto& family = prometheus::BuildCounter().Name("lookups_total").Help("Calls.").Register(registry);
    std::vector<std::string> paths;
    for (int i = 0; i < 1000; ++i) {
        paths.push_back(path(i));
        family.Add({{"method", "GET"}, {"path", paths.back()}});
    }
    report("metrics.child", threads, 0, [&](long operations) {
        int next = 0;
        for (long i = 0; i < operations; ++i) {
            family.Add({{"method", "GET"}, {"path", paths[next]}}).Increment();
            next = next == 999 ? 0 : next + 1;
        }
    });
}

void render() {
    prometheus::Registry registry;
    for (int number = 0; number < 10; ++number) {
        auto& family = prometheus::BuildCounter()
                           .Name("bench_requests_" + std::to_string(number) + "_total")
                           .Help("Requests.")
                           .Register(registry);
        for (int i = 0; i < 1000; ++i) family.Add({{"method", "GET"}, {"path", path(i)}}).Increment(i * 37);
    }
    const prometheus::TextSerializer serializer;
    std::size_t bytes = serializer.Serialize(registry.Collect()).size();
    report("metrics.render", 1, bytes, [&](long operations) {
        for (long i = 0; i < operations; ++i) bytes = serializer.Serialize(registry.Collect()).size();
    });
}

}  // namespace

int main(int count, char** arguments) {
    if (count > 1) rounds = std::max(1, std::atoi(arguments[1]));
    for (int threads : {1, 2}) metrics(threads);
    render();
}
