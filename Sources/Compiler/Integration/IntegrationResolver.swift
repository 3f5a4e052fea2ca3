// From a manifest, or from the exports alone, to a plan that fits the module: every name is found, every
// type is that of the guest's function.

internal import Lowering
internal import WasmBinary
internal import WasmTypes

/// Finds what a manifest names in a module.
struct IntegrationResolver {
    let manifest: Manifest
    let module: Module
    private let exports: [String: FunctionIndex]
    private var plan: IntegrationPlan

    static func resolve(
        _ manifest: Manifest?, of module: Module, library: LibraryPlan,
        host: IntegrationPlan.Host, name: String
    ) throws(ManifestError) -> IntegrationPlan {
        var resolver = IntegrationResolver(
            manifest ?? Manifest(), module,
            IntegrationPlan(host: host, name: name))
        try resolver.resolveImports(library)
        try resolver.resolveModule()
        if let manifest {
            for function in manifest.functions {
                let resolved = try resolver.resolve(function)
                resolver.plan.functions.append(resolved)
            }
        } else {
            resolver.plan.functions = resolver.numericFunctions()
        }
        guard !resolver.plan.functions.isEmpty else {
            throw ManifestError(
                line: 1, message: "there are no functions",
                remedy: manifest == nil
                    ? "the module exports no functions of numbers: describe others in a manifest,"
                        + " with --manifest"
                    : "declare some, with function, aggregate or table")
        }
        return resolver.plan
    }

    private init(_ manifest: Manifest, _ module: Module, _ plan: IntegrationPlan) {
        self.manifest = manifest
        self.module = module
        self.plan = plan
        let functions = module.exports.lazy.filter { $0.kind == .function }
        exports = Dictionary(functions.map { ($0.name, $0.index) }) { first, _ in first }
    }

    // The module -----------------------------------------------------------------------------

    private mutating func resolveImports(_ library: LibraryPlan) throws(ManifestError) {
        guard library.globalImports.isEmpty else {
            throw ManifestError(
                line: 1, message: "the module imports globals, which nobody provides",
                remedy: "link it with what provides them first")
        }
        for item in library.orderedImports {
            let role = manifest.imports.first { $0.module == item.module && $0.name == item.name }
            let name = "\(item.module).\(item.name)".printable
            guard let role else {
                throw ManifestError(
                    line: 1, message: "nobody provides the import \(name)",
                    remedy: "say what it does with a line such as"
                        + " import \"\(item.module.printable)\" \"\(item.name.printable)\" = trap")
            }
            let isText = item.type.parameters == [.i32, .i32] && item.type.results.isEmpty
            guard role.role == .trap || isText else {
                throw ManifestError(
                    line: role.line, message: "\(name) has the type \(item.type)",
                    remedy:
                        "notice and error are functions of a pointer and a length, (i32, i32) -> ()"
                )
            }
            plan.importRoles.append(role.role)
        }
        let known = Set(library.orderedImports.map { [$0.module, $0.name] })
        if let unknown = manifest.imports.first(where: { !known.contains([$0.module, $0.name]) }) {
            throw ManifestError(
                line: unknown.line,
                message: "the module has no such import, or it is one of WASI's",
                remedy: "smelt inspect lists the imports; leave this line out")
        }
    }

    private mutating func resolveModule() throws(ManifestError) {
        if let size = manifest.maximumMemory { plan.maximumMemory = size }
        if let size = manifest.stackSize { plan.stackSize = size }
        if let deadline = manifest.deadline {
            try require(
                plan.host != .postgresql, manifest.deadlineLine, "a deadline",
                "SQLite and Python need; PostgreSQL has its statement_timeout: leave this line out")
            plan.deadline = deadline
        }
        plan.reusesBuffers = manifest.reusesBuffers
        let exported = module.exports.first { $0.kind == .memory && $0.name == "memory" }?.index
        let memory = exported ?? (module.memories.count == 1 ? 0 : nil)
        if let memory, module.memories[Int(memory)].addressType == .i32 { plan.memory = memory }
        if let call = manifest.allocate {
            plan.allocate = try CallResolver(self, call, words: ["size": .blockLength]).resolve()
            try require(
                plan.allocate?.result == .i32, call.line, "allocate", "returns a pointer, an i32")
        }
        if let call = manifest.release {
            plan.release = try CallResolver(self, call, words: Self.blockWords).resolve()
        }
        for call in manifest.starts {
            let start = try CallResolver(self, call, words: [:]).resolve()
            plan.starts.append(start)
        }
    }

    static let blockWords: [String: IntegrationPlan.Source] = [
        "pointer": .blockPointer, "length": .blockLength,
    ]

    private func require(
        _ condition: Bool, _ line: Int, _ what: String, _ rule: String
    ) throws(ManifestError) {
        guard condition else {
            throw ManifestError(
                line: line, message: "the function cannot be used for \(what)",
                remedy: "\(what) is a function that \(rule)")
        }
    }

    // Without a manifest ---------------------------------------------------------------------

