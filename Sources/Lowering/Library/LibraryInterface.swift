// What programs in C see of a library: a function for each exported function and for what can be asked
// of memories, tables and globals, and those that make and free instances.
//
// A call from C puts its arguments into an array of values, and hands that to the runtime together with
// a body: a function that takes them out again and calls the guest. So the runtime has one way into the
// guest, whatever the types are.
//
// sandbox: rests on `LibraryPlan` for the layout of imports, on arrays of values having room for the
// arguments and for the results, and on `ReferenceCheck` for what the host hands in. No text of the module
// takes part in linking with the runtime: the names in C are given behind that.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes
internal import WasmValidation

/// Defines the functions of a library.
struct LibraryInterface {
    let unit: UnitLowering
    let library: LibraryPlan

    private var types: IRTypes { unit.types }
    private var module: Module { unit.module }
    private var builder: IRBuilder { unit.builder }
    private let layout: DynamicLayout

    /// Where the functions are that others call. They are not the guest's, and not in its backtraces.
    static let section = ".text.smelt_library"

    /// What the symbols of bodies have behind those of the functions that they call.
    static let bodySuffix = ".body"

    /// Values cross the border in slots of this many bytes: union smelt_value.
    private static let valueSize = MemoryLayout<smelt_value>.size

    init(unit: UnitLowering, _ library: LibraryPlan) {
        self.unit = unit
        self.library = library
        layout = DynamicLayout(
            unit.module, unit.program.borrowed, argumentBytes: unit.codegen.argumentAreaSize)
    }

    func define() throws(ModuleError) {
        if module.types.contains(where: { !$0.isFinal }) { defineTypeHierarchy() }
        let description = describe(try ModuleDescription(unit: unit, name: library.prefix).define())
        defineNew(description)
        forward("free", to: "smelt_library_free", returning: types.i32)
        forward("reset", to: "smelt_library_reset", returning: types.i32)
        forward("error", to: "smelt_library_error", returning: types.pointer)
        for (number, export) in library.functions.enumerated() { defineCall(export, number) }
        for export in library.memories { defineMemory(export) }
        for export in library.tables { defineTable(export) }
        for export in library.globals { defineGlobal(export) }
    }

    private func defineTypeHierarchy() {
        let parents = types.i32.constantArray(
            unit.program.types.parents.map { types.i32.constant(UInt64($0)) })
        _ = unit.ir.addGlobal(
            "smelt_type_parents", type: parents.type, linkage: .hidden, initializer: parents,
            isConstant: true)
    }

    // The description ------------------------------------------------------------------------

    /// `struct smelt_library_module`.
    private func describe(_ description: IRValue) -> IRValue {
        let imports = library.orderedImports.map { item in
            types.constantStructure([
                unit.ir.addString(item.module.printable), unit.ir.addString(item.name.printable),
            ])
        }
        let globals = library.globalImports.map { item in
            types.constantStructure([
                types.i32.constant(UInt64(item.index)), types.i32.constant(item.offset),
                types.i32.constant(item.type.valueType.sizeInC),
            ])
        }
        let first = [module.start?.function, library.initialize].compactMap(\.self)
        let start = first.isEmpty ? nil : defineBody(first, FunctionType(), 0).value
        let value = types.constantStructure([
            description, types.i64.constant(library.importsSize),
            types.i32.constant(imports.count), types.i32.constant(globals.count),
            constantArray(imports), constantArray(globals), start ?? types.pointer.zero,
            wasi, types.i32.constant(exportedMemory), types.i32.zero, image,
        ])
        return unit.ir.addGlobal(
            "smelt_library", type: value.type, linkage: .internal, initializer: value,
            isConstant: true
        ).value
    }

    /// What brings the runtime's part for WASI, if the module has imports from it.
    private var wasi: IRValue {
        if library.hostFunctions.isEmpty { return types.pointer.zero }
        return unit.ir.addGlobal(
            "smelt_library_wasi", type: types.pointer.array(0), linkage: .hidden
        ).value
    }

    /// `struct smelt_library_image`, zeros at first.
    private var image: IRValue {
        guard library.hasMemoryImage else { return types.pointer.zero }
        let type = types.i64.array(MemoryLayout<smelt_library_image>.size / 8)
        return unit.ir.addGlobal(
            "smelt_library_image", type: type, linkage: .internal, initializer: type.zero
        ).value
    }

    /// The memory that functions of WASI work on, by its rules the export `memory`.
    private var exportedMemory: UInt64 {
        library.memories.first { $0.name == "memory" }.map { UInt64($0.index) }
            ?? UInt64(UInt32.max)
    }

    private func constantArray(_ elements: [IRValue]) -> IRValue {
        guard let first = elements.first else { return types.pointer.zero }
        let array = first.type.constantArray(elements)
        return unit.ir.addGlobal(
            "", type: array.type, linkage: .private, initializer: array, isConstant: true
        ).value
    }

