/// Why a component cannot be linked.
public struct LinkingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence that names the place, in lower case and without a full stop, like all messages.
    public var message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
