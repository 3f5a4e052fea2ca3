// The outside programs and files that these tests use.

import Foundation

/// The `wasm-tools` program: the project's own copy, else the one on the PATH.
enum WasmTools {
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let folders =
            [projectRoot.appendingPathComponent(".build/venv/bin").path]
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.map { $0 + "/wasm-tools" }
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }()
}

/// The folder that the package is in.
let projectRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A folder that goes away with its owner.
final class TemporaryDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("validation-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Runs a program without output, and says how it ended.
func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
}
