// The exported functions of an object as C functions: `smelt_export$$add` for the export `add`, spelled as
// `ImportSymbol` spells imports. Who links an object of a module without `_start` calls them once
// `smelt_program.start` has returned.

internal import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

/// Defines a function for every exported function of the program's own instance.
struct ExportSymbols {
    let unit: CodegenUnit

    private var types: IRTypes { unit.types }
    private var builder: IRBuilder { unit.builder }

    func define() {
        let lowering = unit.main
        for export in lowering.module.exports where export.kind == .function {
            define(
                ImportSymbol.exportName(export.name), lowering.function(export.index),
                lowering.module.functionType(export.index)!)
        }
    }

    /// Parameters are those of the WebAssembly function. One result is returned; several are left in an
    /// array of `union smelt_value`, whose address is the last argument.
    private func define(_ symbol: String, _ callee: IRFunction, _ type: FunctionType) {
        let isArray = type.results.count > 1
        let parameters = type.parameters.map(unit.main.lower)
        let result =
            isArray ? types.void : type.results.first.map(unit.main.lower) ?? types.void
        let function = unit.ir.addFunction(
            symbol,
            type: types.function(
                parameters + (isArray ? [types.pointer] : []), returning: result),
            convention: .c, linkage: .external)
        unit.addGuestAttributes(to: function, mayThrow: unit.program.hasExceptions)
        function.setSection("\(SMELT_SECTION_CODE).export")
        builder.position(atEndOf: builder.addBlock("entry", to: function))
        let signature = unit.main.signature(type)
        let area = signature.usesResultArea ? builder.alloca(signature.results) : nil
        let value = builder.call(
            callee.value, type: signature.type, convention: unit.program.convention,
            signature.pass(
                parameters.indices.map(function.parameter),
                leading: unit.main.instance.leadingArguments(), resultArea: area, in: unit.main))
        guard isArray else {
            if type.results.isEmpty { builder.returnVoid() } else { builder.return(value) }
            return
        }
        let results =
            area.map { signature.loadResults(from: $0, in: unit.main) }
            ?? type.results.indices.map { builder.extractValue(value, $0) }
        let slot = MemoryLayout<smelt_value>.size
        for (index, value) in results.enumerated() {
            let place = builder.byteOffset(
                function.parameter(parameters.count), types.i64.constant(slot * index))
            builder.store(value, to: place, alignment: 8)
        }
        builder.returnVoid()
    }
}
