// A module on its way into the compiler, binary or text.

internal import Linking
public import SystemPackage

/// A module to be compiled.
public struct CompilerInput: Sendable {
    /// How messages call it.
    public var name: String
    /// The module: binary, or text in UTF-8.
    public var bytes: [UInt8]

    /// A module that is in memory.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Reads a file; `-` is standard input. Whether it is a module is seen when it is compiled.
    public init(reading path: FilePath) throws(CompilerError) {
        let bytes = try withFiles { () throws(FileError) in try Files.read(path) }
        self.init(name: path == "-" ? "standard input" : path.readable, bytes: bytes)
    }
}

extension CompilerInput {
    /// The binary module or component: the input itself, or what its text stands for.
    func binary(_ toolchain: Toolchain) async throws(CompilerError) -> [UInt8] {
        let format = InputFormat(of: bytes)
        try format.requireWebAssembly()
        guard format == .text else { return bytes }
        let tools = try WasmTools(folders: toolchain.searchFolders)
        // wasm-tools does not know the mark that some editors put in front of UTF-8.
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        let module = try await tools.module(text: text, name: name)
        try InputFormat(of: module).requireWebAssembly()
        return module
    }
}
