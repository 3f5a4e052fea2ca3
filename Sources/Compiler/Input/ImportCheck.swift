// Are all imports provided? All that are not are reported together, each with the provided name
// that looks most like it.

internal import Lowering
internal import WasmBinary
internal import WasmTypes

enum ImportCheck {
    /// The imports that the runtime does not provide; nil if it provides all.
    static func problem(with module: Module) -> CompilerError? {
        let unknown = module.imports.compactMap { problem(with: $0, in: module) }
        return unknown.isEmpty ? nil : CompilerError(.unknownImports(unknown))
    }

    /// What is wrong with an import, or nil when it is provided.
    static func problem(with item: Import, in module: Module) -> CompilerError.UnknownImport? {
        guard case .function(let typeIndex) = item.type else {
            return .init(
                module: item.module, name: item.name, reason: "a \(item.type.kindName)")
        }
        guard let function = HostFunction.find(module: item.module, name: item.name) else {
            return .init(
                module: item.module, name: item.name, reason: "",
                similar: similarName(to: item.name, in: item.module))
        }
        let type = module.types[Int(typeIndex)].functionType
        guard type == function.type else {
            let shown = type.map { "\($0)" } ?? "not a function"
            return .init(
                module: item.module, name: item.name,
                reason: "provided as \(function.type), imported as \(shown)")
        }
        return nil
    }

    /// The provided name that differs least, if it differs little.
    static func similarName(to name: String, in module: String) -> String? {
        let limit = max(1, name.utf8.count / 4)
        let candidates = HostFunction.all.map { function in
            let moduleDistance = function.module == module ? 0 : 1
            return (function, Spelling.distance(function.name, name) + moduleDistance)
        }
        guard let (best, distance) = candidates.min(by: { $0.1 < $1.1 }), distance <= limit else {
            return nil
        }
        return "\(best.module).\(best.name)"
    }
}

extension ExternalType {
    /// The word for this kind of thing.
    var kindName: String {
        switch self {
        case .function: "function"
        case .table: "table"
        case .memory: "memory"
        case .global: "global"
        case .tag: "tag"
        }
    }
}
