// Paths in messages. A path is bytes: it need not be UTF-8, and may contain what a terminal obeys.

public import SystemPackage

/// Bytes as messages show them: what is not UTF-8, and what is no visible character, as `\xe9`.
package func readable(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
        // A scalar has at most four bytes, and the shortest valid beginning is one.
        let scalar = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }
            .first?.unicodeScalars.first
        if let scalar, isShown(scalar) {
            text.unicodeScalars.append(scalar)
            rest = rest.dropFirst(UTF8.width(scalar))
        } else {
            let byte = rest.removeFirst()
            text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
    return text
}

/// Whether a character can be in a message: not those that control a terminal, begin another line,
/// or change the direction in which the rest is read.
private func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    // Nor those that cannot be seen: what fonts may leave out, and the blank of Braille.
    default: !scalar.properties.isDefaultIgnorableCodePoint && scalar != "\u{2800}"
    }
}

extension FilePath {
    /// The path as messages show it.
    public var readable: String { Linking.readable(bytes) }

    /// The bytes that the kernel gets, without the zero at the end.
    package var bytes: [UInt8] {
        withPlatformString { Array(UnsafeBufferPointer(start: $0, count: length)) }
            .map { UInt8(bitPattern: $0) }
    }
}

extension FilePath.Component {
    /// The bytes that the kernel gets, without the zero at the end.
    package var bytes: [UInt8] { FilePath(root: nil, CollectionOfOne(self)).bytes }
}

extension FilePath {
    /// A path of these bytes.
    package init(bytes: some Sequence<UInt8>) {
        let zeroTerminated = bytes.map { CChar(bitPattern: $0) } + [0]
        self = zeroTerminated.withUnsafeBufferPointer { FilePath(platformString: $0.baseAddress!) }
    }
}
