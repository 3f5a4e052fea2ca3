// What is said about imports that cannot be connected. All of them are reported together, each with the
// provided name that looks most like it.

internal import Lowering
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

enum ImportCheck {
    /// What is wrong with the imports of some modules; nil if all of them are provided.
    ///
    /// - Parameter names: what the user calls the instances.
    static func problem(with linked: LinkedModules, names: [String]) -> CompilerError? {
        let unknown = linked.problems.map { describe($0, linked, names) }
        return unknown.isEmpty ? nil : CompilerError(.unknownImports(unknown))
    }

    private static func describe(
        _ problem: LinkedModules.Problem, _ linked: LinkedModules, _ names: [String]
    ) -> CompilerError.UnknownImport {
        let importer = linked.modules[linked.instances[problem.instance].module].module
        let imported = problem.item.type.text(in: importer)
        var reason: String
        var similar: String?
        switch problem.reason {
        case .unknown:
            reason = problem.item.type.isFunction ? "" : "a \(problem.item.type.kindName)"
            similar =
                problem.item.type.isFunction
                ? similarName(to: problem.item.name, in: problem.item.module) : nil
        case .functionType(let type):
            reason = "provided as \(type), imported as \(imported)"
        case .exportType(let type, let owner):
            let exporter = linked.modules[linked.instances[owner].module].module
            let (kind, other) = (type.kindName, problem.item.type.kindName)
            reason =
                "\(names[owner]) exports the \(kind) \(type.text(in: exporter)),"
                + " \(names[problem.instance]) imports the \(other) \(imported)"
        case .cycle:
            reason = "a module that provides it needs \(names[problem.instance]) itself"
        }
        let provider = linked.instances.indices.dropFirst().first {
            linked.instances[$0].name == problem.item.module && $0 != problem.instance
        }
        let isLacking = if case .unknown = problem.reason { provider != nil } else { false }
        if isLacking, let provider {
            reason = "\(names[provider]) does not export it"
        } else if problem.instance != 0, reason.isEmpty {
            reason = "imported by \(names[problem.instance])"
        }
        var unknown = CompilerError.UnknownImport(
            module: problem.item.module, name: problem.item.name, reason: reason,
            similar: similar)
        switch problem.reason {
        case .exportType, .cycle: unknown.isIncompatible = true
        case .unknown, .functionType: unknown.isIncompatible = isLacking
        }
        return unknown
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
    /// Whether it is the type of a function.
    fileprivate var isFunction: Bool { if case .function = self { true } else { false } }

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
