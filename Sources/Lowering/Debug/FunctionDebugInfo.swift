// The debug information of one function while it is lowered: the place in the source of each
// instruction, and where variables are from each instruction on.
//
// Where a variable is, is told in terms of locals and operands. These are SSA values here, which
// change at assignments and joins; so before each instruction the values of all variables that are
// known there are compared with what was told last, and changes are told to LLVM.
//
// Without optimisation a variable that depends on one local everywhere, as compilers make them for
// variables in the shadow stack, gets a slot on the native stack with the local's value: debuggers
// then find it at every instruction.

internal import DWARF
internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// What is known about the source of a function.
final class FunctionDebugInfo {
    /// A function of the source, one that was inlined into it, or a block.
    struct Scope {
        var node: DebugNode
        /// The function that it is or is in.
        var function: DebugNode
        /// The file of its lines, unless they say otherwise.
        var file: DebugNode
        /// For what was inlined, the call that it stands for.
        var inlinedAt: DebugNode?
        var depth: Int
    }

    /// Code that belongs to a scope.
    struct ScopeRange {
        var range: Range<UInt64>
        var scope: Int
    }

    /// A variable of the source, in one place after another.
    struct Variable {
        var node: DebugNode
        var location: DebugNode
        /// What LLVM was told last; empty for nothing.
        var told: [(part: VariablePart, value: IRValue)] = []
    }

    /// Where a variable is for a while.
    struct Place {
        var range: Range<UInt64>
        var variable: Int
        var parts: [VariablePart]
    }

    private let emitter: DebugEmitter
    private let ir: DebugIR
    private let codeStart: UInt64
    private let scopes: [Scope]
    private var pendingScopes: [ScopeRange]
    private var activeScopes: [ScopeRange] = []
    private var variables: [Variable]
    private var pendingPlaces: [Place]
    private var activePlaces: [Place] = []
    /// Slots for locals, with the value that they hold.
    private var slots: [(local: LocalIndex, address: IRValue, held: IRValue?)] = []
    private let declarations: [(variable: Int, local: LocalIndex, expression: [UInt64])]
    /// The next row of the line table.
    private var nextLine: Int
    private let entryLocation: DebugNode
    /// Without optimisation, where breakpoints on the function belong: code before it has no place
    /// in the source of its own, so that LLVM takes it for a prologue, too.
    private let prologueEnd: UInt64
    /// The next address where the place in the source or that of a variable may change.
    private var nextChange: UInt64 = 0
    private var scopeFiles: [FileScope: DebugNode] = [:]

    private struct FileScope: Hashable {
        var scope: DebugNode
        var file: DebugNode
    }

    /// What is needed of the unit to make instructions.
    struct DebugIR {
        var builder: IRBuilder
        var types: IRTypes
    }

    init(_ description: FunctionDescription, emitter: DebugEmitter, ir: DebugIR) {
        self.emitter = emitter
        self.ir = ir
        codeStart = UInt64(emitter.module.codeStart)
        scopes = description.scopes
        // From the end, where they are taken from.
        pendingScopes = description.scopeRanges.enumerated()
            .sorted {
                ($1.element.range.lowerBound, $1.offset) < ($0.element.range.lowerBound, $0.offset)
            }
            .map(\.element)
        variables = description.variables
        pendingPlaces = description.places.enumerated()
            .sorted {
                ($1.element.range.lowerBound, $1.offset) < ($0.element.range.lowerBound, $0.offset)
            }
            .map(\.element)
        declarations = description.declarations
        nextLine = description.firstLine
        entryLocation = description.entryLocation
        let prologueEnd = emitter.isOptimized ? nil : emitter.module.prologueEnd(description)
        self.prologueEnd = prologueEnd ?? 0
    }

    // Beginning ------------------------------------------------------------------------------

    /// Begins the function, in its entry block.
    func begin(in lowering: borrowing FunctionLowering) {
        ir.builder.location = prologueEnd > 0 ? nil : entryLocation
        for declaration in declarations {
            guard let value = lowering.locals.value(declaration.local) else { continue }
            let known = slots.first { $0.local == declaration.local }?.address
            // As large as an address that is read from it.
            let type = value.type == ir.types.i32 ? ir.types.i64 : value.type
            let address = known ?? ir.builder.alloca(type)
            if known == nil { slots.append((declaration.local, address, nil)) }
            let variable = variables[declaration.variable]
            emitter.insertDeclaration(
                of: variable, at: address, declaration.expression,
                in: ir.builder.insertionBlock)
        }
    }

    // Instructions ---------------------------------------------------------------------------

