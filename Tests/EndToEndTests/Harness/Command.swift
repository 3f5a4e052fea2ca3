// Running a program with exact arguments, environment and input, and keeping all that it says.

import Foundation

/// A command line and its surroundings.
struct Command {
    var words: [String]
    /// The whole environment; nothing is inherited.
    var environment: [String: String] = [:]
    var input = Data()
    var folder: URL?

    init(_ words: [String]) { self.words = words }

    /// What a finished command left behind.
    struct Result: Equatable {
        var output: Data
        var errors: String
        /// The exit status; 128 and the number for signals.
        var status: Int32

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Seconds after which a program is taken for hanging.
    private static let timeLimit = 240

    /// Runs to the end. Streams go through files, so that no pipe can fill up.
    func run() throws -> Result {
        let scratch = try Project.freshFolder("run")
        defer { try? FileManager.default.removeItem(at: scratch) }
        func file(_ name: String, _ data: Data = Data()) throws -> URL {
            let url = scratch.appending(path: name)
            try data.write(to: url)
            return url
        }
        let output = try file("output")
        let errors = try file("errors")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=5", "\(Self.timeLimit)"] + words
        process.environment = environment
        process.currentDirectoryURL = folder ?? scratch
        process.standardInput = try FileHandle(forReadingFrom: try file("input", input))
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        return Result(
            output: try Data(contentsOf: output),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
            status: isSignal ? 128 + process.terminationStatus : process.terminationStatus)
    }

    /// Runs a tool that has to succeed, with the environment of this process.
    @discardableResult
    static func tool(_ words: [String], input: Data = Data(), folder: URL? = nil) throws -> Result {
        var command = Command(["/usr/bin/env"] + words)
        command.environment = ProcessInfo.processInfo.environment
        command.input = input
        command.folder = folder
        let result = try command.run()
        guard result.status == 0 else {
            throw Failure(
                description: "\(words.joined(separator: " ")): status \(result.status)\n"
                    + result.errors)
        }
        return result
    }
}
