// One run of the whole suite for one target, on all processors.

import Compiler
import Foundation
import SystemPackage
import TestSupport
import WastSupport

/// What came of all scripts.
struct SuiteResult: Sendable {
    /// By the script's name.
    var outcomes: [String: WastOutcome] = [:]
    var seconds = 0

    var total: Counts {
        outcomes.values.reduce(into: Counts()) { $0.add(Counts($1)) }
    }

    var skips: [(script: String, skip: WastSkip)] {
        outcomes.sorted { $0.key < $1.key }.flatMap { entry in
            entry.value.skips.map { (entry.key, $0) }
        }
    }
}

/// Numbers of commands.
struct Counts: Sendable, Hashable, CustomStringConvertible {
    var passed = 0
    var failed = 0
    var skipped = 0

    init() {}

    init(_ outcome: WastOutcome) {
        passed = outcome.passed
        failed = outcome.failures.count
        skipped = outcome.skips.count
    }

    mutating func add(_ other: Counts) {
        passed += other.passed
        failed += other.failed
        skipped += other.skipped
    }

    var description: String { "\(passed) passed, \(failed) failed, \(skipped) skipped" }
}

/// Runs the suite.
struct SuiteRun {
    let target: Target
    let level: OptimizationLevel

    /// The scripts of WebAssembly 3.0, of the proposals that Smelt knows, and of the Component Model.
    static let scripts = coreScripts + componentScripts

    /// Those of asynchronous functions are not run yet.
    private static let componentScripts = ComponentSuite.scripts.filter {
        !$0.hasPrefix("async/")
    }.map { componentPrefix + $0 }
    private static let componentPrefix = "component/"

    private static let coreScripts = SpecificationSuite.scripts.filter { name in
        let folders = ["threads", "wide-arithmetic", "custom-page-sizes"]
        return !name.contains("/") || name.hasPrefix("legacy/")
            || folders.contains { name.hasPrefix("proposals/\($0)/") }
    }

    /// The runtime that `make build` leaves behind, and the tools of the tests.
    static let toolchain: Toolchain = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let root = TestEnvironment.projectRoot
        return Toolchain(
            libraryFolder: FilePath(root.appendingPathComponent(".build/smelt/lib/smelt").path),
            searchFolders: [FilePath(root.appendingPathComponent(".build/venv/bin").path)]
                + path.split(separator: ":").map { FilePath(String($0)) })
    }()

    /// Why nothing can be run, nil if it can.
    static var missing: String? {
        TestEnvironment.tool("wasm-tools") == nil ? "no wasm-tools" : nil
    }

    private static func file(of script: String, scratch: URL) throws -> URL {
        guard script.hasPrefix(componentPrefix) else {
            return try SpecificationSuite.file(of: script, scratch: scratch)
        }
        let name = script.dropFirst(componentPrefix.count)
        return ComponentSuite.folder.appendingPathComponent("\(name).wast")
    }

    func run() async throws -> SuiteResult {
        let start = Date()
        let runner = try await WastRunner(
            target: target, optimization: level, toolchain: Self.toolchain)
        var result = SuiteResult()
        let scratch = try TemporaryDirectory()
        try await withThrowingTaskGroup(of: (String, WastOutcome).self) { group in
            var waiting = Self.scripts[...]
            func startNext() {
                guard let script = waiting.popFirst() else { return }
                let folder = scratch.url
                group.addTask {
                    let file = try Self.file(of: script, scratch: folder)
                    return (script, try await runner.run(FilePath(file.path)))
                }
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { startNext() }
            while let (script, outcome) = try await group.next() {
                result.outcomes[script] = outcome
                startNext()
            }
        }
        withExtendedLifetime(scratch) {}
        result.seconds = Int(Date().timeIntervalSince(start))
        return result
    }
}
