// Carries debug information over into LLVM's: compile units, files, scopes and global variables.
// Types are in DebugEmitter+Types.swift, functions in FunctionDebugInfo.swift.
//
// Every partition has LLVM objects of its own, so each describes what its own functions need.

internal import DWARF
internal import LLVMKit
internal import TargetModel
internal import WasmBinary
internal import WasmTypes

/// The debug information of one unit of code generation.
final class DebugEmitter {
    /// A compile unit of the source.
    struct CompileUnit {
        let builder: DebugInfoBuilder
        /// The file that it is named after.
        let mainFile: DebugNode
        /// Where its compiler was started.
        let folder: String
        var files: [UInt32: DebugNode] = [:]
    }

    let module: DebugModule
    /// How much may still be read from lists.
    var budget: ReadingBudget
    var types: [EntryID: DebugNode?] = [:]
    /// Types that are being made, to see when one would contain itself.
    var typesInProgress: Set<EntryID> = []
    /// Composite types without their members.
    var incompleteTypes: [(entry: EntryID, node: DebugNode)] = []
    var isCompletingTypes = false

    // The unit owns this object and outlives it.
    private unowned let unit: UnitLowering
    /// By their index in the module's debug information; -1 is for functions without any.
    private var units: [Int: CompileUnit] = [:]
    private var subprograms: [EntryID: DebugNode] = [:]
    private var attached: Set<DebugNode> = []
    private var namespaces: [EntryID: DebugNode] = [:]
    private var variables: [LocalKey: DebugNode] = [:]
    /// Static variables that have been described: instances of a function share them.
    private var staticVariables: Set<EntryID> = []
    private var parameterNumbers: [EntryID: Int] = [:]

    private static let withoutInformation = -1

    var information: DebugInformation { module.information }
    /// Whether addresses in memory 0, and so pointers of the source, have 64 bits.
    var unitIs64Bit: Bool { unit.module.memories.first?.addressType == .i64 }
    var isOptimized: Bool { unit.level != .none }

    init(_ module: DebugModule, unit: UnitLowering) {
        self.module = module
        self.unit = unit
        budget = ReadingBudget(for: module.information)
        unit.ir.setDWARFVersion(5)
    }

    /// Completes what was described. Must come before any pass.
    func finish() {
        for (_, unit) in units.sorted(by: { $0.key < $1.key }) { unit.builder.finish() }
    }

    // Units and files ------------------------------------------------------------------------

    func compileUnit(_ index: Int) -> CompileUnit {
        if let known = units[index] { return known }
        let builder = DebugInfoBuilder(unit.ir)
        let attributes =
            index < 0 ? nil : information.root(ofUnit: index).map(information.attributes)
        let folder = attributes?.text(.compilationDirectory) ?? ""
        let name = attributes?.text(.name) ?? unit.module.names.module?.printable ?? "wasm"
        let file = builder.file(name, in: folder)
        _ = builder.compileUnit(
            language: attributes?.unsigned(.language) ?? 0, file: file,
            producer: Self.producer(attributes?.text(.producer)), isOptimized: isOptimized)
        let result = CompileUnit(builder: builder, mainFile: file, folder: folder)
        units[index] = result
        return result
    }

    /// Debuggers tell from the first words how prologues look like.
    private static func producer(_ source: String?) -> String {
        "clang LLVM (smelt" + (source.map { "; \($0)" } ?? "") + ")"
    }

    func builder(_ entry: EntryID) -> DebugInfoBuilder { compileUnit(entry.unitIndex).builder }

    /// A file of a unit's list; the unit's own if there is none of that number.
    func file(_ number: UInt64?, ofUnit index: Int) -> DebugNode {
        let unit = compileUnit(index)
        guard let number = number.flatMap(UInt32.init(exactly:)) else { return unit.mainFile }
        if let known = unit.files[number] { return known }
        guard index >= 0, let source = module.files[index][number] else { return unit.mainFile }
        let file = unit.builder.file(source.path.printable, in: unit.folder)
        units[index]!.files[number] = file
        return file
    }

