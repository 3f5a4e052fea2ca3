// The outside programs that these tests run: a C compiler for both architectures, the linker and
// the emulator.

import Foundation
import Linking
import SystemPackage
import TargetModel

enum TestTools {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static func linker() async throws -> FilePath {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try await LinkerLookup(
            folders: path.split(separator: ":").map { FilePath(String($0)) }
        ).find()
    }

    static func compile(
        _ source: FilePath, to object: FilePath, architecture: Architecture
    ) throws {
        let status = try launch([
            "clang-22", "--target=\(architecture.rawValue)-linux-musl", "-O2", "-ffreestanding",
            "-fno-pie", "-ffunction-sections", "-fno-stack-protector", "-c",
            source.string, "-o", object.string,
        ])
        guard status == 0 else { throw Failure(description: "clang-22 failed") }
    }

    /// The exit status of a program; signals count as 128 and their number.
    static func run(_ program: FilePath, architecture: Architecture) throws -> Int32 {
        try launch(
            architecture == Self.host
                ? [program.string] : ["qemu-\(architecture.rawValue)", program.string])
    }

    private static var host: Architecture {
        #if arch(x86_64)
            .x86_64
        #else
            .aarch64
        #endif
    }

    static func launch(_ command: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        try process.run()
        process.waitUntilExit()
        let signalled = process.terminationReason == .uncaughtSignal
        return signalled ? 128 + process.terminationStatus : process.terminationStatus
    }
}
