// Types in debug information. A nil type is `void`, or whatever the language has for nothing.

internal import CLLVM

extension DebugInfoBuilder {
    /// What a composite type is.
    public enum CompositeKind {
        case structure, `class`, union

        var tag: UInt32 {
            switch self {
            case .structure: 0x13
            case .class: 0x02
            case .union: 0x17
            }
        }
    }

    /// - Parameter encoding: DWARF's number of it.
    public func basicType(_ name: String, size: UInt64, encoding: UInt32) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateBasicType(
                reference, name, name.utf8.count, size, encoding, LLVMDIFlagZero))
    }

    public func unspecifiedType(_ name: String) -> DebugNode {
        DebugNode(LLVMDIBuilderCreateUnspecifiedType(reference, name, name.utf8.count))
    }

    /// - Parameter addressClass: a number that is emitted with the type.
    public func pointer(
        to type: DebugNode?, size: UInt64, addressClass: UInt32, name: String
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreatePointerType(
                reference, type?.reference, size, 0, addressClass, name, name.utf8.count))
    }

    /// - Parameter tag: DWARF's number of `const`, `volatile` and the like.
    public func qualified(_ type: DebugNode?, tag: UInt16) -> DebugNode {
        DebugNode(LLVMDIBuilderCreateQualifiedType(reference, UInt32(tag), type?.reference))
    }

    public func typedef(_ declaration: DebugDeclaration, of type: DebugNode?) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateTypedef(
                reference, type?.reference, declaration.name, declaration.name.utf8.count,
                declaration.file.reference, declaration.line, declaration.scope?.reference, 0))
    }

    /// - Parameter types: the result's, then the parameters'.
    public func subroutine(_ types: [DebugNode?]) -> DebugNode {
        var types = types.map { $0?.reference }
        return DebugNode(
            LLVMDIBuilderCreateSubroutineType(
                reference, nil, &types, UInt32(types.count), LLVMDIFlagZero))
    }

    /// - Parameter counts: of elements in each dimension; negative if unknown.
    public func array(
        of type: DebugNode, size: UInt64, dimensions: [(lowerBound: Int64, count: Int64)],
        isVector: Bool
    ) -> DebugNode {
        var subscripts = dimensions.map {
            LLVMDIBuilderGetOrCreateSubrange(reference, $0.lowerBound, $0.count)
        }
        let create = isVector ? LLVMDIBuilderCreateVectorType : LLVMDIBuilderCreateArrayType
        return DebugNode(
            create(reference, size, 0, type.reference, &subscripts, UInt32(subscripts.count))!)
    }

    public func enumerator(_ name: String, value: Int64, isUnsigned: Bool) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateEnumerator(
                reference, name, name.utf8.count, value, isUnsigned ? 1 : 0))
    }

    public func enumeration(
        _ declaration: DebugDeclaration, size: UInt64, type: DebugNode?, values: [DebugNode]
    ) -> DebugNode {
        var values = values.map { Optional($0.reference) }
        return DebugNode(
            LLVMDIBuilderCreateEnumerationType(
                reference, declaration.scope?.reference, declaration.name,
                declaration.name.utf8.count, declaration.file.reference, declaration.line, size,
                0, &values, UInt32(values.count), type?.reference))
    }

    // Composites -----------------------------------------------------------------------------

    /// A type that is declared and not defined.
    public func forwardDeclaration(
        _ kind: CompositeKind, _ declaration: DebugDeclaration
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateForwardDecl(
                reference, kind.tag, declaration.name, declaration.name.utf8.count,
                declaration.scope?.reference, declaration.file.reference, declaration.line, 0, 0,
                0, "", 0))
    }

    /// A composite type whose members come later, since they may refer to it: ``setMembers(_:of:)``.
    ///
    /// - Parameter identifier: what sets it apart from types that look alike.
    public func composite(
        _ kind: CompositeKind, _ declaration: DebugDeclaration, size: UInt64, identifier: String
    ) -> DebugNode {
        let (scope, file) = (declaration.scope?.reference, declaration.file.reference)
        let (name, length) = (declaration.name, declaration.name.utf8.count)
        switch kind {
        case .structure:
            return DebugNode(
                LLVMDIBuilderCreateStructType(
                    reference, scope, name, length, file, declaration.line, size, 0,
                    LLVMDIFlagZero, nil, nil, 0, 0, nil, identifier, identifier.utf8.count))
        case .class:
            return DebugNode(
                LLVMDIBuilderCreateClassType(
                    reference, scope, name, length, file, declaration.line, size, 0, 0,
                    LLVMDIFlagZero, nil, nil, 0, nil, nil, identifier, identifier.utf8.count))
        case .union:
            return DebugNode(
                LLVMDIBuilderCreateUnionType(
                    reference, scope, name, length, file, declaration.line, size, 0,
                    LLVMDIFlagZero, nil, 0, 0, identifier, identifier.utf8.count))
        }
    }

    /// - Returns: the type from now on.
    public func setMembers(_ members: [DebugNode], of type: DebugNode) -> DebugNode {
        var members = members.map { Optional($0.reference) }
        var type: LLVMMetadataRef? = type.reference
        LLVMReplaceArrays(reference, &type, &members, UInt32(members.count))
        return DebugNode(type!)
    }

    public func member(
        _ declaration: DebugDeclaration, type: DebugNode?, size: UInt64, offset: UInt64
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateMemberType(
                reference, declaration.scope?.reference, declaration.name,
                declaration.name.utf8.count, declaration.file.reference, declaration.line, size,
                0, offset, LLVMDIFlagZero, type?.reference))
    }

    /// - Parameters:
    ///   - offset: from the start of the composite.
    ///   - storageOffset: of the unit that the bits are in.
    public func bitField(
        _ declaration: DebugDeclaration, type: DebugNode?, size: UInt64, offset: UInt64,
        storageOffset: UInt64
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateBitFieldMemberType(
                reference, declaration.scope?.reference, declaration.name,
                declaration.name.utf8.count, declaration.file.reference, declaration.line, size,
                offset, storageOffset, LLVMDIFlagZero, type?.reference))
    }

    public func inheritance(
        of type: DebugNode, from base: DebugNode, offset: UInt64
    ) -> DebugNode {
        DebugNode(
            LLVMDIBuilderCreateInheritance(
                reference, type.reference, base.reference, offset, 0, LLVMDIFlagZero))
    }
}
