// The table by which the glue of a database or an interpreter knows a library's functions, and the
// functions that such a program looks up by their names, which hand the table on to the glue.
//
// sandbox: rests on `IntegrationPlan` fitting the module: the glue leaves as many values for a call as the
// plan says that its function has parameters.

internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// Defines what Integrations/common/table.h describes.
struct IntegrationTable {
    let unit: UnitLowering
    let plan: IntegrationPlan
    /// The description of the library.
    let library: IRValue
    /// The body by which the glue calls a function.
    let body: (FunctionIndex) -> IRValue

    private var types: IRTypes { unit.types }
    private var builder: IRBuilder { unit.builder }

    func define() {
        let functions = array(plan.functions.map(describe))
        let roles = types.constantBytes(plan.importRoles.map(\.rawValue))
        let table = global(
            types.constantStructure([
                library, text(plan.name), functions, array(plan.starts.map(describe)),
                pointer(plan.allocate), pointer(plan.release), global(roles),
                types.i64.constant(plan.maximumMemory), types.i64.constant(plan.stackSize),
                types.i64.constant(plan.deadline),
                number(plan.functions.count), number(plan.starts.count),
                types.i32.constant(UInt64(plan.memory ?? UInt32.max)),
                number(plan.reusesBuffers ? 1 : 0),
            ]))
        switch plan.host {
        case .sqlite:
            forward(
                "sqlite3_extension_init", to: "smelt_sqlite_init", parameters: 3,
                returning: types.i32, table)
        case .python:
            forward(
                "PyInit_\(plan.name)", to: "smelt_python_init", parameters: 0,
                returning: types.pointer, table)
        case .postgresql: definePostgreSQL(functions, table)
        }
    }

    /// A function that calls one of the glue's with its own parameters, pointers, and one more.
    private func forward(
        _ name: String, to glue: String, parameters count: Int, returning result: IRType,
        _ more: IRValue...
    ) {
        let parameters = Array(repeating: types.pointer, count: count)
        let function = unit.ir.addFunction(
            LibraryPlan.placeholder + name, type: types.function(parameters, returning: result),
            convention: .c,
            linkage: .external)
        unit.ir.addAttribute("uwtable", value: 2, to: function)
        unit.ir.addAttribute(string: "target-cpu", unit.options.cpu, to: function)
        function.setSection(LibraryInterface.section)
        builder.position(atEndOf: builder.addBlock("entry", to: function))
        // What the host raises goes through.
        let callee = unit.ir.runtimeFunction(
            glue, type: types.function(parameters + more.map(\.type), returning: result),
            mayThrow: true)
        builder.return(builder.call(callee, (0..<count).map(function.parameter) + more))
    }

    /// For each function `Datum name(FunctionCallInfo)` and what says that it is called so.
    private func definePostgreSQL(_ functions: IRValue, _ table: IRValue) {
        forward(
            "Pg_magic_func", to: "smelt_postgresql_magic", parameters: 0, returning: types.pointer)
        let size = 8 * Self.functionWords
        for (index, function) in plan.functions.enumerated() {
            let description = functions.constantOffset(index * size, in: types)
            let glue =
                switch function.kind {
                case .scalar: ["smelt_postgresql_call"]
                case .aggregate: ["smelt_postgresql_step", "smelt_postgresql_final"]
                case .table: ["smelt_postgresql_rows"]
                }
            for (symbol, callee) in zip(IntegrationPlan.postgreSQLSymbols(of: function), glue) {
                forward(
                    symbol, to: callee, parameters: 1, returning: types.i64, description, table)
                forward(
                    "pg_finfo_\(symbol)", to: "smelt_postgresql_information", parameters: 0,
                    returning: types.pointer)
            }
        }
    }

    // Descriptions ---------------------------------------------------------------------------

    /// Words of 8 bytes in a struct glue_function.
    private static let functionWords = 12

