// The names of compiled functions for backtraces: a table that the program carries along, since a
// stripped executable has no symbols and a sandboxed one could not read its own file.

internal import LLVMKit
internal import WasmTypes

/// Adds a `smelt_symbol` for every function of a unit, without a name for those that are not the
/// module's.
struct SymbolTable {
    let unit: UnitLowering

    /// LLVM makes copies of functions for some callers, with a suffix to their names.
    private func fallback(_ symbol: String) -> String {
        let prefix = unit.plan.symbolPrefix + "wasm."
        return symbol.hasPrefix(prefix) ? String(symbol.dropFirst(prefix.count)) : ""
    }

    /// The names of the module's functions, by symbol.
    private var displayNames: [String: String] {
        var names: [String: String] = [:]
        for (index, _) in unit.knownFunctions {
            let symbol = unit.plan.symbolPrefix + unit.names.symbol(of: index)
            names[symbol] = unit.names.display(index)
        }
        return names
    }

    /// The functions that are left, with their instructions.
    var functionSizes: [CompiledUnit.FunctionSize] {
        let displayNames = displayNames
        return zip(unit.ir.definedFunctions, unit.ir.functionDefinitions).map { named, function in
            CompiledUnit.FunctionSize(
                name: displayNames[named.name] ?? fallback(named.name),
                instructions: function.blocks.reduce(0) { $0 + $1.instructions.count })
        }
    }

    /// Runs after all passes, so that functions that were inlined everywhere have no entry. An
    /// entry goes with its function when the linker drops that.
    func define() {
        let types = unit.types
        let displayNames = displayNames
        for (symbol, function) in unit.ir.definedFunctions {
            let name = unit.ir.addString(displayNames[symbol] ?? fallback(symbol))
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
}