    /// Every exported function of numbers with one result, under its own name if it can be one.
    private func numericFunctions() -> [IntegrationPlan.Function] {
        let types: [WasmTypes.ValueType: IntegrationPlan.ValueType.Element] = [
            .i32: .integer, .i64: .bigint, .f32: .real, .f64: .float,
        ]
        return module.exports.compactMap { export in
            let isName =
                export.name.utf8.count <= 48 && export.name.first?.isLetter == true
                && export.name.allSatisfy {
                    $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_")
                }
            guard export.kind == .function, isName, let type = module.functionType(export.index),
                let result = type.results.first, let element = types[result],
                type.results.count == 1, type.parameters.allSatisfy({ types[$0] != nil }),
                type.parameters.count <= 32
            else { return nil }
            let arguments = type.parameters.enumerated().map { index, type in
                ("p\(index)", IntegrationPlan.ValueType(types[type]!))
            }
            let passes = type.parameters.enumerated().map { index, type in
                (IntegrationPlan.Source.number(index), type)
            }
            let call = IntegrationPlan.Call(
                function: export.index, name: export.name, passes: passes, literals: [],
                result: result)
            var function = IntegrationPlan.Function(
                .scalar, name: export.name, arguments: arguments, main: call)
            function.returned = .init(type: .init(element))
            return function
        }
    }

    // Functions ------------------------------------------------------------------------------

    private func resolve(
        _ declared: Manifest.Declaration
    ) throws(ManifestError) -> IntegrationPlan.Function {
        try checkHost(declared)
        let needed: [IntegrationPlan.Function.Kind: [String]] = [
            .scalar: ["main"], .aggregate: ["step", "final"], .table: ["open", "next"],
        ]
        for clause in needed[declared.kind]! where declared.calls[clause] == nil {
            throw ManifestError(
                line: declared.line, message: "'\(declared.name)' has no \(clause)",
                remedy: "say which function that is in an indented line: \(clause) FUNCTION(...)")
        }
        let state = try stateType(of: declared)
        func call(
            _ clause: String, arguments: Bool = false
        ) throws(ManifestError) -> IntegrationPlan.Call? {
            guard let call = declared.calls[clause] else { return nil }
            var resolver = CallResolver(self, call, words: [:])
            resolver.state = clause == "begin" || clause == "open" ? nil : state
            if arguments { resolver.arguments = declared.arguments }
            resolver.hasResultArea =
                declared.result.form == .buffer && ["main", "final"].contains(clause)
            return try resolver.resolve()
        }
        let first =
            declared.kind == .scalar ? "main" : declared.kind == .aggregate ? "step" : "open"
        var main = try call(first, arguments: true)!
        main.given = try given(declared)
        main.status = declared.status
        var function = IntegrationPlan.Function(
            declared.kind, name: declared.name, arguments: declared.arguments, main: main)
        function.volatility = declared.volatility
        function.isCalledOnNull = declared.isCalledOnNull
        function.releasesLock = declared.releasesLock
        function.begin = try call("begin")
        function.finish = try call("final")
        function.next = try call("next")
        function.drop = try call(declared.kind == .table ? "close" : "drop")
        try check(function, declared, state)
        if let type = declared.type {
            function.returned = try resolve(
                declared.result, type, of: function.finish ?? main,
                hasStatus: declared.status != nil)
        }
        for column in declared.columns {
            guard let syntax = column.call else {
                throw ManifestError(
                    line: declared.line, message: "the column '\(column.name)' has no function",
                    remedy: "add an indented line: column \(column.name) = FUNCTION(state)")
            }
            var resolver = CallResolver(self, syntax, words: [:])
            resolver.state = state
            resolver.hasResultArea = column.result.form == .buffer
            let call = try resolver.resolve()
            let returned = try resolve(column.result, column.type, of: call, hasStatus: false)
            function.columns.append(.init(name: column.name, call: call, returned: returned))
        }
        return function
    }

    private func checkHost(_ declared: Manifest.Declaration) throws(ManifestError) {
        let types =
            declared.arguments.map(\.type) + declared.columns.map(\.type)
            + [declared.type].compactMap(\.self)
        if plan.host == .sqlite, types.contains(where: \.isArray) {
            throw ManifestError(
                line: declared.line, message: "SQLite has no arrays",
                remedy: "pass the elements as bytes")
        }
        if plan.host == .python, declared.kind != .scalar {
            throw ManifestError(
                line: declared.line, message: "Python has no aggregates and tables",
                remedy: "declare functions")
        }
    }

    /// The type of what is kept between calls: that of the parameters that get it.
    private func stateType(
        of declared: Manifest.Declaration
    ) throws(ManifestError) -> WasmTypes.ValueType? {
        guard declared.kind != .scalar else { return nil }
        for call in declared.calls.values.sorted(by: { $0.line < $1.line }) {
            for (index, operand) in call.operands.enumerated() {
                if case .name("state", nil) = operand,
                    let type = exports[call.export].flatMap({
                        module.functionType($0)
                    }), index < type.parameters.count
                {
                    return type.parameters[index]
                }
            }
        }
        throw ManifestError(
            line: declared.line, message: "'\(declared.name)' passes its state to nobody",
            remedy: "pass it on: step FUNCTION(state, ...)")
    }