    private func describe(_ function: IntegrationPlan.Function) -> IRValue {
        let arguments = function.arguments.map { argument in
            types.constantStructure([
                text(argument.name), number(Int(argument.type.element.rawValue)),
                number(argument.type.isArray ? 1 : 0),
            ])
        }
        let columns = function.columns.map { column in
            types.constantStructure([
                text(column.name), pointer(column.call), pointer(column.returned),
            ])
        }
        return types.constantStructure([
            text(function.name), array(arguments), pointer(function.main), pointer(function.begin),
            pointer(function.finish), pointer(function.next), pointer(function.drop),
            pointer(function.returned), array(columns),
            number(Int(function.kind.rawValue)), number(arguments.count), number(columns.count),
            number(Int(function.volatility.rawValue)),
            number((function.isCalledOnNull ? 1 : 0) | (function.releasesLock ? 2 : 0)),
            types.i32.zero,
        ])
    }

    private func describe(_ call: IntegrationPlan.Call) -> IRValue {
        var starts: [Int] = []
        var literals: [UInt8] = []
        for literal in call.literals {
            starts.append(literals.count)
            literals += literal + [0]
        }
        var (pointers, lengths) = (UInt64(), UInt64())
        for pass in call.passes {
            if case .pointer(let argument) = pass.source { pointers |= 1 << UInt64(argument) }
            if case .length(let argument) = pass.source { lengths |= 1 << UInt64(argument) }
        }
        let passes = call.passes.map { pass in
            let (source, value) = encode(pass.source, starts, call.literals)
            return types.constantStructure([
                number(source), number(Self.word(pass.type)), types.i64.constant(value),
            ])
        }
        return types.constantStructure([
            body(call.function), text(call.name), array(passes),
            literals.isEmpty ? types.pointer.zero : global(types.constantBytes(literals)),
            types.i64.constant(literals.count),
            types.i64.constant(call.given.reduce(UInt64()) { $0 | 1 << UInt64($1) }),
            types.i64.constant(pointers & ~lengths),
            types.i64.constant(UInt64(bitPattern: call.status?.value ?? 0)),
            number(passes.count), number(call.result.map(Self.word) ?? 0),
            number(call.status.map { $0.isInverted ? 2 : 1 } ?? 0),
            number(pointers != 0 ? 1 : 0),
        ])
    }

    private func encode(
        _ source: IntegrationPlan.Source, _ starts: [Int], _ literals: [[UInt8]]
    ) -> (Int, UInt64) {
        switch source {
        case .constant(let bits): (1, bits)
        case .number(let argument): (2, UInt64(argument))
        case .pointer(let argument): (3, UInt64(argument))
        case .length(let argument): (4, UInt64(argument))
        case .isNull(let argument): (5, UInt64(argument))
        case .state: (6, 0)
        case .resultPointer: (7, 0)
        case .resultCapacity: (8, 0)
        case .blockPointer: (9, 0)
        case .blockLength: (10, 0)
        case .literalPointer(let index): (11, UInt64(starts[index]))
        case .literalLength(let index): (1, UInt64(literals[index].count))
        }
    }

    private static func word(_ type: ValueType) -> Int {
        switch type {
        case .i32: 1
        case .i64: 2
        case .f32: 3
        case .f64: 4
        case .v128, .reference: 0
        }
    }

    private func describe(_ returned: IntegrationPlan.Returned) -> IRValue {
        types.constantStructure([
            pointer(returned.release), pointer(returned.pointerCall), pointer(returned.lengthCall),
            types.i64.constant(UInt64(bitPattern: returned.nullValue ?? 0)),
            number(Int(returned.type.element.rawValue)), number(returned.type.isArray ? 1 : 0),
            number(Int(returned.form.rawValue)), types.i32.constant(UInt64(returned.capacity)),
            number(returned.nullValue == nil ? 0 : 1), types.i32.zero,
        ])
    }

    // Constants ------------------------------------------------------------------------------

    private func number(_ value: Int) -> IRValue { types.i32.constant(value) }

    private func text(_ string: String) -> IRValue { unit.ir.addString(string) }

    private func global(_ value: IRValue) -> IRValue {
        unit.ir.addGlobal(
            "", type: value.type, linkage: .private, initializer: value, isConstant: true
        ).value
    }

    private func array(_ elements: [IRValue]) -> IRValue {
        guard let first = elements.first else { return types.pointer.zero }
        return global(first.type.constantArray(elements))
    }

    private func pointer(_ call: IntegrationPlan.Call?) -> IRValue {
        call.map { global(describe($0)) } ?? types.pointer.zero
    }

    private func pointer(_ returned: IntegrationPlan.Returned?) -> IRValue {
        returned.map { global(describe($0)) } ?? types.pointer.zero
    }
}
