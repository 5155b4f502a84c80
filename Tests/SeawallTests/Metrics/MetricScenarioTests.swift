import Testing

/// What happens is in the metrics, row by row.
@Suite struct MetricScenarioTests {
    @Test(arguments: MetricScenario.all) func whatHappensShows(scenario: MetricScenario) throws {
        #expect(try scenario.run() == [])
    }
}
