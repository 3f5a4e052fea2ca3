// What the proof of accesses says about compiled code.

internal import AccessProof
package import Lowering

/// Accesses to memory that were looked at, and those that are not known to stay in the sandbox.
public struct AccessReport: Sendable {
    /// Where in a compilation was looked.
    public enum Stage: Sendable, Hashable, CaseIterable {
        /// Behind our own changes of loops, before LLVM's.
        case loops
        /// Before machine code is made.
        case end
    }

    /// How many accesses there were.
    public private(set) var counts: [Stage: Int] = [:]
    /// What is not proved: where, what, and why.
    public private(set) var failures: [(stage: Stage, reason: String, text: String)] = []

    /// Nothing was looked at.
    public init() {}

    /// What was found about a unit.
    package init(_ unit: CompiledUnit) {
        add(unit.loopProof, .loops)
        add(unit.finalProof, .end)
    }

    private mutating func add(_ report: ProofReport, _ stage: Stage) {
        counts[stage, default: 0] += report.accessCount
        for failure in report.failures {
            failures.append((stage, "\(failure.reason)", "\(failure)"))
        }
    }

    /// Takes over what was found elsewhere.
    public mutating func add(_ other: Self) {
        counts.merge(other.counts, uniquingKeysWith: +)
        failures += other.failures
    }

    /// Everything, for people.
    public var text: String {
        var lines = failures.map { "unproved (\($0.stage)): \($0.text)" }
        for stage in Stage.allCases {
            let found = failures.filter { $0.stage == stage }
            lines.append(
                "\(stage): \(counts[stage, default: 0]) accesses, \(found.count) not proved")
            let reasons = Dictionary(grouping: found, by: \.reason).mapValues(\.count)
            for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                lines.append("  \(count): \(reason)")
            }
        }
        return lines.joined(separator: "\n")
    }
}
