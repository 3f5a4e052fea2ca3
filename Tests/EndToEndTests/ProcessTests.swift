// Programs as processes: the signals that end them, the streams and the environment that they are
// started with, and who starts them.

import Compiler
import Foundation
import TestSupport
import Testing

@Suite struct ProcessTests {
    private static let folder = Project.root.appending(path: "Tests/EndToEndTests/lockdown")

    private static func script(_ name: String) -> String { folder.appending(path: name).path }

    /// Runs Python, which tells a signal from a status.
    private func python(_ script: String, _ arguments: [String]) throws -> String {
        // This process may have blocked some signals, and what it starts inherits that.
        let unblock = "import signal; signal.pthread_sigmask(signal.SIG_SETMASK, [])\n"
        return try Command.tool(["python3", "-c", unblock + script] + arguments).text
    }

    // Signals --------------------------------------------------------------------------------

    /// WASI's numbers and Linux's: hang-up, an illegal instruction, an abort, kill, a fault, a broken
    /// pipe, an alarm, termination, a bad system call.
    @Test(
        arguments: Target.allCases,
        [(1, 1), (4, 4), (6, 6), (9, 9), (11, 11), (13, 13), (14, 14), (15, 15), (30, 31)])
    func raisedSignals(target: Target, numbers: (wasi: Int, linux: Int)) async throws {
        let module = try await Artifacts.shared.module("raise.c", in: Self.folder)
        let program = try await Artifacts.shared.program(module, for: target)
        // Standard output is a pipe, and a directory is granted: broken pipes are ignored.
        let script = """
            import subprocess, sys
            result = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    env={"SMELT_GRANTS": "--dir ."})
            print(-result.returncode, result.stdout.decode().strip(), b"wasm trap" in result.stderr)
            """
        let output = try python(script, target.emulator + [program.path, "\(numbers.wasi)"])
        #expect(output == "\(numbers.linux) ready False\n")
    }

    /// Signals from outside, among them those that mean a trap if the code raises them.
    @Test(arguments: Target.allCases, ["SIGSEGV", "SIGILL", "SIGTRAP", "SIGTERM", "SIGUSR1"])
    func sentSignals(target: Target, signal: String) async throws {
        let module = try await Artifacts.shared.module("raise.c", in: Self.folder)
        let program = try await Artifacts.shared.program(module, for: target)
        let script = """
            import signal, subprocess, sys
            process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.readline()
            process.send_signal(signal.\(signal))
            print(process.wait() == -signal.\(signal), b"wasm trap" in process.stderr.read())
            """
        #expect(try python(script, target.emulator + [program.path]) == "True False\n")
    }

    /// The same in the kernel's strict mode, which leaves no call that could raise one.
    @Test(arguments: ["SIGSEGV", "SIGILL", "SIGTERM"])
    func sentSignalsInStrictMode(signal: String) async throws {
        let module = try await Artifacts.shared.module(
            text: Self.folder.appending(path: "spinning.wat"))
        let program = try await Artifacts.shared.program(module, for: .host)
        let script = """
            import signal, subprocess, sys, time
            process = subprocess.Popen(sys.argv[1:], stderr=subprocess.PIPE)
            for attempt in range(200):
                status = open(f"/proc/{process.pid}/status").read()
                if "spinning" in status and "Seccomp:\\t0" not in status: break
                time.sleep(0.02)
            process.send_signal(signal.\(signal))
            print(process.wait() == -signal.\(signal), b"wasm trap" in process.stderr.read())
            """
        #expect(try python(script, [program.path]) == "True False\n")
    }

    /// The kernel goes on with a call of its own when a program that waits was stopped.
    @Test func waitingIsStoppedAndContinued() async throws {
        let module = try await Artifacts.shared.module(
            text: Self.folder.appending(path: "wait.wat"))
        let program = try await Artifacts.shared.program(module, for: .host)
        let script = """
            import signal, subprocess, sys, time
            process = subprocess.Popen(sys.argv[1:])
            time.sleep(0.5)
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.2)
            process.send_signal(signal.SIGCONT)
            print(process.wait())
            """
        #expect(try python(script, [program.path]) == "2\n")
    }

