// What functions are called: for the linker by index, for people by the names that the module
// gives them.
//
// A name of the module never takes part in linkage: two functions may have the same one, or one
// that the runtime, the C library, LLVM or the linker gives a meaning. So the symbol of function
// 12 is `wasm.f12` until everything is linked, with which it is also apart from the names of C
// functions whose meaning LLVM knows. The names are put on afterwards (Linking's SymbolNames), to
// symbols that are local, so that nothing resolves by them.

internal import PlantedFaults
internal import WasmBinary
internal import WasmTypes

/// The symbols and names of a module's functions.
public struct FunctionNames: Sendable {
    private let module: Module
    /// What all symbols begin with.
    private let prefix: String

    /// - Parameter scope: what keeps the symbols apart from those of other modules in the same
    ///   link. Not a name that a module gives itself.
    init(module: Module, scope: String) {
        self.module = module
        prefix = scope + "wasm.f"
    }

    /// The symbol: unique in the program.
    func symbol(of index: FunctionIndex) -> String {
        if PlantedFault.namesInLinkage.isPlanted, !module.functionName(index).isEmpty {
            return module.functionName(index)
        }
        return prefix + "\(index)"
    }

    /// What the module says. An empty name would be none at all.
    private func name(of index: FunctionIndex) -> String {
        let name = module.functionName(index)
        return name.isEmpty ? "wasm-function[\(index)]" : name
    }

    /// The name to show in backtraces and messages: as the source has it, made printable.
    func display(_ index: FunctionIndex) -> String {
        ReadableNames.readable(name(of: index)).printable
    }

    /// The name to show for a symbol: that of the function, and for the copies that LLVM makes of
    /// functions the suffix that it gives them. Nil for symbols that are not a function's.
    func display(ofSymbol symbol: String) -> String? {
        function(of: symbol).map { display($0.index) + $0.suffix }
    }

    /// The name for a symbol in a symbol table. Mangled names stay, since tools know how to read
    /// them.
    public func tableName(ofSymbol symbol: String) -> String? {
        function(of: symbol).map { index, suffix in
            let name = ReadableNames.withoutPromotion(self.name(of: index)).printable
            return Self.withoutMeaning(name) + suffix
        }
    }

    /// On some processors the local symbols `$x` and `$d`, also with a dot and anything behind
    /// that, tell linkers and disassemblers where there is code and where data.
    private static func withoutMeaning(_ name: String) -> String {
        let bytes = Array(name.utf8.prefix(3))
        let (dollar, dot) = (UInt8(ascii: "$"), UInt8(ascii: "."))
        let isMark = bytes.count >= 2 && bytes[0] == dollar && (bytes.count == 2 || bytes[2] == dot)
        return isMark ? "\\u{24}" + name.dropFirst() : name
    }

    /// Takes a symbol apart.
    private func function(of symbol: String) -> (index: FunctionIndex, suffix: Substring)? {
        guard symbol.hasPrefix(prefix) else { return nil }
        let rest = symbol.dropFirst(prefix.count)
        let digits = rest.prefix { ("0"..."9").contains($0) }
        let suffix = rest.dropFirst(digits.count)
        guard let index = FunctionIndex(digits), Int(index) < module.functions.count,
            suffix.isEmpty || suffix.hasPrefix(".")
        else { return nil }
        return (index, suffix)
    }
}
