/// Puts modules together byte by byte.
struct BinaryBuilder {
    private(set) var bytes: [UInt8] = [0x00, 0x61, 0x73, 0x6D, 1, 0, 0, 0]

    /// An unsigned LEB128 number of the least length.
    static func number(_ value: UInt64) -> [UInt8] {
        var value = value
        var bytes: [UInt8] = []
        repeat {
            let byte = UInt8(value & 0x7F)
            value >>= 7
            bytes.append(value == 0 ? byte : byte | 0x80)
        } while value != 0
        return bytes
    }

    static func name(_ name: String) -> [UInt8] {
        number(UInt64(name.utf8.count)) + Array(name.utf8)
    }

    static func list(_ elements: [[UInt8]]) -> [UInt8] {
        number(UInt64(elements.count)) + elements.flatMap { $0 }
    }

    mutating func section(_ id: UInt8, _ contents: [UInt8]) {
        bytes += [id] + Self.number(UInt64(contents.count)) + contents
    }

    mutating func section(_ id: UInt8, _ elements: [[UInt8]]) {
        section(id, Self.list(elements))
    }

    mutating func custom(_ name: String, _ contents: [UInt8]) {
        section(0, Self.name(name) + contents)
    }

    /// Functions of type 0 without locals, with a type section for them.
    mutating func functions(_ bodies: [[UInt8]]) {
        section(1, [[0x60, 0, 0]])
        section(3, bodies.map { _ in [0] })
        section(10, bodies.map { Self.number(UInt64($0.count + 1)) + [0] + $0 })
    }

    /// A module of one section behind those that are given.
    static func module(_ sections: (UInt8, [UInt8])...) -> [UInt8] {
        var builder = BinaryBuilder()
        for (id, contents) in sections { builder.section(id, contents) }
        return builder.bytes
    }
}