    /// Where an entry says that its subject is declared.
    func declaration(
        _ entry: EntryID, _ attributes: Attributes, scope: DebugNode?, name: String? = nil
    ) -> DebugDeclaration {
        DebugDeclaration(
            name: name ?? attributes.text(.name) ?? "", scope: scope,
            file: file(attributes.unsigned(.declarationFile), ofUnit: entry.unitIndex),
            line: UInt32(clamping: attributes.unsigned(.declarationLine) ?? 0))
    }

    // Scopes ---------------------------------------------------------------------------------

    /// The namespace or type around an entry; nil for the file.
    func enclosingScope(of entry: EntryID) -> DebugNode? {
        guard let parent = information.parent(entry) else { return nil }
        switch information.tag(parent) {
        case .namespace:
            if let known = namespaces[parent] { return known }
            let name = information.attributes(parent).text(.name) ?? ""
            let node = builder(parent).namespace(name, in: enclosingScope(of: parent))
            namespaces[parent] = node
            return node
        case .structureType, .classType, .unionType: return typeNode(parent)
        default: return nil
        }
    }

    /// The function that an entry describes: itself, or the one that it is an instance of.
    func abstractFunction(_ entry: EntryID) -> EntryID {
        var entry = entry
        for _ in 0..<3 {
            guard let origin = information.reference(.abstractOrigin, of: entry) else { break }
            entry = origin
        }
        return entry
    }

    /// The description of a function, shared by all of its instances.
    func subprogram(_ entry: EntryID) -> DebugNode {
        let key = abstractFunction(entry)
        if let known = subprograms[key] { return known }
        let node = makeSubprogram(key)
        subprograms[key] = node
        return node
    }

    private func makeSubprogram(_ entry: EntryID) -> DebugNode {
        let chain = information.origins(of: entry)
        let attributes = chain.map(information.attributes)
        func first<Value>(_ find: (Attributes) -> Value?) -> Value? {
            attributes.lazy.compactMap(find).first
        }
        let placed = attributes.firstIndex { $0.contains(.declarationFile) } ?? 0
        let declaration = declaration(
            chain[placed], attributes[placed], scope: enclosingScope(of: chain.last!),
            name: first { $0.text(.name) } ?? "?")
        return builder(entry).function(
            declaration, linkageName: Self.linkageName(attributes),
            type: functionType(of: chain), isLocal: !attributes.contains { $0.flag(.external) },
            isOptimized: isOptimized,
            isArtificial: attributes.contains { $0.flag(.artificial) })
    }

    /// A mangled name. Others, such as that of C's `main` in WebAssembly, would be shown in place
    /// of the source's.
    private static func linkageName(_ attributes: [Attributes]) -> String {
        let name = attributes.lazy.compactMap { $0.text(.linkageName) }.first ?? ""
        return name.hasPrefix("_Z") || name.hasPrefix("_R")
            ? ReadableNames.withoutPromotion(name) : ""
    }

    private func functionType(of chain: [EntryID]) -> DebugNode {
        let result = typeEntry(chain)
        let parameters = information.children(chain[0])
            .filter { self.information.tag($0) == .formalParameter }
            .map { self.information.reference(.type, of: $0).flatMap(self.typeNode) }
        return builder(chain[0]).subroutine([result.flatMap(typeNode)] + parameters)
    }

    /// Describes a compiled function. A description can belong to one function only.
    func attach(_ entry: EntryID, to function: IRFunction) -> DebugNode {
        var node = subprogram(entry)
        if attached.contains(node) { node = makeSubprogram(abstractFunction(entry)) }
        attached.insert(node)
        unit.ir.setSubprogram(node, of: function)
        return node
    }

    /// Describes a compiled function of which only the name is known, and maybe a file. Without one
    /// it goes to the unit of `main`: it may be what `main` is inlined into, and debuggers look
    /// for inlined functions only in the unit that these are in.
    func attach(named name: String, inUnit index: Int?, to function: IRFunction) -> DebugNode {
        let unit = compileUnit(index ?? module.mainUnit ?? Self.withoutInformation)
        let declaration = DebugDeclaration(name: name, scope: nil, file: unit.mainFile, line: 0)
        let node = unit.builder.function(
            declaration, linkageName: "", type: unit.builder.subroutine([nil]), isLocal: false,
            isOptimized: isOptimized, isArtificial: index == nil)
        self.unit.ir.setSubprogram(node, of: function)
        return node
    }

