// What can be wrong with debug information. No program fails because of it: what reads
// debug information drops what cannot be read.

/// Debug information that cannot be read.
public struct DWARFError: Error, Hashable, Sendable, CustomStringConvertible {
    public var reason: String
    /// Where, in bytes from the start of the file.
    public var offset: Int

    public init(_ reason: String, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String { "\(reason) at 0x\(String(offset, radix: 16))" }
}
