// Types of the source. Pointers keep the size that they have in the guest, and hold offsets in its
// memory.
//
// Types refer to one another in circles, by way of composite types: these get their members last,
// when nothing else is being made. The input may be damaged: a type that refers to itself in
// another way is dropped.

internal import DWARF
internal import LLVMKit

extension DebugEmitter {
    /// How many steps lead from a type to its size, at most.
    private static let chainLimit = 200

    /// The type that an entry describes; nil for void, and for what cannot be told.
    func typeNode(_ entry: EntryID) -> DebugNode? {
        if let known = types[entry] { return known }
        guard typesInProgress.count < Self.chainLimit, typesInProgress.insert(entry).inserted else {
            return nil
        }
        let node = makeType(entry)
        types[entry] = .some(node)
        typesInProgress.remove(entry)
        if typesInProgress.isEmpty, !isCompletingTypes { completeTypes() }
        return node
    }

    private func completeTypes() {
        isCompletingTypes = true
        while let (entry, node) = incompleteTypes.popLast() {
            let members = members(of: entry, in: node)
            types[entry] = builder(entry).setMembers(members, of: node)
        }
        isCompletingTypes = false
    }

    /// The type that an entry is of.
    func type(of entry: EntryID) -> DebugNode? {
        information.reference(.type, of: entry).flatMap(typeNode)
    }

    private func makeType(_ entry: EntryID) -> DebugNode? {
        let builder = builder(entry)
        let attributes = information.attributes(entry)
        let name = attributes.text(.name) ?? ""
        switch information.tag(entry) {
        case .baseType:
            return builder.basicType(
                name, size: bits(attributes.unsigned(.byteSize)),
                encoding: UInt32(clamping: attributes.unsigned(.encoding) ?? 0))
        case .unspecifiedType: return builder.unspecifiedType(name)
        // LLVM gives references the host's size, and pointers, too: see AddressClasses.
        case .pointerType, .referenceType, .rvalueReferenceType, .memberPointerType:
            let size = size(of: entry)
            return builder.pointer(
                to: type(of: entry), size: size, addressClass: UInt32(clamping: size / 8),
                name: name)
        case .constType, .volatileType, .restrictType, .atomicType:
            return builder.qualified(type(of: entry), tag: information.tag(entry).rawValue)
        case .typedef:
            return builder.typedef(
                declaration(entry, attributes, scope: enclosingScope(of: entry)),
                of: type(of: entry))
        case .arrayType: return makeArray(entry)
        case .subroutineType:
            let parameters = information.children(entry)
                .filter { self.information.tag($0) == .formalParameter }.map(type(of:))
            return builder.subroutine([type(of: entry)] + parameters)
        case .enumerationType: return makeEnumeration(entry, attributes)
        case .structureType: return makeComposite(.structure, entry, attributes)
        case .classType: return makeComposite(.class, entry, attributes)
        case .unionType: return makeComposite(.union, entry, attributes)
        default: return nil
        }
    }

    private func bits(_ bytes: UInt64?) -> UInt64 {
        let (bits, overflow) = (bytes ?? 0).multipliedReportingOverflow(by: 8)
        return overflow || bits > 1 << 48 ? 0 : bits
    }

    /// The size of a type in bits, 0 if it is not known.
    func size(of entry: EntryID) -> UInt64 {
        var entry = entry
        var factor: UInt64 = 1
        for _ in 0..<Self.chainLimit {
            let attributes = information.attributes(entry)
            if let size = attributes.unsigned(.byteSize) {
                let (product, overflow) = bits(size).multipliedReportingOverflow(by: factor)
                return overflow ? 0 : product
            }
            switch information.tag(entry) {
            case .pointerType, .referenceType, .rvalueReferenceType, .memberPointerType:
                let (product, overflow) = factor.multipliedReportingOverflow(
                    by: unitIs64Bit ? 64 : 32)
                return overflow ? 0 : product
            case .typedef, .constType, .volatileType, .restrictType, .atomicType,
                .enumerationType:
                break
            case .arrayType:
                for dimension in dimensions(of: entry) {
                    let (product, overflow) = factor.multipliedReportingOverflow(
                        by: UInt64(max(0, dimension.count)))
                    guard !overflow else { return 0 }
                    factor = product
                }
            default: return 0
            }
            guard let next = information.reference(.type, of: entry) else { return 0 }
            entry = next
        }
        return 0
    }

    // Arrays and enumerations ----------------------------------------------------------------

