// What an input is, by its first bytes: mistakes that deserve a better answer than "malformed".

internal import WasmBinary

/// The kinds of files that are given to a WebAssembly compiler.
enum InputFormat: Equatable {
    case module, component, text, empty
    /// Something else, and what it looks like.
    case other(String?)

    init(of bytes: [UInt8]) {
        if bytes.isEmpty {
            self = .empty
        } else if bytes.starts(with: Self.magic) {
            // Version 1 of a module, layer 0; components have layer 1 (bytes 6 and 7).
            let isComponent = bytes.count >= 8 && bytes[6] == 1 && bytes[7] == 0
            self = isComponent ? .component : .module
        } else if Self.looksLikeText(bytes) {
            self = .text
        } else if Self.magic.starts(with: bytes) {
            // Cut short: the decoder says where.
            self = .module
        } else {
            self = .other(Self.knownFiles.first { bytes.starts(with: $0.prefix) }?.name)
        }
    }

    private static let magic: [UInt8] = [0x00, 0x61, 0x73, 0x6d]

    /// What else is easily given to a compiler, and how it begins.
    private static let knownFiles: [(prefix: [UInt8], name: String)] = [
        ([0x7f] + Array("ELF".utf8), "a native executable or object (ELF)"),
        (Array("!<arch>\n".utf8), "an archive of object files"),
        ([0x42, 0x43, 0xc0, 0xde], "LLVM bitcode"),
        ([0x1f, 0x8b], "a compressed file (gzip)"),
        ([0x28, 0xb5, 0x2f, 0xfd], "a compressed file (Zstandard)"),
        (Array("PK\u{3}\u{4}".utf8), "an archive (ZIP)"),
        (Array("#!".utf8), "a script"),
        (Array("#include".utf8), "C source"),
        (Array("; ModuleID".utf8), "LLVM's intermediate representation"),
    ]

    /// Text begins with `(`, after blanks and comments (`;; ...`, `(; ... ;)`).
    private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
        var start = bytes[...]
        // A byte order mark is not part of the format, but some editors write it.
        if start.starts(with: [0xef, 0xbb, 0xbf]) { start = start.dropFirst(3) }
        start = start.drop { " \t\r\n".utf8.contains($0) }
        return start.first == UInt8(ascii: "(") || start.starts(with: ";;".utf8)
    }

    /// Refuses what can never be compiled.
    func requireWebAssembly() throws(CompilerError) {
        if self != .component { try requireModule() }
    }

    /// Refuses everything but modules and texts.
    func requireModule() throws(CompilerError) {
        switch self {
        case .module, .text: return
        case .component: throw CompilerError(.notModule)
        case .empty: throw CompilerError(.notWebAssembly(looksLike: "an empty file"))
        case .other(let guess): throw CompilerError(.notWebAssembly(looksLike: guess))
        }
    }
}

extension Module {
    /// Whether the module is the output of a compiler that no linker has seen. Such files have
    /// a section that tells the linker what to do.
    var isObjectFile: Bool { customSections.contains { $0.name == "linking" } }
}
