// The official test suite, run by compiled code on both targets: every script, with the known
// failures in one list and the counts in one table.
//
// Switches: SMELT_UPDATE_RESULTS=1 rewrites the table; SMELT_WAST_LEVEL=O0 (O1, O2, O3) chooses
// how much is optimised, with the same results expected of every level.

import Compiler
import Foundation
import SystemPackage
import TestSupport
import Testing
import WastSupport

@Suite(.serialized) struct WastTests {
    /// Every command of every script does what the script says, apart from the known failures,
    /// and nothing is skipped.
    @Test func officialSuite() async throws {
        if let missing = SpecificationSuite.missing { try Test.cancel("\(missing)") }
        let expected = try ExpectedFailures()
        var results: [Target: SuiteResult] = [:]
        for target in Target.allCases {
            let result = try await SuiteRun(target: target, level: Self.level).run()
            print("\(target.triple): \(result.total) in \(result.seconds) s")
            for problem in expected.problems(with: result, on: target) {
                Issue.record("\(target.triple): \(problem)")
            }
            for (script, skip) in result.skips {
                Issue.record("\(target.triple): \(script):\(skip.line) skipped: \(skip.reason)")
            }
            results[target] = result
        }
        // The table is that of the standard level: not a skip.
        guard Self.level == .standard else { return }
        let table = ResultsTable(results)
        if ProcessInfo.processInfo.environment["SMELT_UPDATE_RESULTS"] == "1" {
            try table.write()
        } else {
            #expect(table.isUpToDate, "RESULTS.md is old: SMELT_UPDATE_RESULTS=1 rewrites it")
        }
    }

    /// A script in which everything is wrong: each command must fail, with the message that stands
    /// in the comment behind `FAILS`.
    @Test(arguments: Target.allCases) func failuresAreSeen(target: Target) async throws {
        if let missing = SuiteRun.missing { try Test.cancel("\(missing)") }
        let file = TestEnvironment.projectRoot
            .appendingPathComponent("Tests/WastTests/scripts/failures.wast")
        let lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        var expected: [Int: String] = [:]
        for (index, line) in lines.enumerated() {
            guard let mark = line.range(of: ";; FAILS ") else { continue }
            expected[index + 1] = String(line[mark.upperBound...])
        }
        let runner = try await WastRunner(target: target, toolchain: SuiteRun.toolchain)
        let outcome = try await runner.run(FilePath(file.path))
        for failure in outcome.failures {
            let wanted = expected.removeValue(forKey: failure.line)
            #expect(failure.message == wanted, "line \(failure.line)")
        }
        #expect(expected.isEmpty, "these did not fail")
        #expect(outcome.skips.isEmpty)
    }

    /// A program that hangs is ended, one that crashes is noticed; what came before counts.
    @Test(arguments: Target.allCases) func theEndOfAProgramIsSeen(target: Target) async throws {
        if let missing = SuiteRun.missing { try Test.cancel("\(missing)") }
        var runner = try await WastRunner(target: target, toolchain: SuiteRun.toolchain)
        runner.timeLimit = 2
        let outcome = try await runner.run(
            FilePath(
                TestEnvironment.projectRoot
                    .appendingPathComponent("Tests/WastTests/scripts/hangs.wast").path))
        #expect(outcome.passed == 2)
        #expect(
            outcome.failures.map(\.message) == [
                "invoke \"hang\": the time limit was exceeded",
                "invoke \"one\": not performed: the time limit was exceeded",
            ])
    }

    /// Our own scripts, for what the official ones leave out.
    @Test(
        arguments: Target.allCases,
        ["waiting.wast", "exceptions.wast", "legacy-exceptions.wast"])
    func ownScripts(target: Target, name: String) async throws {
        if let missing = SuiteRun.missing { try Test.cancel("\(missing)") }
        let file = TestEnvironment.projectRoot
            .appendingPathComponent("Tests/WastTests/scripts/\(name)")
        for level in OptimizationLevel.allCases {
            var runner = try await WastRunner(
                target: target, optimization: level, toolchain: SuiteRun.toolchain)
            runner.timeLimit = 20
            let outcome = try await runner.run(FilePath(file.path))
            #expect(outcome.failures.map(\.message).isEmpty, "\(level) \(outcome.failures)")
            #expect(outcome.passed > 0 && outcome.skips.isEmpty)
        }
    }

    private static let level: OptimizationLevel = {
        let name = ProcessInfo.processInfo.environment["SMELT_WAST_LEVEL"]
        return name.flatMap(OptimizationLevel.init(rawValue:)) ?? .standard
    }()
}
