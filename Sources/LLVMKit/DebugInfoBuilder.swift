// Builds debug information: what the source looks like from which a module was made. The methods
// carry LLVM's names for what they make; sizes and offsets are in bits, as LLVM has them.

internal import CLLVM

/// A place where something is declared.
public struct DebugDeclaration {
    public var name: String
    public var scope: DebugNode?
    public var file: DebugNode
    public var line: UInt32

    public init(name: String, scope: DebugNode?, file: DebugNode, line: UInt32) {
        self.name = name
        self.scope = scope
        self.file = file
        self.line = line
    }
}

/// The builder of one compile unit's debug information: LLVM has one for each.
public final class DebugInfoBuilder {
    let reference: LLVMDIBuilderRef

    public init(_ module: borrowing IRModule) {
        reference = LLVMCreateDIBuilder(module.reference)
    }

    deinit { LLVMDisposeDIBuilder(reference) }

    /// Resolves what is still open. Must come before the module is used.
    public func finish() { LLVMDIBuilderFinalize(reference) }

    // Units, files and scopes ----------------------------------------------------------------

    /// - Parameter language: DWARF's number of it.
    public func compileUnit(
        language: UInt64, file: DebugNode, producer: String, isOptimized: Bool
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateCompileUnit(
                reference, Self.language(language), file.reference, producer,
                producer.utf8.count, isOptimized ? 1 : 0, "", 0, 0, "", 0,
                LLVMDWARFEmissionFull, 0, 1, 0, "", 0, "", 0))
    }

    public func file(_ name: String, in folder: String) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateFile(
                reference, name, name.utf8.count, folder, folder.utf8.count))
    }

    public func namespace(_ name: String, in scope: DebugNode?) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateNameSpace(
                reference, scope?.reference, name, name.utf8.count, 0))
    }

    public func function(
        _ declaration: DebugDeclaration, linkageName: String, type: DebugNode, isLocal: Bool,
        isOptimized: Bool, isArtificial: Bool
    ) -> DebugNode {
        let flags = isArtificial ? LLVMDIFlagArtificial : LLVMDIFlagZero
        return DebugNode(
            LLVMDIBuilderCreateFunction(
                reference, (declaration.scope ?? declaration.file).reference, declaration.name,
                declaration.name.utf8.count, linkageName, linkageName.utf8.count,
                declaration.file.reference, declaration.line, type.reference, isLocal ? 1 : 0, 1,
                declaration.line, flags, isOptimized ? 1 : 0))
    }

    public func lexicalBlock(
        in scope: DebugNode, file: DebugNode, line: UInt32, column: UInt32
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateLexicalBlock(
                reference, scope.reference, file.reference, line, column))
    }

    /// A scope like another, for lines that are in another file.
    public func lexicalBlockFile(in scope: DebugNode, file: DebugNode) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateLexicalBlockFile(reference, scope.reference, file.reference, 0))
    }

    // Variables ------------------------------------------------------------------------------

    /// - Parameter isKept: whether it is described even if the optimiser removes it.
    public func localVariable(
        _ declaration: DebugDeclaration, type: DebugNode, isKept: Bool
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateAutoVariable(
                reference, declaration.scope?.reference, declaration.name,
                declaration.name.utf8.count, declaration.file.reference, declaration.line,
                type.reference, isKept ? 1 : 0, LLVMDIFlagZero, 0))
    }

    /// - Parameter number: counted from 1.
    public func parameter(
        _ declaration: DebugDeclaration, number: Int, type: DebugNode, isKept: Bool,
        isArtificial: Bool
    ) -> DebugNode {
        let flags = isArtificial ? LLVMDIFlagArtificial : LLVMDIFlagZero
        return DebugNode(
            LLVMDIBuilderCreateParameterVariable(
                reference, declaration.scope?.reference, declaration.name,
                declaration.name.utf8.count, UInt32(number), declaration.file.reference,
                declaration.line, type.reference, isKept ? 1 : 0, flags))
    }

    public func globalVariable(
        _ declaration: DebugDeclaration, linkageName: String, type: DebugNode, isLocal: Bool,
        expression: [UInt64]
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateGlobalVariableExpression(
                reference, declaration.scope?.reference, declaration.name,
                declaration.name.utf8.count, linkageName, linkageName.utf8.count,
                declaration.file.reference, declaration.line, type.reference, isLocal ? 1 : 0,
                self.expression(expression).reference, nil, 0))
    }

    /// Operations of DWARF and LLVM's own, with their operands.
    private func expression(_ operations: [UInt64]) -> DebugNode {
        var operations = operations
        return DebugNode(
            LLVMDIBuilderCreateExpression(reference, &operations, operations.count))
    }

    /// From the end of a block on, `variable` is what `expression` makes of a value.
    public func insertValue(
        _ value: IRValue, of variable: DebugNode, _ expression: [UInt64], at location: DebugNode,
        in block: BasicBlock
    ) {
        LLVMDIBuilderInsertDbgValueRecordAtEnd(
            reference, value.reference, variable.reference,
            self.expression(expression).reference, location.reference, block.reference)
    }

    /// In the whole function, `variable` is where `expression` leads to from an address.
    public func insertDeclaration(
        of variable: DebugNode, at address: IRValue, _ expression: [UInt64], _ location: DebugNode,
        in block: BasicBlock
    ) {
        LLVMDIBuilderInsertDeclareRecordAtEnd(
            reference, address.reference, variable.reference,
            self.expression(expression).reference, location.reference, block.reference)
    }
}

extension DebugInfoBuilder {
    /// LLVM's number of a language, by DWARF's; unknown ones pass for C. The C interface counts
    /// the standard's languages in their order, in which one number is free.
    private static func language(_ number: UInt64) -> LLVMDWARFSourceLanguage {
        let (first, free, last): (UInt64, UInt64, UInt64) = (0x01, 0x29, 0x31)
        guard (first...last).contains(number), number != free else {
            return LLVMDWARFSourceLanguageC99
        }
        let index = UInt32(number - first) - (number > free ? 1 : 0)
        return LLVMDWARFSourceLanguage(LLVMDWARFSourceLanguageC89.rawValue + index)
    }
}