    private func dimensions(of entry: EntryID) -> [(lowerBound: Int64, count: Int64)] {
        information.children(entry).filter { self.information.tag($0) == .subrangeType }.map {
            let attributes = self.information.attributes($0)
            let lower = attributes.signed(.lowerBound) ?? 0
            if let count = attributes.signed(.count), count >= 0 { return (lower, count) }
            guard let upper = attributes.signed(.upperBound) else { return (lower, -1) }
            let (distance, overflow) = upper.subtractingReportingOverflow(lower)
            return (lower, overflow || distance < -1 || distance == .max ? -1 : distance + 1)
        }
    }

    private func makeArray(_ entry: EntryID) -> DebugNode? {
        let gnuVector = Attribute(rawValue: 0x2107)
        guard let element = type(of: entry) else { return nil }
        return builder(entry).array(
            of: element, size: size(of: entry), dimensions: dimensions(of: entry),
            isVector: information.attributes(entry).flag(gnuVector))
    }

    private func makeEnumeration(_ entry: EntryID, _ attributes: Attributes) -> DebugNode {
        let (booleanEncoding, unsignedEncodings): (UInt64, [UInt64]) = (0x02, [0x07, 0x08])
        let builder = builder(entry)
        let base = information.reference(.type, of: entry)
        let encoding = base.flatMap { information.attributes($0).unsigned(.encoding) } ?? 0
        let isUnsigned = encoding == booleanEncoding || unsignedEncodings.contains(encoding)
        let values = information.children(entry)
            .filter { self.information.tag($0) == .enumerator }
            .map { child in
                let value = self.information.attributes(child)
                return builder.enumerator(
                    value.text(.name) ?? "", value: value.signed(.constantValue) ?? 0,
                    isUnsigned: isUnsigned)
            }
        return builder.enumeration(
            declaration(entry, attributes, scope: enclosingScope(of: entry)),
            size: size(of: entry), type: base.flatMap(typeNode), values: Array(values))
    }

    // Composites -----------------------------------------------------------------------------

    private func makeComposite(
        _ kind: DebugInfoBuilder.CompositeKind, _ entry: EntryID, _ attributes: Attributes
    ) -> DebugNode {
        let builder = builder(entry)
        let declaration = declaration(entry, attributes, scope: enclosingScope(of: entry))
        if attributes.flag(.declaration) {
            return builder.forwardDeclaration(kind, declaration)
        }
        let node = builder.composite(
            kind, declaration, size: bits(attributes.unsigned(.byteSize)),
            identifier: "\(information.sectionOffset(of: entry))")
        incompleteTypes.append((entry, node))
        return node
    }

    /// The members of a type. Variants, of which only one is there at a time, lie over each other
    /// as in a union: LLVM's C interface has nothing better.
    private func members(of entry: EntryID, in node: DebugNode) -> [DebugNode] {
        var members: [DebugNode] = []
        var pending = Array(information.children(entry).reversed())
        while let child = pending.popLast() {
            switch information.tag(child) {
            case .member:
                if let member = makeMember(child, in: node) { members.append(member) }
            case .inheritance:
                guard let base = type(of: child) else { break }
                let offset = information.attributes(child).unsigned(.memberLocation)
                members.append(
                    builder(child).inheritance(of: node, from: base, offset: bits(offset)))
            case .variantPart, .variant:
                pending += information.children(child).reversed()
            default: break
            }
        }
        return members
    }

    private func makeMember(_ entry: EntryID, in node: DebugNode) -> DebugNode? {
        let attributes = information.attributes(entry)
        // A static member has a place of its own, as a variable.
        if attributes.flag(.external) || attributes.flag(.declaration) { return nil }
        let declaration = declaration(entry, attributes, scope: node)
        let target = information.reference(.type, of: entry)
        let location = bits(memberOffset(entry, attributes))
        guard let bitSize = attributes.unsigned(.bitSize) else {
            return builder(entry).member(
                declaration, type: target.flatMap(typeNode),
                size: target.map { size(of: $0) } ?? 0, offset: location)
        }
        let storage = max(
            8, bits(attributes.unsigned(.byteSize) ?? 0), target.map { size(of: $0) } ?? 0)
        var offset = attributes.unsigned(.dataBitOffset) ?? location
        if let fromTop = attributes.unsigned(.bitOffset) {
            offset = location &+ storage &- fromTop &- bitSize
        }
        guard bitSize <= 128, offset < 1 << 48 else { return nil }
        return builder(entry).bitField(
            declaration, type: target.flatMap(typeNode), size: bitSize, offset: offset,
            storageOffset: offset / storage * storage)
    }

    private func memberOffset(_ entry: EntryID, _ attributes: Attributes) -> UInt64 {
        if let offset = attributes.unsigned(.memberLocation) { return offset }
        guard let block = attributes.block(.memberLocation) else { return 0 }
        let operations = information.operations(of: block, unit: entry.unitIndex)
        guard operations.count == 1, case .add(let offset) = operations[0] else { return 0 }
        return offset
    }
}