    /// Comes to the instruction at an offset of the module.
    func advance(to offset: Int, in lowering: borrowing FunctionLowering) {
        let address = UInt64(offset) - codeStart
        if address >= nextChange { change(at: address) }
        for index in slots.indices {
            let value = lowering.locals.value(slots[index].local)
            if let value, value != slots[index].held {
                ir.builder.store(value, to: slots[index].address, alignment: 8)
                slots[index].held = value
            }
        }
        for place in activePlaces { tell(place, in: lowering) }
    }

    /// Says where a variable is now, if that is not what was said last.
    private func tell(_ place: Place, in lowering: borrowing FunctionLowering) {
        let told = variables[place.variable].told
        var values: [(part: VariablePart, value: IRValue)] = []
        for part in place.parts {
            if let value = value(of: part.base, in: lowering) { values.append((part, value)) }
        }
        let isKnown =
            told.count == values.count
            && zip(told, values).allSatisfy { $0.value == $1.value && $0.part == $1.part }
        if isKnown { return }
        if values.isEmpty {
            forget(place.variable)
            return
        }
        variables[place.variable].told = values
        for (part, value) in values {
            emitter.insertValue(
                value, of: variables[place.variable], part.expression,
                in: ir.builder.insertionBlock)
        }
    }

    /// Says that it is not known any more where a variable is.
    private func forget(_ variable: Int) {
        if variables[variable].told.isEmpty { return }
        variables[variable].told = []
        emitter.insertValue(
            ir.types.i32.poison, of: variables[variable], [], in: ir.builder.insertionBlock)
    }

    private func value(
        of base: VariablePart.Base, in lowering: borrowing FunctionLowering
    ) -> IRValue? {
        switch base {
        case .wasm(.local(let index)): lowering.locals.value(index)
        case .wasm(.operand(let height)): lowering.stack[height]
        case .wasm(.global): nil
        case .constant(let value): ir.types.i64.constant(value)
        }
    }

    // Changes --------------------------------------------------------------------------------

    private func change(at address: UInt64) {
        nextChange = .max
        changeScopes(at: address)
        changePlaces(at: address)
        let location = location(at: address)
        ir.builder.location = address < prologueEnd ? nil : location
        let lines = emitter.module.lines
        if nextLine < lines.count {
            nextChange = min(nextChange, lines[nextLine].row.address)
        }
    }

    private func changeScopes(at address: UInt64) {
        while let next = pendingScopes.last, next.range.lowerBound <= address {
            activeScopes.append(pendingScopes.removeLast())
        }
        activeScopes.removeAll { $0.range.upperBound <= address }
        for active in activeScopes { nextChange = min(nextChange, active.range.upperBound) }
        if let next = pendingScopes.last { nextChange = min(nextChange, next.range.lowerBound) }
    }

    private func changePlaces(at address: UInt64) {
        let ended = activePlaces.filter { $0.range.upperBound <= address }
        activePlaces.removeAll { $0.range.upperBound <= address }
        while let next = pendingPlaces.last, next.range.lowerBound <= address {
            let place = pendingPlaces.removeLast()
            if place.range.upperBound > address { activePlaces.append(place) }
        }
        for place in ended where !activePlaces.contains(where: { $0.variable == place.variable }) {
            forget(place.variable)
        }
        for active in activePlaces { nextChange = min(nextChange, active.range.upperBound) }
        if let next = pendingPlaces.last { nextChange = min(nextChange, next.range.lowerBound) }
    }

    /// The place in the source of the code at an address.
    private func location(at address: UInt64) -> DebugNode {
        let lines = emitter.module.lines
        while nextLine < lines.count, lines[nextLine].row.address <= address { nextLine += 1 }
        let innermost =
            activeScopes.max { scopes[$0.scope].depth < scopes[$1.scope].depth }?.scope ?? 0
        let scope = scopes[innermost]
        guard nextLine > 0, case let line = lines[nextLine - 1], !line.row.isEnd else {
            return ir.builder.location(
                line: 0, column: 0, scope: scope.node, inlinedAt: scope.inlinedAt)
        }
        let file = emitter.file(UInt64(line.row.file), ofUnit: line.unit)
        return ir.builder.location(
            line: line.row.line, column: line.row.column, scope: node(of: scope, in: file),
            inlinedAt: scope.inlinedAt)
    }

    private func node(of scope: Scope, in file: DebugNode) -> DebugNode {
        if scope.file == file { return scope.node }
        let key = FileScope(scope: scope.node, file: file)
        if let known = scopeFiles[key] { return known }
        let node = emitter.scope(scope.node, in: file)
        scopeFiles[key] = node
        return node
    }
}