    // Functions ------------------------------------------------------------------------------

    /// Describes a function that is about to be lowered.
    func function(_ index: FunctionIndex, _ body: FunctionBody) -> FunctionDebugInfo {
        let function = unit.function(index)
        let start = UInt64(module.codeStart)
        let code = (UInt64(body.code.lowerBound) - start)..<(UInt64(body.code.upperBound) - start)
        let firstLine = module.lineIndex(at: code.lowerBound)
        var description: FunctionDescription
        if let entry = module.subprograms[Int(index) - unit.module.importedFunctionCount] {
            description = FunctionDescription(
                entry, attach(entry, to: function), code: code, emitter: self,
                builder: unit.builder, memoryBase: unit.options.memoryAddress)
        } else {
            // Assembly has lines without an entry.
            let lines = firstLine.map { module.lines[$0] }.flatMap { $0.row.isEnd ? nil : $0 }
            let name = unit.names.display(index)
            description = FunctionDescription(
                attach(named: name, inUnit: lines?.unit, to: function),
                file: compileUnit(lines?.unit ?? module.mainUnit ?? Self.withoutInformation)
                    .mainFile, emitter: self,
                builder: unit.builder)
        }
        description.firstLine = firstLine ?? 0
        return FunctionDebugInfo(
            description, emitter: self,
            ir: FunctionDebugInfo.DebugIR(builder: unit.builder, types: unit.types))
    }

    /// Where the subject of an entry is declared, according to the entry or one that it completes.
    func place(of entry: EntryID) -> (file: DebugNode, line: UInt32) {
        for entry in information.origins(of: entry) {
            let attributes = information.attributes(entry)
            guard attributes.contains(.declarationFile) else { continue }
            let line = UInt32(clamping: attributes.unsigned(.declarationLine) ?? 0)
            return (file(attributes.unsigned(.declarationFile), ofUnit: entry.unitIndex), line)
        }
        return (compileUnit(entry.unitIndex).mainFile, 0)
    }

    /// A scope like another, for code in another file.
    func scope(_ scope: DebugNode, in file: DebugNode) -> DebugNode {
        anyBuilder.lexicalBlockFile(in: scope, file: file)
    }

    func lexicalBlock(in scope: DebugNode, file: DebugNode, line: UInt32) -> DebugNode {
        anyBuilder.lexicalBlock(in: scope, file: file, line: line, column: 0)
    }

    /// Any builder will do for what belongs to no compile unit directly.
    private var anyBuilder: DebugInfoBuilder {
        (units.values.first ?? compileUnit(Self.withoutInformation)).builder
    }

    // Local variables ------------------------------------------------------------------------

    /// A local variable or parameter, the same for all instances of its scope.
    func variable(_ entry: EntryID, in scope: DebugNode) -> DebugNode? {
        let chain = information.origins(of: entry)
        let key = LocalKey(entry: chain.last!, scope: scope)
        if let known = variables[key] { return known }
        let attributes = chain.map(information.attributes)
        guard let name = attributes.lazy.compactMap({ $0.text(.name) }).first,
            let type = typeEntry(chain).flatMap(typeNode)
        else { return nil }
        let place = place(of: entry)
        let declaration = DebugDeclaration(
            name: name, scope: scope, file: place.file, line: place.line)
        let builder = builder(entry)
        let node: DebugNode
        if let number = parameterNumber(chain.last!) {
            node = builder.parameter(
                declaration, number: number, type: type, isKept: isOptimized,
                isArtificial: attributes.contains { $0.flag(.artificial) })
        } else {
            node = builder.localVariable(declaration, type: type, isKept: isOptimized)
        }
        variables[key] = node
        return node
    }

    private struct LocalKey: Hashable {
        var entry: EntryID
        var scope: DebugNode
    }

