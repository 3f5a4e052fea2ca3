// The cache of `smelt run` under attack: many processes that want the same program, and die.

import Foundation
import Testing

@Suite struct RunCacheTests {
    private static let processes = 20

    @Test func survivesConcurrentUseAndKilledProcesses() async throws {
        let folder = try Project.freshFolder("cache")
        let module = try await Artifacts.shared.module("exits.c")
        for round in 0..<2 {
            let runs = try (0..<Self.processes).map { _ in
                try Run(["run", "-O\(round)", module.path], cache: folder)
            }
            // Every second one dies, at any moment of the first one's compilation and later.
            let killed = runs.enumerated().filter { $0.offset % 2 == 1 }.map(\.element).shuffled()
            for run in killed {
                usleep(UInt32.random(in: 0...80_000))
                run.kill()
            }
            for run in runs {
                let (status, text) = try run.result()
                let wasKilled = killed.contains { $0 === run } && status == SIGKILL
                #expect(wasKilled || status == 42, "\(text)")
                if status == 42 { #expect(text == "no newline yet\nsecond\nfirst\n") }
            }
            let last = try Run(["run", "-O\(round)", module.path], cache: folder).result()
            #expect(last.status == 42)
            let contents = try Run(["cache"], cache: folder).result().text
            #expect(contents.contains(": \(round + 1) program"), "\(contents)")
        }
    }

    @Test func canBeEmptiedWhileItIsUsed() async throws {
        let folder = try Project.freshFolder("cache")
        let module = try await Artifacts.shared.module("exits.c")
        for _ in 0..<5 {
            let runs = try (0..<2).map { _ in try Run(["run", "-O0", module.path], cache: folder) }
            let clear = try Run(["cache", "--clear"], cache: folder)
            for run in runs { #expect(try run.result().status == 42) }
            _ = try clear.result()
        }
    }
}

/// A compiler that runs beside this process.
private final class Run {
    private let process = Process()
    private let output: URL

    init(_ words: [String], cache: URL) throws {
        output = cache.appending(path: "output-\(UUID().uuidString)")
        try Data().write(to: output)
        process.executableURL = URL(filePath: Project.smelt)
        process.arguments = words
        process.environment = [
            "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": cache.path, "TMPDIR": cache.path,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    /// The exit status, or the number of the signal that ended it, and what it wrote.
    func result() throws -> (status: Int32, text: String) {
        process.waitUntilExit()
        let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        return (process.terminationStatus, text)
    }
}
