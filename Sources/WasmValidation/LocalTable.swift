// The locals of a function: their types, and which have a value (WebAssembly 3.0, sections 3.1.3
// and 3.4.13, appendix A.3.2).
//
// A few bytes can declare fifty thousand locals, and a module can have a million such functions;
// so only the first locals are laid out one by one, and groups behind them stay groups.

import WasmTypes

/// The locals of the function that is being validated.
struct LocalTable {
    private struct Group {
        /// One past the last local of the group.
        var end: LocalIndex
        var type: OperandType
    }

    private static let laidOutCount = 256

    private var laidOut: [OperandType] = []
    private var groups: [Group] = []
    private var parameterCount: LocalIndex = 0
    private(set) var count: LocalIndex = 0
    /// The non-defaultable locals that have been set, in the order in which they were.
    private var initializationLog: [LocalIndex] = []
    private var initialized: Set<LocalIndex> = []

    mutating func removeAll() {
        laidOut.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        parameterCount = 0
        count = 0
        uninitialize(downTo: 0)
    }

    mutating func appendParameter(_ type: OperandType) {
        append(1, of: type)
        parameterCount = count
    }

    /// Appends a group. The sum of all must have been checked to fit.
    mutating func append(_ number: UInt32, of type: OperandType) {
        guard number > 0 else { return }
        count += number
        groups.append(Group(end: count, type: type))
        while laidOut.count < min(Int(count), Self.laidOutCount) { laidOut.append(type) }
    }

    /// The type of a local, or nil if there is none of that index.
    @inline(__always)
    subscript(local: LocalIndex) -> OperandType? {
        if Int(local) < laidOut.count { return laidOut[Int(local)] }
        return local < count ? find(local) : nil
    }

    private func find(_ local: LocalIndex) -> OperandType {
        var low = 0
        var high = groups.count - 1
        while low < high {
            let middle = (low + high) / 2
            if groups[middle].end > local { high = middle } else { low = middle + 1 }
        }
        return groups[low].type
    }

    // Which have a value ------------------------------------------------------------------------

    /// How many non-defaultable locals have been set so far: a mark for `uninitialize`.
    var initializedCount: Int { initializationLog.count }

    /// Whether a local of this type may be read here.
    @inline(__always)
    func isInitialized(_ local: LocalIndex, of type: OperandType) -> Bool {
        type.isDefaultable || local < parameterCount || initialized.contains(local)
    }

    /// Notes that a local has been set.
    @inline(__always)
    mutating func initialize(_ local: LocalIndex, of type: OperandType) {
        guard !type.isDefaultable && local >= parameterCount else { return }
        if initialized.insert(local).inserted { initializationLog.append(local) }
    }

    /// Forgets what was set since a mark was taken, at the end of a block.
    mutating func uninitialize(downTo mark: Int) {
        while initializationLog.count > mark {
            initialized.remove(initializationLog.removeLast())
        }
    }
}
