// What a proof found.

internal import LLVMKit

/// Why an access is not proved.
public enum UnprovedReason: Sendable, Hashable, CustomStringConvertible {
    /// Nothing bounds the offset from a memory's base, or what bounds it is too large.
    case offset
    /// The same for a table, and for something with a fixed size.
    case tableIndex, object
    /// The address does not come from anything that is known.
    case origin(String)
    /// An address in a memory goes where it cannot be followed.
    case escape

    public var description: String {
        switch self {
        case .offset: "its offset in memory is not bounded"
        case .tableIndex: "its index in a table is not bounded"
        case .object: "it may lie outside of what it points to"
        case .origin(let what): "its address comes from \(what)"
        case .escape: "an address in memory goes where it cannot be followed"
        }
    }
}

/// How many accesses were proved, and which were not.
public struct ProofReport: Sendable {
    /// An access that may leave the sandbox, as far as the proof can tell.
    public struct Failure: Sendable, CustomStringConvertible {
        public var function: String
        /// The instruction as LLVM writes it.
        public var instruction: String
        public var reason: UnprovedReason

        public var description: String { "\(function): \(instruction): \(reason)" }
    }

    public private(set) var provedCount = 0
    public private(set) var failures: [Failure] = []
    /// How many accesses got a check because they were not proved.
    public private(set) var checkedCount = 0

    public init() {}

    /// How many accesses were looked at.
    public var accessCount: Int { provedCount + checkedCount + failures.count }

    mutating func addChecked() { checkedCount += 1 }

    mutating func add(_ outcome: AccessOutcome, in function: IRFunction) {
        switch outcome {
        case .proved: provedCount += 1
        case .unproved(let access, let reason):
            let text = access.instruction.value.text.drop { $0 == " " }
            failures.append(
                Failure(
                    function: function.value.name, instruction: String(text), reason: reason))
        }
    }

    /// Takes over what was found elsewhere.
    public mutating func add(_ other: ProofReport) {
        provedCount += other.provedCount
        checkedCount += other.checkedCount
        failures += other.failures
    }
}
