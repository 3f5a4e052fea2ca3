// The names of compiled functions for backtraces: a table that the program carries along, since a
// stripped executable has no symbols and a sandboxed one could not read its own file.

internal import LLVMKit
internal import Optimization
internal import TargetModel
internal import WasmTypes

/// Adds a `smelt_symbol` for every function of a unit, without a name for those that are not the
/// module's.
struct SymbolTable {
    let unit: CodegenUnit
    let functionNames: ProgramNames

    init(unit: CodegenUnit) {
        self.unit = unit
        functionNames = unit.program.functionNames
    }

    private func name(of symbol: String) -> String {
        let isInner = symbol.hasSuffix(StackLimits.innerSuffix)
        let outer = isInner ? String(symbol.dropLast(StackLimits.innerSuffix.count)) : symbol
        return functionNames.display(ofSymbol: outer) ?? ""
    }

    /// The body of an export has the name of its function if that has become a part of it, and none if
    /// it calls it.
    private func name(of symbol: String, _ function: IRFunction) -> String {
        guard let suffix = symbol.firstRange(of: LibraryInterface.bodySuffix),
            unit.program.form.library != nil
        else { return name(of: symbol) }
        let inner = String(symbol[..<suffix.lowerBound])
        let calls = function.blocks.flatMap(\.instructions).contains {
            $0.calledFunction?.value.name == inner
        }
        return calls ? "" : name(of: inner)
    }

    /// The functions that are left, with their instructions.
    var functionSizes: [CompiledUnit.FunctionSize] {
        zip(unit.ir.definedFunctions, unit.ir.functionDefinitions).map { named, function in
            CompiledUnit.FunctionSize(
                name: name(of: named.name),
                instructions: function.blocks.reduce(0) { $0 + $1.instructions.count })
        }
    }

    /// Runs after all passes, so that functions that were inlined everywhere have no entry. An
    /// entry goes with its function when the linker drops that.
    func define() {
        let types = unit.types
        for (defined, (symbol, function)) in zip(
            unit.ir.functionDefinitions, unit.ir.definedFunctions)
        where defined.section != LibraryInterface.section {
            let name = unit.ir.addString(name(of: symbol, defined))
            let entry = unit.ir.addGlobal(
                "", type: types.structure([types.i32, types.i32]), linkage: .private,
                isConstant: true)
            // Offsets from the fields themselves, so that nothing needs to be relocated.
            func offset(to target: IRValue, from field: IRValue) -> IRValue {
                target.constantPointerToInteger(types.i64)
                    .constantSubtract(field.constantPointerToInteger(types.i64))
                    .constantTruncate(types.i32)
            }
            entry.setInitializer(
                types.constantStructure([
                    offset(to: function, from: entry.value),
                    offset(to: name, from: entry.value.constantOffset(4, in: types)),
                ]))
            entry.setSection("smelt_symbols")
            entry.setAlignment(4)
            unit.ir.setAssociated(entry, with: function)
        }
    }

    // Readable forms -------------------------------------------------------------------------

    /// The functions that are left and have a name, by symbol.
    private var names: [(symbol: String, name: String)] {
        unit.ir.definedFunctions.compactMap { symbol, _ in
            functionNames.tableName(ofSymbol: symbol).map { (symbol, $0) }
        }
    }

    /// Says in metadata that nothing interprets, `!smelt.functions`, which symbol is which function.
    func describeInMetadata() {
        for (symbol, name) in names {
            unit.ir.metadata.append(words: [symbol, name], to: "smelt.functions", of: unit.ir)
        }
    }

    /// The same as comments of an assembler. A quotation mark ends each, so that no name can end in
    /// what continues a line.
    func comments() -> [UInt8] {
        let mark = unit.target.architecture == .aarch64 ? "//" : "#"
        return names.flatMap { Array("\(mark) \($0.symbol) is \"\($0.name)\"\n".utf8) }
    }
}
