internal import SeawallTime

extension AttemptTimeout: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case cooperative, abandoning
    }

    /// Reads `{"cooperative": 2.5}` or `{"abandoning": 2.5}`, in seconds.
    ///
    /// - Throws: `DecodingError` where the shape is wrong or a key is none of the fields, `InvalidFields` where the
    ///   number is no duration above zero.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let key = container.contains(.abandoning) ? CodingKeys.abandoning : .cooperative
        let number = try container.decode(Double.self, forKey: key)
        guard let duration = Duration(exactSeconds: number), duration > .zero else {
            throw InvalidFields(
                subject: "attempt timeout",
                fields: [
                    .init(name: key.stringValue, value: "\(number) seconds", expected: "a duration above 0 seconds")
                ])
        }
        self = key == .abandoning ? .abandoning(duration) : .cooperative(duration)
    }

    /// Writes the kind and its seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .cooperative(let duration): try container.encode(duration.secondsDouble, forKey: .cooperative)
        case .abandoning(let duration): try container.encode(duration.secondsDouble, forKey: .abandoning)
        }
    }
}