    private func check(
        _ function: IntegrationPlan.Function, _ declared: Manifest.Declaration,
        _ state: WasmTypes.ValueType?
    ) throws(ManifestError) {
        let line = declared.line
        if let begin = function.begin {
            try require(begin.result == state, line, "begin", "returns the state")
        }
        if function.kind == .aggregate, let result = function.main.result {
            try require(result == state, line, "step", "returns the new state, or nothing")
        }
        if function.kind == .table {
            try require(function.main.result == state, line, "open", "returns the state")
            try require(
                function.next?.result == .i32, line, "next",
                "returns an i32, which is 0 behind the last row")
        }
        if function.main.status != nil {
            try require(
                [.i32, .i64].contains(function.main.result), line, "a status",
                "returns an i32 or i64")
        }
    }

    /// The arguments that the guest releases.
    private func given(_ declared: Manifest.Declaration) throws(ManifestError) -> Set<Int> {
        var given: Set<Int> = []
        for name in declared.given {
            guard let index = declared.arguments.firstIndex(where: { $0.name == name }),
                declared.arguments[index].type.isInMemory
            else {
                throw ManifestError(
                    line: declared.line, message: "'\(name)' is no argument in memory",
                    remedy: "gives is about texts, bytes and arrays, by the argument's name")
            }
            given.insert(index)
        }
        return given
    }

    // Results --------------------------------------------------------------------------------

    private func resolve(
        _ result: Manifest.Outcome, _ type: IntegrationPlan.ValueType,
        of call: IntegrationPlan.Call, hasStatus: Bool
    ) throws(ManifestError) -> IntegrationPlan.Returned {
        let line = result.line
        let form = result.form ?? .value
        guard type.isInMemory == (form != .value) else {
            throw ManifestError(
                line: line,
                message: type.isInMemory
                    ? "it is not said where the result is" : "the result is a number",
                remedy: type.isInMemory
                    ? "add an indented line: result packed pointer length, or another form"
                    : "leave the form of the result out")
        }
        var returned = IntegrationPlan.Returned(type: type, form: form)
        returned.capacity = result.capacity
        returned.nullValue = result.nullValue
        let expected: WasmTypes.ValueType?
        switch form {
        case .value: expected = CallResolver.word(for: type.element)
        case .packedPointerLength, .packedLengthPointer: expected = .i64
        case .calls: expected = hasStatus ? call.result : nil
        case .pair, .area, .terminated, .prefixed, .buffer: expected = .i32
        }
        let results = module.functionType(call.function)?.results ?? []
        let count = form == .pair ? 2 : 1
        guard form == .calls || results.count == count && results.allSatisfy({ $0 == expected })
        else {
            throw ManifestError(
                line: line,
                message:
                    "'\(call.name.printable)' returns (\(results.map { "\($0)" }.joined(separator: ", ")))",
                remedy:
                    "this result is \(count == 2 ? "two i32" : "one \(expected.map { "\($0)" } ?? "")")"
            )
        }
        if form != .value { try requireMemory(line) }
        if let pointer = result.pointerCall, let length = result.lengthCall {
            returned.pointerCall = try CallResolver(self, pointer, words: [:]).resolve()
            returned.lengthCall = try CallResolver(self, length, words: [:]).resolve()
            try require(
                returned.pointerCall?.result == .i32 && returned.lengthCall?.result == .i32, line,
                "a result by calls", "returns an i32")
        }
        if result.isReleased {
            try require(type.isInMemory, line, "release result", "is about texts, bytes and arrays")
            returned.release =
                try result.release.map { call throws(ManifestError) in
                    try CallResolver(self, call, words: Self.blockWords).resolve()
                } ?? plan.release
            try require(
                returned.release != nil, line, "release result",
                "release FUNCTION(pointer) declares")
        }
        return returned
    }

    // For calls ------------------------------------------------------------------------------

    func requireMemory(_ line: Int) throws(ManifestError) {
        guard plan.memory != nil else {
            throw ManifestError(
                line: line, message: "the module has no memory that pointers could be into",
                remedy:
                    "a memory with addresses of 32 bits is needed, exported as \"memory\" if there"
                    + " are several")
        }
    }

    func requireAllocator(_ line: Int) throws(ManifestError) {
        try requireMemory(line)
        guard manifest.allocate != nil else {
            throw ManifestError(
                line: line, message: "there is nothing to get memory of the guest with",
                remedy: "say which function allocates: allocate malloc(size)")
        }
    }

    func function(
        _ call: Manifest.Call
    ) throws(ManifestError) -> (index: FunctionIndex, type: FunctionType) {
        if let index = exports[call.export], let type = module.functionType(index) {
            return (index, type)
        }
        let near = Spelling.nearest(to: call.export, among: exports.keys)
        throw ManifestError(
            line: call.line, message: "the module exports no function '\(call.export.printable)'",
            remedy: near.map { "did you mean \($0.printable)?" }
                ?? "smelt inspect lists its exports")
    }
}
