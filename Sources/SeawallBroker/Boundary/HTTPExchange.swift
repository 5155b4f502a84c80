/// What an adapter may tell of one request over HTTP, for the one who traces it.
public struct HTTPExchange: Hashable, Sendable {
    /// The method, for example `POST`.
    public var method: String

    /// The path without the query, which may hold keys and signatures.
    public var path: String

    /// The status of the answer; nil where none came.
    public var status: Int?

    /// Makes a description of a request.
    public init(method: String, path: String, status: Int? = nil) {
        self.method = method
        self.path = path
        self.status = status
    }
}
