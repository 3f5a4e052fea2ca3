/// A name of an import or an export. Names are equal if their bytes are; Swift's strings are also equal if they
/// only look the same.
public struct ExactName: Hashable, Sendable, ExpressibleByStringInterpolation {
    public let text: String

    public init(_ text: String) { self.text = text }

    public init(stringLiteral text: String) { self.text = text }

    public static func == (name: ExactName, other: ExactName) -> Bool {
        name.text.utf8.elementsEqual(other.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(0xFF as UInt8)
    }
}
