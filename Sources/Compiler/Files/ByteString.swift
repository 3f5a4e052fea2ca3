// Words of the command line and of the environment. They are bytes to the kernel and to programs,
// and need not be UTF-8; a String would replace what is not, and name another file.

internal import Linking
public import SystemPackage

/// A sequence of bytes that is mostly text.
public struct ByteString: Sendable, Hashable {
    /// The bytes, without a zero at the end.
    public var bytes: [UInt8]

    /// These bytes.
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// A text in UTF-8.
    public init(_ text: String) { bytes = Array(text.utf8) }

    /// A path.
    public init(_ path: FilePath) { bytes = path.bytes }

    /// A zero-terminated string of C.
    public init(cString: UnsafePointer<CChar>) {
        bytes = []
        var next = cString
        while next.pointee != 0 {
            bytes.append(UInt8(bitPattern: next.pointee))
            next += 1
        }
    }
}

extension ByteString: ExpressibleByStringInterpolation {
    /// A text in UTF-8.
    public init(stringLiteral value: String) { self.init(value) }
}

extension ByteString: CustomStringConvertible {
    /// For messages: what is no visible character is shown as `\xe9`.
    public var description: String { readable(bytes) }
}

extension FilePath {
    /// The path that a word names.
    public init(_ word: ByteString) { self.init(bytes: word.bytes) }
}

extension ByteString {
    package func hasPrefix(_ prefix: String) -> Bool { bytes.starts(with: prefix.utf8) }

    func hasSuffix(_ suffix: String) -> Bool {
        bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Several, one behind the other.
    static func joining(_ parts: [ByteString]) -> ByteString {
        ByteString(parts.flatMap(\.bytes))
    }

    func dropLast(_ count: Int) -> ByteString { ByteString(bytes.dropLast(count)) }

    package func contains(_ text: String) -> Bool { splitOnce(at: text) != nil }

    package var isEmpty: Bool { bytes.isEmpty }

    /// The text, if it is one.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The parts before and behind the first occurrence of a separator.
    func splitOnce(at separator: String) -> (ByteString, ByteString)? {
        let separator = Array(separator.utf8)
        guard let start = bytes.firstRange(of: separator) else { return nil }
        return (ByteString(bytes[..<start.lowerBound]), ByteString(bytes[start.upperBound...]))
    }
}
