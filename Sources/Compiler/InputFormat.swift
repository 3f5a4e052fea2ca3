// What an input is, by its first bytes: mistakes that deserve a better answer than "malformed".

/// The kinds of files that are given to a WebAssembly compiler.
enum InputFormat {
    case module, component, text, other

    init(of bytes: [UInt8]) {
        if bytes.starts(with: [0x00, 0x61, 0x73, 0x6d]) {
            // Version 1 of a module, layer 0; components have layer 1 (bytes 6 and 7).
            let isComponent = bytes.count >= 8 && bytes[6] == 1 && bytes[7] == 0
            self = isComponent ? .component : .module
        } else if Self.looksLikeText(bytes) {
            self = .text
        } else if Self.magicPrefix.starts(with: bytes) {
            // Cut short: the decoder says where.
            self = .module
        } else {
            self = .other
        }
    }

    private static let magicPrefix: [UInt8] = [0x00, 0x61, 0x73, 0x6d]

    /// Text begins with `(`, after blanks and comments (`;; ...`, `(; ... ;)`).
    private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
        let first = bytes.prefix(4096).first { !" \t\r\n".utf8.contains($0) }
        if first == UInt8(ascii: "(") { return true }
        let start = bytes.drop { " \t\r\n".utf8.contains($0) }
        return start.starts(with: ";;".utf8)
    }

    /// Refuses everything but modules.
    func requireModule() throws(CompilerError) {
        switch self {
        case .module: return
        case .component: throw CompilerError(.component)
        case .text: throw CompilerError(.textFormat)
        case .other: throw CompilerError(.notWebAssembly)
        }
    }
}
