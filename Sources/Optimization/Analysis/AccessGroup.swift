// Accesses of a loop that move together.
//
// sandbox: `VersionCheck` rests on the bounds here. Distances in a group are less than 2^25, so positions,
// with the offset of an access, are less than 2^42.

internal import LLVMKit

/// Accesses that keep constant distances from one another.
struct AccessGroup {
    let base: IRValue
    /// The index of the lowest access, as the wrapping arithmetic of its width sees it.
    private(set) var lowest: AffineExpression
    private(set) var accesses: [MemoryAccess]
    var isWritten: Bool { accesses.contains(where: \.isStore) }

    /// Larger steps are not worth the thought.
    static let maximumStep: Int64 = 1 << 20
    /// Accesses that are further from a group's first one are kept as groups of their own.
    private static let maximumDistance: Int64 = 1 << 24

    private init(_ access: MemoryAccess) {
        base = access.address.base
        lowest = access.address.index
        accesses = [access]
    }

    /// The groups of a loop, in the order of their first access; nil if a step is too large.
    static func groups(of accesses: [MemoryAccess]) -> [AccessGroup]? {
        var groups: [AccessGroup] = []
        for access in accesses {
            let step = access.address.index.step.signedConstant ?? 0
            if step.magnitude > maximumStep { return nil }
            if !groups.indices.contains(where: { groups[$0].add(access) }) {
                groups.append(AccessGroup(access))
            }
        }
        return groups
    }

    private mutating func add(_ access: MemoryAccess) -> Bool {
        let first = accesses[0].address.index
        guard access.address.base == base,
            let distance = first.distance(to: access.address.index)?.signedConstant,
            distance.magnitude < Self.maximumDistance
        else { return false }
        append(access)
        return true
    }

    private mutating func append(_ access: MemoryAccess) {
        accesses.append(access)
        if indexDistance(of: access) < 0 { lowest = access.address.index }
    }

    /// Whether the group stays where it is, and what it stores is loaded again.
    func isSum(in loop: NaturalLoop) -> Bool {
        lowest.step.signedConstant == 0
            && accesses.contains { store in
                store.isStore && [loop.header, loop.latch].contains(store.instruction.block)
                    && accesses.contains { !$0.isStore && position(of: $0) == position(of: store) }
            }
    }

    /// The group with some of its accesses only; nil if none is left.
    func keeping(_ isKept: (IRInstruction) -> Bool) -> AccessGroup? {
        let kept = accesses.filter { isKept($0.instruction) }
        guard let first = kept.first else { return nil }
        var group = AccessGroup(first)
        for access in kept.dropFirst() { group.append(access) }
        return group
    }

    /// How far the index of an access lies above the lowest one, in bytes.
    func indexDistance(of access: MemoryAccess) -> Int64 {
        lowest.distance(to: access.address.index)!.signedConstant!
    }

    /// Where an access lies relative to the lowest index, constant offset included.
    func position(of access: MemoryAccess) -> Int64 {
        indexDistance(of: access) + access.address.offset
    }
}
