// What the collector asks of a program (the ABI header): the layouts of its types, and where there are
// references besides the stack.

public import LLVMKit
internal import RuntimeABI
internal import WasmBinary
internal import WasmTypes

/// Defines `smelt_types` and `smelt_roots` of a static instance.
struct ObjectTables {
    let unit: UnitLowering

    private var types: IRTypes { unit.types }
    private var module: Module { unit.module }
    private var plan: ProgramPlan { unit.plan }

    func define() {
        _ = unit.typeTable
        defineRoots()
    }

    private func defineRoots() {
        var ranges: [IRValue] = []
        func add(_ address: IRValue, _ count: Int) {
            ranges.append(types.constantStructure([address, types.i64.constant(count)]))
        }
        for (index, type) in module.globals.enumerated()
        where type.valueType.refersToObjects(in: module)
            && (type.isMutable || plan.globals[index] == .atStart)
        {
            add(unit.instance.globalAddress(GlobalIndex(index)), 1)
        }
        for (index, values) in plan.passiveElements.sorted(by: { $0.key < $1.key })
        where values.contains(.atStart) {
            add(unit.instance.elementSegment(index).contents, values.count)
        }
        let tables = module.tables.enumerated().filter {
            ValueType.reference($0.element.element).refersToObjects(in: module)
        }.map { unit.instance.tableDescriptor(TableIndex($0.offset)) }
        let roots = types.constantStructure([
            types.i64.constant(ranges.count), types.i64.constant(tables.count),
            unit.ir.constantArray(ranges), unit.ir.constantArray(tables),
        ])
        _ = unit.ir.addGlobal(
            "smelt_roots", type: roots.type, linkage: .hidden, initializer: roots,
            isConstant: true)
    }
}

extension IRModule {
    /// The address of an array, null if it is empty.
    func constantArray(_ elements: [IRValue]) -> IRValue {
        guard let first = elements.first else { return types.pointer.zero }
        let array = first.type.constantArray(elements)
        return addGlobal(
            "", type: array.type, linkage: .private, initializer: array, isConstant: true
        ).value
    }

    /// Defines `smelt_types` and `smelt_type_count`.
    ///
    /// - Parameters:
    ///   - layouts: by type number; nil for functions, and for number 0.
    ///   - parents: by type number, the supertype's, 0 for none.
    /// - Returns: the address of the first.
    @discardableResult
    public func defineTypes(_ layouts: [ObjectLayout?], parents: [UInt32]) -> IRValue {
        func word(_ value: Int) -> IRValue { types.i32.constant(value) }
        func kind(_ kind: smelt_type_kind) -> IRValue { types.i32.constant(UInt64(kind.rawValue)) }
        let rows = layouts.enumerated().map { number, layout in
            let ancestors = ancestors(of: number, parents)
            guard let layout else {
                return types.constantStructure([
                    kind(SMELT_TYPE_FUNCTION), word(0), word(0), word(0), types.pointer.zero,
                    ancestors,
                ])
            }
            return switch layout.kind {
            case .structure:
                types.constantStructure([
                    kind(SMELT_TYPE_STRUCTURE), word(layout.size), word(0),
                    word(layout.references.count), constantArray(layout.references.map(word)),
                    ancestors,
                ])
            case .array(let elements):
                types.constantStructure([
                    kind(SMELT_TYPE_ARRAY), word(layout.size), word(elements),
                    word(layout.references.count), types.pointer.zero, ancestors,
                ])
            }
        }
        _ = addGlobal(
            "smelt_type_count", type: types.i32, linkage: .hidden, initializer: word(rows.count),
            isConstant: true)
        let table = rows[0].type.constantArray(rows)
        return addGlobal(
            "smelt_types", type: table.type, linkage: .hidden, initializer: table,
            isConstant: true
        ).value
    }

    /// The first types of the way from the root of a hierarchy to a type.
    private func ancestors(of number: Int, _ parents: [UInt32]) -> IRValue {
        let path = sequence(first: UInt32(number)) { parents[Int($0)] }.prefix { $0 != 0 }
        var first = Array(path.reversed().prefix(RuntimeLayouts.typeDisplay))
        first += repeatElement(0, count: RuntimeLayouts.typeDisplay - first.count)
        return types.i32.constantArray(first.map { types.i32.constant(UInt64($0)) })
    }
}