    // Functions ------------------------------------------------------------------------------

    /// Begins a function that programs in C call.
    private func begin(_ name: String, _ parameters: [IRType], returning result: IRType)
        -> IRFunction
    {
        let function = unit.ir.addFunction(
            LibraryPlan.placeholder + name, type: types.function(parameters, returning: result),
            convention: .c, linkage: .external)
        unit.ir.addAttribute("nounwind", to: function)
        if unit.options.hasBacktraces { unit.ir.addAttribute("uwtable", value: 2, to: function) }
        unit.ir.addAttribute(string: "target-cpu", unit.options.cpu, to: function)
        if !unit.options.features.isEmpty {
            unit.ir.addAttribute(string: "target-features", unit.options.features, to: function)
        }
        function.setSection(Self.section)
        builder.position(atEndOf: builder.addBlock("entry", to: function))
        return function
    }

    private func runtime(
        _ name: String, _ parameters: [IRType], returning result: IRType
    ) -> IRFunction {
        unit.ir.runtimeFunction(name, type: types.function(parameters, returning: result))
    }

    /// `NAME *prefix_new(const struct prefix_imports *, const smelt_options *, smelt_error *)`.
    private func defineNew(_ description: IRValue) {
        let pointer = types.pointer
        let function = begin("new", [pointer, pointer, pointer], returning: pointer)
        let result = builder.alloca(pointer)
        let make = runtime(
            "smelt_library_new", [pointer, pointer, pointer, pointer, pointer],
            returning: types.i32)
        _ = builder.call(
            make, [description] + (0..<3).map(function.parameter) + [result])
        builder.return(builder.load(pointer, from: result, alignment: 8))
    }

    /// A function of an instance that is the runtime's.
    private func forward(_ name: String, to symbol: String, returning result: IRType) {
        let function = begin(name, [types.pointer], returning: result)
        builder.return(
            builder.call(
                runtime(symbol, [types.pointer], returning: result), [function.parameter(0)]))
    }

    /// Arguments as C hands them over: vectors by their address.
    private func inC(_ type: ValueType) -> IRType {
        type == .v128 ? types.pointer : unit.lower(type)
    }

    private func slot(_ index: Int, of values: IRValue) -> IRValue {
        builder.byteOffset(values, types.i64.constant(Self.valueSize * index))
    }

    /// `enum smelt_status prefix_name(NAME *, arguments..., results *...)`.
    private func defineCall(_ export: LibraryPlan.Exported, _ number: Int) {
        let type = module.functionType(export.index)!
        let body = defineBody([export.index], type, 1 + number)
        let parameters = type.parameters.map(inC)
        let function = begin(
            export.identifier,
            [types.pointer] + parameters + type.results.map { _ in types.pointer },
            returning: types.i32)
        let count = max(type.parameters.count, type.results.count)
        let values = builder.alloca(types.v128.array(max(1, count)))
        for (index, parameter) in type.parameters.enumerated() {
            var argument = function.parameter(1 + index)
            if parameter == .v128 {
                argument = builder.load(types.v128, from: argument, alignment: 1)
            }
            builder.store(argument, to: slot(index, of: values), alignment: 8)
        }
        let call = runtime(
            "smelt_library_call", [types.pointer, types.pointer, types.pointer],
            returning: types.i32)
        let status = builder.call(call, [function.parameter(0), body.value, values])
        if !type.results.isEmpty {
            let (success, end) = (
                builder.addBlock("success", to: function), builder.addBlock("end", to: function)
            )
            builder.branch(
                if: builder.icmp(.eq, status, types.i32.zero), then: success, else: end)
            builder.position(atEndOf: success)
            for (index, result) in type.results.enumerated() {
                let place = function.parameter(1 + parameters.count + index)
                builder.store(
                    builder.load(unit.lower(result), from: slot(index, of: values), alignment: 8),
                    to: place, alignment: result == .v128 ? 1 : result.sizeInC)
            }
            builder.branch(to: end)
            builder.position(atEndOf: end)
        }
        builder.return(status)
    }

