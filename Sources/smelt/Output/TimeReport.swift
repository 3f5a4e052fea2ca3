// What --time-report prints: where the time of a compilation went.

internal import Compiler
internal import Synchronization

/// Collects what a compilation tells and makes a table of it.
final class TimeReport: Sendable {
    private struct State {
        var stages: [CompilationEvent.Stage: Duration] = [:]
        var parts: [CompilationEvent.Part] = []
    }

    private let state = Mutex(State())

    func observe(_ event: CompilationEvent) {
        state.withLock { state in
            switch event {
            case .finished(let stage, let duration): state.stages[stage, default: .zero] += duration
            case .generated(let part): state.parts.append(part)
            case .planned, .linking: break
            }
        }
    }

    /// What the proof of accesses has found in all parts.
    var accesses: AccessReport {
        state.withLock { state in
            state.parts.reduce(into: AccessReport()) { $0.add($1.accessReport) }
        }
    }

    private static let shownFunctions = 10

    /// The table, for the standard error stream.
    var text: String { state.withLock { Self.text($0.stages, $0.parts) } }

    private static func text(
        _ stages: [CompilationEvent.Stage: Duration], _ parts: [CompilationEvent.Part]
    ) -> String {
        func line(_ name: String, _ duration: Duration) -> String {
            row(seconds(duration), name)
        }
        var lines = ["time, s    stage"]
        lines.append(line("validation", stages[.validation] ?? .zero))
        lines.append(line("code generation", stages[.codeGeneration] ?? .zero))
        let sum = { (time: (CompilationEvent.Part) -> Duration) in
            parts.reduce(Duration.zero) { $0 + time($1) }
        }
        lines.append(line("  lowering, all threads", sum(\.lowering)))
        lines.append(line("  optimization, all threads", sum(\.optimization)))
        lines.append(line("  machine code, all threads", sum(\.emission)))
        lines.append(line("linking", stages[.linking] ?? .zero))
        lines += ["", "time, s    function (estimated by its share of a part's instructions)"]
        for (name, cost) in slowest(parts).prefix(shownFunctions) {
            lines.append(row(cost, name))
        }
        for part in parts where part.isOversized {
            let name = part.sizes.max { $0.instructions < $1.instructions }?.name ?? "a function"
            lines.append(
                "note: \(name) has \(part.codeBytes) bytes of code: too long to be optimised")
        }
        for part in parts where part.unprovedFunctions > 0 {
            let name = part.sizes.first?.name ?? "a function"
            lines.append(
                "note: \(part.unprovedFunctions) functions from \(name) on were compiled again "
                    + "without optimisation: an access in them is not proved to be safe")
        }
        return lines.joined(separator: "\n")
    }

    /// All functions with an estimate of the seconds that they took.
    private static func slowest(
        _ parts: [CompilationEvent.Part]
    ) -> [(name: String, seconds: Double)] {
        let costs = parts.flatMap { part in
            let all = part.sizes.reduce(0) { $0 + $1.instructions }
            let time = seconds(part.lowering + part.optimization + part.emission)
            return part.sizes.map {
                ($0.name, time * Double($0.instructions) / Double(max(1, all)))
            }
        }
        return costs.filter { !$0.0.isEmpty }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }

    private static func row(_ seconds: Double, _ name: String) -> String {
        let milliseconds = Int((seconds * 1000).rounded())
        let fraction = String(1000 + milliseconds % 1000).dropFirst()
        let number = "\(milliseconds / 1000).\(fraction)"
        return String(repeating: " ", count: max(0, 7 - number.count)) + number + "    " + name
    }
}
