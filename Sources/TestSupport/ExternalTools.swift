// Programs and files that tests use but that are not part of the project. A test without them is
// skipped: a fresh checkout must be testable, and a run says what it left out.

public import Foundation

/// Where tests find things.
public enum TestEnvironment {
    /// The folder that the package is in.
    public static let projectRoot = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Test data that is not kept in the repository: `SMELT_TEST_DATA`, else the folder `shared`
    /// beside the project.
    public static let data: URL = {
        if let path = ProcessInfo.processInfo.environment["SMELT_TEST_DATA"] {
            return URL(fileURLWithPath: path)
        }
        return projectRoot.deletingLastPathComponent().appendingPathComponent("shared")
    }()

    /// A program of the project's own tools, else one on the PATH; nil if there is none.
    public static func tool(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders =
            [projectRoot.appendingPathComponent(".build/venv/bin").path]
            + path.split(separator: ":").map(String.init)
        return folders.map { $0 + "/" + name }
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }
}

/// A folder that goes away with its owner.
public final class TemporaryDirectory: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("smelt-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Runs a program and returns what it wrote, standard error left out; nil if it failed.
public func output(of program: String, _ arguments: [String]) throws -> Data? {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data : nil
}
