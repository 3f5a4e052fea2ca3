// Modules that a program imports from (`--import MODULE=FILE`).

internal import SystemPackage

/// A module that becomes a part of a program, under the name that other modules import from.
public struct ModuleProvider: Sendable {
    /// The name of the module in imports.
    public var name: String
    /// The module. Several providers with the same one are several instances of it.
    public var input: CompilerInput

    /// A module under a name.
    public init(name: String, input: CompilerInput) {
        self.name = name
        self.input = input
    }

    /// Takes a word `MODULE=FILE` and reads the file.
    public init(parsing word: ByteString) throws(CompilerError) {
        guard let (name, path) = word.splitOnce(at: "="), !path.isEmpty else {
            throw CompilerError(.option("--import \(word): not of the form MODULE=FILE.wasm"))
        }
        guard let text = name.text else {
            throw CompilerError(.option("--import \(word): names of modules are UTF-8"))
        }
        self.init(name: text, input: try CompilerInput(reading: FilePath(path)))
    }
}