    /// Counted from 1; nil for what is no parameter.
    private func parameterNumber(_ entry: EntryID) -> Int? {
        guard information.tag(entry) == .formalParameter, let parent = information.parent(entry)
        else { return nil }
        if parameterNumbers[entry] == nil {
            let parameters = information.children(parent)
                .filter { self.information.tag($0) == .formalParameter }
            for (index, parameter) in parameters.enumerated() {
                parameterNumbers[parameter] = index + 1
            }
        }
        let number = parameterNumbers[entry]!
        return number <= Self.parameterLimit ? number : nil
    }

    /// LLVM numbers parameters with 16 bits.
    private static let parameterLimit = 65535

    func insertDeclaration(
        of variable: FunctionDebugInfo.Variable, at address: IRValue, _ expression: [UInt64],
        in block: BasicBlock
    ) {
        anyBuilder.insertDeclaration(
            of: variable.node, at: address, expression, variable.location, in: block)
    }

    func insertValue(
        _ value: IRValue, of variable: FunctionDebugInfo.Variable, _ expression: [UInt64],
        in block: BasicBlock
    ) {
        anyBuilder.insertValue(
            value, of: variable.node, expression, at: variable.location, in: block)
    }

    /// The entry of the type that the first of some entries has.
    func typeEntry(_ chain: [EntryID]) -> EntryID? {
        for entry in chain {
            if let type = information.reference(.type, of: entry) { return type }
        }
        return nil
    }

    // Global variables -----------------------------------------------------------------------

    /// Describes the variables that lie in memory 0 for the whole time, in the unit that defines
    /// the instance.
    func emitGlobals() {
        for unit in 0..<information.unitCount {
            if let root = information.root(ofUnit: unit) { emitGlobals(below: root, depth: 0) }
        }
    }

    private func emitGlobals(below entry: EntryID, depth: Int) {
        for child in information.children(entry) {
            switch information.tag(child) {
            case .namespace where depth < 100: emitGlobals(below: child, depth: depth + 1)
            case .variable: emitStaticVariable(child, scope: nil)
            default: break
            }
        }
    }

    /// Describes a variable with a fixed place, or a constant.
    ///
    /// - Returns: whether it is one.
    @discardableResult
    func emitStaticVariable(_ entry: EntryID, scope: DebugNode?) -> Bool {
        let chain = information.origins(of: entry)
        let attributes = chain.map(information.attributes)
        guard let value = staticValue(attributes[0], unit: entry.unitIndex),
            let name = attributes.lazy.compactMap({ $0.text(.name) }).first,
            let type = typeEntry(chain).flatMap(typeNode)
        else { return false }
        guard staticVariables.insert(chain.last!).inserted else { return true }
        let placed = attributes.firstIndex { $0.contains(.declarationFile) } ?? 0
        let declaration = declaration(
            chain[placed], attributes[placed], scope: scope ?? enclosingScope(of: chain.last!),
            name: name)
        let node = builder(entry).globalVariable(
            declaration,
            linkageName: Self.linkageName(attributes),
            type: type, isLocal: !attributes.contains { $0.flag(.external) },
            expression: value.expression)
        if value.isInMemory {
            unit.ir.addDebugVariable(node, to: unit.instance.memoryBase(0))
        }
        return true
    }

    private func staticValue(
        _ attributes: Attributes, unit index: Int
    ) -> (expression: [UInt64], isInMemory: Bool)? {
        if let value = attributes.signed(.constantValue) {
            return (LLVMExpression.constant(UInt64(bitPattern: value)), false)
        }
        guard let block = attributes.block(.location), !unit.module.memories.isEmpty else {
            return nil
        }
        var address: UInt64?
        for operation in information.operations(of: block, unit: index) {
            switch (operation, address) {
            case (.address(let value), nil): address = value
            case (.add(let distance), let value?): address = value &+ distance
            default: return nil
            }
        }
        // What was dropped is at 0, or near the end of the address space.
        guard let address, address > 0, address < 0xffff_ff00 else { return nil }
        return (LLVMExpression.offset(address), true)
    }
}

extension Attributes {
    /// Text of an attribute as it is handed on, which debuggers show.
    func text(_ attribute: Attribute) -> String? { string(attribute)?.printable }
}
