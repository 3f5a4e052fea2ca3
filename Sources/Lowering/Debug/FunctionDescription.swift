// What debug information says about one function, read before the function is lowered: its scopes
// with the code that belongs to them, and its variables with the places where they are.

internal import DWARF
internal import LLVMKit
internal import WasmBinary
internal import WasmTypes

/// The scopes and variables of a function.
struct FunctionDescription {
    /// The function itself first.
    private(set) var scopes: [FunctionDebugInfo.Scope] = []
    private(set) var scopeRanges: [FunctionDebugInfo.ScopeRange] = []
    private(set) var variables: [FunctionDebugInfo.Variable] = []
    private(set) var places: [FunctionDebugInfo.Place] = []
    /// Variables that have one place, relative to a local.
    private(set) var declarations: [(variable: Int, local: LocalIndex, expression: [UInt64])] = []
    /// The first row of the line table that may be about the function.
    var firstLine = 0
    private(set) var entryLocation: DebugNode

    private let emitter: DebugEmitter
    private let translator: LocationTranslator
    /// The addresses of the function's instructions.
    let code: Range<UInt64>
    private let builder: IRBuilder

    /// Describes a function without debug information of its own.
    init(_ node: DebugNode, file: DebugNode, emitter: DebugEmitter, builder: IRBuilder) {
        self.emitter = emitter
        self.builder = builder
        translator = LocationTranslator(memoryBase: 0, is64Bit: false)
        code = 0..<0
        scopes = [
            FunctionDebugInfo.Scope(
                node: node, function: node, file: file, inlinedAt: nil, depth: 0)
        ]
        entryLocation = builder.location(line: 0, column: 0, scope: node, inlinedAt: nil)
    }

    /// Reads the description of a function.
    ///
    /// - Parameters:
    ///   - entry: the function's entry, which `node` stands for.
    ///   - code: the addresses of its instructions.
    init(
        _ entry: EntryID, _ node: DebugNode, code: Range<UInt64>, emitter: DebugEmitter,
        builder: IRBuilder, memoryBase: UInt64
    ) {
        self.emitter = emitter
        self.builder = builder
        self.code = code
        let information = emitter.information
        let frameBase = information.attributes(entry).block(.frameBase).flatMap {
            LocationTranslator.frameBase(information.operations(of: $0, unit: entry.unitIndex))
        }
        translator = LocationTranslator(
            memoryBase: memoryBase, is64Bit: emitter.unitIs64Bit, frameBase: frameBase)
        let (file, line) = emitter.place(of: entry)
        entryLocation = builder.location(line: line, column: 0, scope: node, inlinedAt: nil)
        scopes = [
            FunctionDebugInfo.Scope(
                node: node, function: node, file: file, inlinedAt: nil, depth: 0)
        ]
        readScopes(below: entry)
    }

    // Scopes ---------------------------------------------------------------------------------

    private mutating func readScopes(below entry: EntryID) {
        var pending: [(entry: EntryID, scope: Int)] = [(entry, 0)]
        while let (parent, scope) = pending.popLast() {
            for child in emitter.information.children(parent) {
                switch emitter.information.tag(child) {
                case .variable, .formalParameter: readVariable(child, in: scope)
                case .lexicalBlock, .inlinedSubroutine:
                    if let inner = readScope(child, in: scope) { pending.append((child, inner)) }
                default: break
                }
            }
        }
    }

    /// - Returns: the number of the new scope; nil if no code belongs to it.
    private mutating func readScope(_ entry: EntryID, in parent: Int) -> Int? {
        let ranges = (try? emitter.information.ranges(of: entry, budget: &emitter.budget)) ?? []
        let relevant = ranges.map { $0.clamped(to: code) }.filter { !$0.isEmpty }
        if relevant.isEmpty { return nil }
        let outer = scopes[parent]
        var scope = outer
        scope.depth += 1
        let attributes = emitter.information.attributes(entry)
        if emitter.information.tag(entry) == .inlinedSubroutine {
            scope.node = emitter.subprogram(entry)
            scope.function = scope.node
            scope.file = emitter.place(of: entry).file
            let callFile = emitter.file(attributes.unsigned(.callFile), ofUnit: entry.unitIndex)
            scope.inlinedAt = builder.location(
                line: UInt32(clamping: attributes.unsigned(.callLine) ?? 0),
                column: UInt32(clamping: attributes.unsigned(.callColumn) ?? 0),
                scope: callFile == outer.file
                    ? outer.node : emitter.scope(outer.node, in: callFile),
                inlinedAt: outer.inlinedAt)
        } else {
            let line = UInt32(clamping: attributes.unsigned(.declarationLine) ?? 0)
            scope.node = emitter.lexicalBlock(in: outer.node, file: outer.file, line: line)
        }
        scopes.append(scope)
        let index = scopes.count - 1
        scopeRanges += relevant.map { FunctionDebugInfo.ScopeRange(range: $0, scope: index) }
        return index
    }

    // Variables ------------------------------------------------------------------------------

    private mutating func readVariable(_ entry: EntryID, in scope: Int) {
        let scope = scopes[scope]
        let information = emitter.information
        // LLVM knows functions as scopes of static variables, but not the blocks in them.
        if emitter.emitStaticVariable(entry, scope: scope.function) { return }
        guard let node = emitter.variable(entry, in: scope.node) else { return }
        let location = builder.location(
            line: emitter.place(of: entry).line, column: 0, scope: scope.node,
            inlinedAt: scope.inlinedAt)
        let locations =
            (try? information.locations(of: entry, budget: &emitter.budget)) ?? []
        let index = variables.count
        variables.append(FunctionDebugInfo.Variable(node: node, location: location))
        let size = emitter.typeEntry(information.origins(of: entry)).map(emitter.size) ?? 0
        for place in locations {
            let operations = information.operations(of: place.expression, unit: entry.unitIndex)
            let parts = translator.parts(of: operations).filter { $0.fits(in: size) }
            if parts.isEmpty { continue }
            let range = place.range.map { $0.clamped(to: code) } ?? code
            if range.isEmpty { continue }
            if !emitter.isOptimized, place.range == nil, parts.count == 1,
                let slot = parts[0].throughSlot
            {
                declarations.append((index, slot.local, slot.expression))
            } else {
                places.append(
                    FunctionDebugInfo.Place(range: range, variable: index, parts: parts))
            }
        }
    }
}

extension VariablePart {
    /// Whether LLVM accepts this as a part of a variable of so many bits.
    fileprivate func fits(in size: UInt64) -> Bool {
        guard let fragment else { return true }
        return fragment.size > 0 && fragment.size < size
            && fragment.offset <= size - fragment.size
    }
}