    /// `smelt_library_body`: guest code, which calls functions of the guest, or several without parameters
    /// and results.
    private func defineBody(
        _ indices: [FunctionIndex], _ type: FunctionType, _ number: Int
    ) -> IRFunction {
        let index = indices.last!
        let position = builder.savePosition()
        defer { builder.restorePosition(position) }
        let function = unit.ir.addFunction(
            unit.names.symbol(of: index) + Self.bodySuffix + "\(number)",
            type: types.function([types.pointer, types.pointer], returning: types.void),
            convention: .c, linkage: .internal)
        unit.codegen.addGuestAttributes(to: function, mayThrow: false)
        function.setSection("\(SMELT_SECTION_CODE).body.\(number)")
        builder.position(atEndOf: builder.addBlock("entry", to: function))
        unit.instance.enter(function)
        let values = function.parameter(1)
        let signature = unit.signature(type)
        let area = signature.usesResultArea ? builder.alloca(signature.results) : nil
        let arguments = type.parameters.enumerated().map { position, parameter in
            let value = builder.load(
                unit.lower(parameter), from: slot(position, of: values), alignment: 8)
            ReferenceCheck(unit: unit).require(
                value, parameter, instance: function.parameter(0), in: function)
            return value
        }
        for before in indices.dropLast() {
            _ = builder.call(
                unit.function(before).value, type: signature.type,
                convention: unit.program.convention, unit.instance.leadingArguments())
        }
        let result = builder.call(
            unit.function(index).value, type: signature.type, convention: unit.program.convention,
            signature.pass(
                arguments, leading: unit.instance.leadingArguments(), resultArea: area, in: unit))
        let results =
            area.map { signature.loadResults(from: $0, in: unit) }
            ?? type.results.indices.map {
                type.results.count == 1 ? result : builder.extractValue(result, $0)
            }
        for (position, value) in results.enumerated() {
            builder.store(value, to: slot(position, of: values), alignment: 8)
        }
        builder.returnVoid()
        return function
    }

    // State ----------------------------------------------------------------------------------

    private func loadPointer(_ instance: IRValue, _ offset: Int) -> IRValue {
        builder.load(
            types.pointer, from: builder.byteOffset(instance, types.i64.constant(offset)),
            alignment: 8)
    }

    private func loadSize(_ descriptor: IRValue, _ offset: Int) -> IRValue {
        builder.load(
            types.i64, from: builder.byteOffset(descriptor, types.i64.constant(offset)),
            alignment: 8)
    }

    private func defineMemory(_ export: LibraryPlan.Exported) {
        let (pointer, i64) = (types.pointer, types.i64)
        let data = begin("\(export.identifier)_data", [pointer], returning: pointer)
        builder.return(loadPointer(data.parameter(0), layout.memoryBase(export.index)))
        let size = begin("\(export.identifier)_size", [pointer], returning: i64)
        builder.return(
            loadSize(
                loadPointer(size.parameter(0), layout.memory(export.index)),
                RuntimeLayouts.memoryByteSize))
        let grow = begin(
            "\(export.identifier)_grow", [pointer, i64, pointer], returning: types.i32)
        builder.return(
            builder.call(
                runtime(
                    "smelt_library_memory_grow", [pointer, i64, pointer], returning: types.i32),
                [
                    loadPointer(grow.parameter(0), layout.memory(export.index)), grow.parameter(1),
                    grow.parameter(2),
                ]))
    }

    private func defineTable(_ export: LibraryPlan.Exported) {
        let size = begin("\(export.identifier)_size", [types.pointer], returning: types.i64)
        builder.return(
            loadSize(
                loadPointer(size.parameter(0), layout.table(export.index)),
                RuntimeLayouts.tableSize))
    }

    private func defineGlobal(_ export: LibraryPlan.Exported) {
        let type = module.globals[Int(export.index)]
        let slot = layout.global(export.index)
        let isVector = type.valueType == .v128
        let value = unit.lower(type.valueType)
        let parameters = [types.pointer] + (isVector ? [types.pointer] : [])
        let get = begin(
            "\(export.identifier)_get", parameters, returning: isVector ? types.void : value)
        let current = builder.load(value, from: loadPointer(get.parameter(0), slot), alignment: 4)
        if isVector {
            builder.store(current, to: get.parameter(1), alignment: 1)
            builder.returnVoid()
        } else {
            builder.return(current)
        }
        guard type.isMutable else { return }
        let set = begin(
            "\(export.identifier)_set", [types.pointer, inC(type.valueType)],
            returning: type.valueType.isReference ? types.i32 : types.void)
        var new = set.parameter(1)
        if isVector { new = builder.load(types.v128, from: new, alignment: 1) }
        guard case .reference(let reference) = type.valueType else {
            builder.store(new, to: loadPointer(set.parameter(0), slot), alignment: 4)
            builder.returnVoid()
            return
        }
        let check = ReferenceCheck(unit: unit)
        if let isRight = check.isRight(new, reference, instance: set.parameter(0)) {
            let wrong = builder.addBlock("wrong", to: set)
            let next = builder.addBlock("", to: set)
            builder.branch(if: isRight, then: next, else: wrong)
            builder.position(atEndOf: wrong)
            builder.return(types.i32.constant(UInt64(SMELT_BAD_ARGUMENT.rawValue)))
            builder.position(atEndOf: next)
        }
        builder.store(new, to: loadPointer(set.parameter(0), slot), alignment: 4)
        builder.return(types.i32.zero)
    }
}
