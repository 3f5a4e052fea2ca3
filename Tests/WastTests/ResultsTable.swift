// The counts of a run as a table, which is kept in the repository: RESULTS.md.

import Compiler
import Foundation
import TestSupport

/// The counts of all scripts on all targets.
struct ResultsTable {
    private let text: String

    init(_ results: [Target: SuiteResult]) {
        let targets = Target.allCases.filter { results[$0] != nil }
        var lines = [
            "# The official test suite", "",
            "Commands of each script that passed, failed and were skipped, by target. Written by",
            "WastTests with SMELT_UPDATE_RESULTS=1; Tests/suites.txt says for which revision of the suite.",
            "",
        ]
        lines.append("| script | " + targets.map(\.triple).joined(separator: " | ") + " |")
        lines.append("|---|" + targets.map { _ in "---|" }.joined())
        func row(_ name: String, _ counts: (Target) -> Counts) {
            let cells = targets.map { target in
                let counts = counts(target)
                return "\(counts.passed) / \(counts.failed) / \(counts.skipped)"
            }
            lines.append("| \(name) | " + cells.joined(separator: " | ") + " |")
        }
        row("**all**") { results[$0]!.total }
        for script in Set(results.values.flatMap(\.outcomes.keys)).sorted() {
            row(script) { target in
                results[target]!.outcomes[script].map(Counts.init) ?? Counts()
            }
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static let file = TestEnvironment.projectRoot
        .appendingPathComponent("Tests/WastTests/RESULTS.md")

    /// Whether the table in the repository is this one.
    var isUpToDate: Bool { (try? String(contentsOf: Self.file, encoding: .utf8)) == text }

    func write() throws { try text.write(to: Self.file, atomically: true, encoding: .utf8) }
}