    // Streams --------------------------------------------------------------------------------

    /// No file of the guest gets the number at which the runtime reports, whoever closed it.
    @Test(arguments: Target.allCases, ["<&- >&- 2>&-", "2>&-", "<&-", ""])
    func closedStreams(target: Target, closed: String) async throws {
        let module = try await Artifacts.shared.module("streams.c", in: Self.folder)
        let program = try await Artifacts.shared.program(module, for: target)
        let closesItself = closed.isEmpty || !closed.contains(">&-")
        let folder = try Project.freshFolder("closed")
        let words = target.emulator + [program.path] + (closesItself ? ["close"] : [])
        var command = Command(["/bin/sh", "-c", "\"$@\" \(closed)", "sh"] + words)
        command.environment = ["SMELT_GRANTS": "--dir .::/data"]
        command.folder = folder
        let result = try command.run()
        #expect(result.status == 134)
        #expect(result.text == (closed == "2>&-" ? "lost" : ""))
        let isTold = !closed.contains("2>&-")
        #expect(result.errors.isEmpty != isTold, "\(result.errors)")
        let files = try (0..<3).map {
            try String(contentsOf: folder.appending(path: "\($0)"), encoding: .utf8)
        }
        let written = closed == "2>&-" ? "1 4 Success" : "1 -1 Bad file descriptor"
        #expect(files.map(Array.init) == ["\(written)\n", "", ""].map(Array.init))
    }

    // More rights than who starts it ---------------------------------------------------------

    /// How a program gets more rights than those of the user that starts it.
    enum Privilege: String, CaseIterable {
        case none, setUserID, setGroupID, capability
    }

    /// Emulators are not privileged, and would start the program for the user.
    @Test(arguments: [Target.host], Privilege.allCases)
    func theEnvironmentCannotBeTrusted(target: Target, privilege: Privilege) async throws {
        guard geteuid() == 0, let setpriv = TestEnvironment.tool("setpriv") else {
            try Test.cancel("not root, or no setpriv")
        }
        let module = try await Artifacts.shared.module("environment.c", in: Self.folder)
        let compiled = try await Artifacts.shared.program(
            module, for: target, options: ["--inherit-env=TMPDIR", "--env", "OWN=1"])
        let script = """
            import os, shutil, struct, subprocess, sys, tempfile
            kind, compiled, setpriv = sys.argv[1:]
            with tempfile.TemporaryDirectory(dir="/tmp") as folder:
                os.chmod(folder, 0o755)
                program, secrets = folder + "/program", folder + "/secrets"
                shutil.copy(compiled, program)
                os.mkdir(secrets, 0o755)
                open(secrets + "/secret", "w").close()
                modes = {"setUserID": 0o4755, "setGroupID": 0o2755}
                os.chmod(program, modes.get(kind, 0o755))
                if kind == "capability":
                    # Version 2 of the attribute, effective: to bind to low ports.
                    bits = struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0)
                    os.setxattr(program, "security.capability", bits)
                grants = f"--dir {secrets}::/data --env GRANTED=1 --no-lockdown"
                result = subprocess.run(
                    [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", program],
                    env={"SMELT_GRANTS": grants, "SMELT_BACKTRACE": "0", "TMPDIR": "/x"},
                    capture_output=True)
                print(result.returncode, result.stdout.split(b"\\n"), b" 0: " in result.stderr)
            """
        let output = try python(script, [privilege.rawValue, compiled.path, setpriv])
        let trusted =
            "134 [b'TMPDIR=/x', b'OWN=1', b'GRANTED=1', b'a secret', b''] False\n"
        let bare = "134 [b'OWN=1', b'no secret', b''] True\n"
        #expect(output == (privilege == .none ? trusted : bare))
    }
}
