// The list of known failures: expected-failures.txt says how an entry looks.

import Compiler
import Foundation
import TestSupport
import WastSupport

/// Which commands are known to fail.
struct ExpectedFailures {
    private struct Entry {
        var script: String
        /// Nil for every failure of the script.
        var line: Int?
        /// Nil for every target.
        var target: String?
        var text: String
    }

    private struct MalformedList: Error, CustomStringConvertible {
        var description: String
    }

    private var entries: [Entry] = []

    init() throws {
        let file = TestEnvironment.projectRoot
            .appendingPathComponent("Tests/WastTests/expected-failures.txt")
        for line in try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n") {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let halves = line.components(separatedBy: ": ")
            let words = halves[0].split(separator: " ").map(String.init)
            guard halves.count >= 2, words.count == 3, words[1] == "*" || Int(words[1]) != nil
            else { throw MalformedList(description: "expected-failures.txt: \(line)") }
            entries.append(
                Entry(
                    script: words[0], line: Int(words[1]),
                    target: words[2] == "*" ? nil : words[2], text: line))
        }
    }

    /// What is not as the list says: failures that it does not know, and entries without one.
    func problems(with result: SuiteResult, on target: Target) -> [String] {
        var problems: [String] = []
        var used = Set<Int>()
        let entries = entries.enumerated().filter {
            $0.element.target == nil || $0.element.target == target.triple
        }
        for (script, outcome) in result.outcomes.sorted(by: { $0.key < $1.key }) {
            for failure in outcome.failures {
                let known = entries.filter { entry in
                    entry.element.script == script
                        && (entry.element.line == nil || entry.element.line == failure.line)
                }
                used.formUnion(known.map(\.offset))
                if known.isEmpty {
                    problems.append("\(script):\(failure.line): \(failure.message)")
                }
            }
        }
        for entry in entries where !used.contains(entry.offset) {
            problems.append("passes unexpectedly: \(entry.element.text)")
        }
        return problems
    }
}
