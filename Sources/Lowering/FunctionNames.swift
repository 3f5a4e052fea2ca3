// The symbols of compiled functions: `wasm.` and the name that the module gives them.
//
// The prefix keeps them apart from the runtime's and libc's symbols, and from names that LLVM
// takes for functions of the C library whose meaning it knows.

internal import WasmBinary
internal import WasmTypes

/// Chooses a symbol for every function of a module.
struct FunctionNames {
    private let module: Module
    /// Functions whose name another function before them has too, or could have.
    private let ambiguous: Set<FunctionIndex>

    init(module: Module) {
        self.module = module
        var seen: Set<String> = []
        var ambiguous: Set<FunctionIndex> = []
        for index in module.names.functions.keys.sorted() {
            let name = Self.clean(module.names.functions[index]!)
            let isNew = seen.insert(name).inserted
            if !isNew || name.hasPrefix("wasm-function[") { ambiguous.insert(index) }
        }
        self.ambiguous = ambiguous
    }

    /// The name to show in a backtrace.
    func display(_ index: FunctionIndex) -> String {
        Self.clean(ReadableNames.readable(module.functionName(index)))
    }

    /// The symbol: unique in the program. Mangled names stay, since tools know how to read them.
    func symbol(of index: FunctionIndex) -> String {
        "wasm.\(Self.clean(module.functionName(index)))"
            + (ambiguous.contains(index) ? "#\(index)" : "")
    }

    /// Names may contain any character; a terminal and a symbol table should not.
    private static func clean(_ name: String) -> String {
        guard name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else {
            return name
        }
        return String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
    }
}
