// Archives of objects (ar), with the index by which linkers find what defines a symbol.

/// An archive of one object.
public enum Archive {
    /// - Parameters:
    ///   - object: The object.
    ///   - name: The name of the member, with at most 15 bytes.
    ///   - symbols: What the object defines for others.
    public static func containing(_ object: [UInt8], name: String, symbols: [String]) -> [UInt8] {
        let strings = symbols.reduce(into: [UInt8]()) { $0 += Array($1.utf8) + [0] }
        let indexSize = 4 + 4 * symbols.count + strings.count
        let padding = indexSize % 2
        let place = magic.utf8.count + headerSize + indexSize + padding
        var archive = Array(magic.utf8)
        archive += header(name: "/", size: indexSize + padding)
        archive += bigEndian(symbols.count)
        for _ in symbols { archive += bigEndian(place) }
        archive += strings
        if padding == 1 { archive.append(0) }
        archive += header(name: name + "/", size: object.count)
        archive += object
        if object.count % 2 == 1 { archive.append(UInt8(ascii: "\n")) }
        return archive
    }

    private static let magic = "!<arch>\n"
    private static let headerSize = 60

    /// A member's header: nobody's, of no time, readable by all.
    private static func header(name: String, size: Int) -> [UInt8] {
        func field(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: width - text.utf8.count)
        }
        let fields = [
            field(name, 16), field("0", 12), field("0", 6), field("0", 6), field("644", 8),
            field("\(size)", 10), "`\n",
        ]
        return Array(fields.joined().utf8)
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
