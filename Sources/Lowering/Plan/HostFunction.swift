// Functions that the runtime provides to be imported, as its own table lists them.

internal import RuntimeABI
public import WasmTypes

/// A function of the runtime that a module may import.
public struct HostFunction: Hashable, Sendable {
    /// The import's module name.
    public let module: String
    /// The import's field name.
    public let name: String
    /// The C symbol, whose first parameter is the guest's context.
    public let symbol: String
    /// Its WebAssembly type.
    public let type: FunctionType
    /// Whether a call of it ends the program.
    var isNoReturn: Bool { name == "proc_exit" }

    /// The host function for an import, if there is one.
    public static func find(module: String, name: String) -> HostFunction? {
        table[Key(module: module, name: name)]
    }

    /// All host functions, sorted by module and name.
    public static var all: [HostFunction] {
        table.values.sorted { ($0.module, $0.name) < ($1.module, $1.name) }
    }

    private struct Key: Hashable {
        var module: String
        var name: String
    }

    private static let table: [Key: HostFunction] = {
        var count = 0
        let rows = UnsafeBufferPointer(start: smelt_host_functions(&count), count: count)
        var table: [Key: HostFunction] = [:]
        for row in rows {
            let function = HostFunction(
                module: String(cString: row.module), name: String(cString: row.name),
                symbol: String(cString: row.symbol), type: type(RuntimeSignature(row.signature)))
            table[Key(module: function.module, name: function.name)] = function
        }
        return table
    }()

    /// Guests have numbers only, also for addresses.
    private static func type(_ signature: RuntimeSignature) -> FunctionType {
        func types(_ kinds: [RuntimeSignature.Kind]) -> [ValueType] {
            kinds.map { kind in
                switch kind {
                case .i32: .i32
                case .i64: .i64
                case .pointer: preconditionFailure("a host function takes a pointer")
                }
            }
        }
        return FunctionType(
            parameters: types(signature.parameters), results: types(signature.results))
    }
}
