// What grants do to a program, on both targets, by each of the three ways that they can be given.

import Compiler
import Foundation
import Testing

/// A way to grant something to a program.
enum GrantWay: String, CaseIterable, Sendable {
    case compiled, environment, run
}

@Suite struct GrantTests {
    private static let refusals = """
        read: done
        write: Read-only file system
        create: Read-only file system
        mkdir: Read-only file system
        unlink: Read-only file system
        rename: Read-only file system

        """

    @Test(arguments: GrantWay.allCases)
    func readOnlyDirectories(way: GrantWay) async throws {
        let folder = try Project.freshFolder("read-only")
        try Data("text".utf8).write(to: folder.appending(path: "file"))
        let arguments = [
            "read", "/data/file", "write", "/data/file", "create", "/data/new", "mkdir",
            "/data/folder", "unlink", "/data/file", "rename", "/data/file",
        ]
        let words = ["--dir", "\(folder.path)::/data:ro"]
        for target in way == .run ? [.host] : Target.allCases {
            let result = try await access(words, arguments, way: way, target: target)
            #expect(result.text == Self.refusals, "\(result.errors)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == ["file"])
    }

    @Test(arguments: GrantWay.allCases)
    func memoryIsLimited(way: GrantWay) async throws {
        let arguments = ["grow", "100000", "grow", "4000000"]
        for target in way == .run ? [.host] : Target.allCases {
            var result = try await access(
                ["--max-memory", "1M"], arguments, way: way, target: target)
            #expect(result.text == "grow: done\ngrow: Out of memory\n", "\(result.errors)")
            result = try await access(["--max-memory=16M"], arguments, way: way, target: target)
            #expect(result.text == "grow: done\ngrow: done\n", "\(result.errors)")
        }
    }

    @Test(arguments: GrantWay.allCases)
    func memoryMustFitItsLimit(way: GrantWay) async throws {
        let result = try await access(["--max-memory", "64K"], [], way: way, target: .host)
        #expect(result.status == 1)
        #expect(
            result.errors.hasSuffix("bytes, and --max-memory allows 65536\n"), "\(result.errors)")
    }

    @Test func whoeverRunsTheProgramHasTheLastWord() async throws {
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        let program = try await Artifacts.shared.program(
            module, for: .host, options: ["--max-memory", "64K"])
        var command = Command([program.path, "grow", "4000000"])
        command.environment = ["SMELT_GRANTS": "--max-memory 16M"]
        #expect(try command.run().text == "grow: done\n")
    }

    @Test(arguments: [
        "--stack-size 5", "--gc-heap 1K",
        "--max-memory 1X", "--what", "--dir", "--listen=1.2.3.4:5 --env A",
    ])
    func wrongGrantsAreNamedAtTheStart(value: String) async throws {
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        let program = try await Artifacts.shared.program(module, for: .host)
        var command = Command([program.path])
        command.environment = ["SMELT_GRANTS": value]
        let result = try command.run()
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("error: SMELT_GRANTS"), "\(result.errors)")
    }

    @Test(arguments: Target.allCases)
    func connectionsAreAccepted(target: Target) async throws {
        let module = try await Artifacts.shared.module("echo.c", in: Project.grants)
        let program = try await Artifacts.shared.program(module, for: target)
        // Sockets come behind directories.
        let port = 20_000 + Int(getpid()) % 20_000 + (target == .host ? 0 : 1)
        let server = target.emulator + [program.path, "4"]
        let grants = "--listen 127.0.0.1:\(port) --dir /tmp::/tmp:ro"
        let client = """
            import socket, subprocess, sys, time
            server = subprocess.Popen(sys.argv[1:], env={"SMELT_GRANTS": "\(grants)"})
            for attempt in range(200):
                try:
                    connection = socket.create_connection(("127.0.0.1", \(port)))
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            connection.sendall(b"question " * 100)
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(4096): answer += part
            print(server.wait(), answer == b"QUESTION " * 100)
            """
        let result = try Command.tool(["python3", "-c", client] + server)
        #expect(result.text == "served\n0 True\n")
    }

    /// The positions of a directory fit wasi-libc's `long`, also on file systems whose own do not;
    /// leaving it is not permitted; and only a terminal is one.
    @Test(arguments: Target.allCases)
    func whatProgramsConclude(target: Target) async throws {
        let module = try await Artifacts.shared.module("positions.c", in: Project.grants)
        let program = try await Artifacts.shared.program(module, for: target)
        let folder = try Project.freshFolder("positions")
        for number in 0..<40 {
            try Data().write(to: folder.appending(path: "file-\(number)"))
        }
        let script = """
            import os, pty, subprocess, sys
            controller, terminal = pty.openpty()
            result = subprocess.run(
                sys.argv[2:], stdin=subprocess.DEVNULL, stderr=terminal, stdout=subprocess.PIPE,
                env={"SMELT_GRANTS": f"--dir {sys.argv[1]}::/data"})
            print(result.stdout.decode())
            """
        let words = ["python3", "-c", script, folder.path] + target.emulator + [program.path]
        let expected = "42 of 42\nOperation not permitted\nOperation not permitted\n0 1\n\n"
        #expect(try Command.tool(words).text == expected)
    }

    /// Runs the program that tries things, with grants given in one of the ways.
    private func access(
        _ words: [String], _ arguments: [String], way: GrantWay, target: Target
    ) async throws -> Command.Result {
        let module = try await Artifacts.shared.module("access.c", in: Project.grants)
        var command: Command
        switch way {
        case .compiled:
            let program = try await Artifacts.shared.program(module, for: target, options: words)
            command = Command(target.emulator + [program.path] + arguments)
        case .environment:
            let program = try await Artifacts.shared.program(module, for: target)
            command = Command(target.emulator + [program.path] + arguments)
            command.environment = ["SMELT_GRANTS": "\(try Grants(words: words).environmentValue)"]
        case .run:
            command = Command([Project.smelt, "run", module.path] + words + ["--"] + arguments)
            command.environment = ["HOME": Project.output.path, "PATH": "/usr/bin"]
        }
        return try command.run()
    }
}
