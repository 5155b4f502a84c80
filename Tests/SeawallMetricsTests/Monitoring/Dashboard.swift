import Foundation

/// As much of a dashboard of Grafana as can be checked without it.
struct Dashboard: Decodable {
    struct Source: Decodable, Equatable {
        var type: String
        var uid: String
    }

    struct Place: Decodable {
        var h: Int
        var w: Int
        var x: Int
        var y: Int
    }

    struct Target: Decodable {
        var expr: String
        var refId: String
        var legendFormat: String
        var datasource: Source
    }

    struct Panel: Decodable {
        var id: Int
        var type: String
        var title: String
        var description: String?
        var gridPos: Place
        var datasource: Source?
        var targets: [Target]?
    }

    struct Variable: Decodable {
        struct Query: Decodable {
            var text: String

            init(from decoder: any Decoder) throws {
                enum Key: String, CodingKey { case query }
                if let text = try? decoder.singleValueContainer().decode(String.self) {
                    self.text = text
                } else {
                    text = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .query)
                }
            }
        }

        var name: String
        var type: String
        var query: Query
    }

    struct Annotation: Decodable {
        var name: String
        var expr: String?
    }

    struct List<Element: Decodable>: Decodable {
        var list: [Element]
    }

    var title: String
    var uid: String
    var schemaVersion: Int
    var panels: [Panel]
    var templating: List<Variable>
    var annotations: List<Annotation>

    /// A query with a value for each of Grafana's variables.
    static func plain(_ query: String) -> String {
        query.replacing("$__rate_interval", with: "5m").replacing("$__interval", with: "1m")
            .replacing(/\$(job|instance|venue)\b/, with: ".*")
    }

    /// Every query to Prometheus.
    var queries: [String] {
        panels.flatMap { $0.targets ?? [] }.map(\.expr) + annotations.list.compactMap(\.expr)
    }
}
