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
    var isNoReturn: Bool { Self.endings.contains(symbol) }

    private static let endings: Set<String> = [
        "smelt_wasi_snapshot_preview1_proc_exit", "smelt_wasi_unstable_proc_exit",
        "smelt_p2_cli_exit_exit", "smelt_p2_cli_exit_exit_with_code",
    ]

    /// What a module of the user's may import: what components get is not for them.
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

    /// What generated modules may import, for components and for themselves.
    static func findForComponent(module: String, name: String) -> HostFunction? {
        componentTable[Key(module: module, name: name)]
    }

    /// Whether generated modules may import a function of these names.
    public static func isForComponents(module: String, name: String) -> Bool {
        findForComponent(module: module, name: name) != nil
    }

    /// The type of a function that components get, written as component_types.h says; nil if there is none.
    public static func componentType(interface: String, name: String) -> String? {
        componentTypes[Key(module: interface, name: name)]
    }

    private static let componentTypes: [Key: String] = {
        var count = 0
        let rows = UnsafeBufferPointer(start: smelt_component_functions(&count), count: count)
        return Dictionary(
            rows.map {
                (
                    Key(module: String(cString: $0.interface), name: String(cString: $0.name)),
                    String(cString: $0.type)
                )
            }
        ) { first, _ in first }
    }()

    private static let componentTable = Dictionary(
        componentFunctions.map { (Key(module: $0.module, name: $0.name), $0) }
    ) { first, _ in first }

    private static var componentFunctions: [HostFunction] {
        var count = 0
        let rows = UnsafeBufferPointer(start: smelt_component_functions(&count), count: count)
        return rows.map { row in
            HostFunction(
                module: String(cString: row.interface), name: String(cString: row.name),
                symbol: String(cString: row.symbol), type: type(RuntimeSignature(row.signature)))
        } + [
            HostFunction(
                module: "smelt:component", name: "trap", symbol: "smelt_component_trap",
                type: FunctionType(parameters: [.i32, .i32]))
        ]
    }

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
