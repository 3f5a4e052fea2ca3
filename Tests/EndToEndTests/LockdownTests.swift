// The lockdown: what system calls a program makes, what it may make, and that it dies of all others.
// Only the host's kernel has it; under an emulator programs run without.

import Compiler
import Foundation
import TestSupport
import Testing

@Suite struct LockdownTests {
    private static let module = Project.root
        .appending(path: "Tests/EndToEndTests/lockdown/write-and-exit.wat")

    private static var canFilter: Bool {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        return status.contains("Seccomp:") && Target.host == .x86_64LinuxMusl
    }

    /// A program may make the calls of the functions that it imports, those that traps and exits
    /// take, and no others: every number is tried.
    @Test func onlyWritingAndExitingIsLeft() async throws {
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module(text: Self.module), for: .host)
        let result = try Command([program.path]).run()
        #expect(result.text == "hello\n")
        #expect(result.status == 7)
        // The numbers that survive, of x86-64's: write, writev. The other two that are allowed end
        // the program; uretprobe and uprobe, for the kernel's own probes, pass every filter.
        let survivors = try await survivors(of: program, except: [60, 231, 335, 336])
        #expect(survivors == [1, 20])
    }

    @Test func aProgramWithoutFilesCannotOpenAny() async throws {
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("files.c"), for: .host)
        let (open, openat, mkdirat, openat2) = (2, 257, 258, 437)
        let calls = Set([open, openat, mkdirat, openat2])
        #expect(try await survivors(of: program, only: calls).isEmpty)
        // With a directory it can, and where it can go is bounded (Landlock).
        let some = try await survivors(of: program, grants: "--dir /tmp", only: calls)
        #expect(some == [openat, mkdirat, openat2])
    }

    @Test func filesAreBoundedToGrantedDirectories() async throws {
        guard let strace = TestEnvironment.tool("strace"), Self.canFilter else {
            try Test.cancel("no strace, or no filters of system calls here")
        }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("files.c"), for: .host)
        let folder = try Project.freshFolder("bounded")
        var command = Command([strace, "-e", "trace=/landlock", program.path])
        command.folder = folder
        command.environment = ["SMELT_GRANTS": "--dir . --dir /tmp::/tmp:ro"]
        let calls = try command.run().errors.split(separator: "\n")
        if calls.first?.contains("= -1") == true {
            try Test.cancel("this kernel has no Landlock")
        }
        #expect(
            calls.filter { $0.hasPrefix("landlock_add_rule(") && $0.hasSuffix("= 0") }.count == 2)
        // Only reading files and directories is allowed in what was granted to be read.
        let read = "LANDLOCK_ACCESS_FS_READ_FILE|LANDLOCK_ACCESS_FS_READ_DIR, parent"
        #expect(calls.contains { $0.contains("=\(read)") })
        #expect(calls.contains { $0.hasPrefix("landlock_restrict_self(") && $0.hasSuffix("= 0") })
    }

    @Test func itCanBeTurnedOff() async throws {
        let module = try await Artifacts.shared.module(text: Self.module)
        let getppid = 110
        let open = try await Artifacts.shared.program(
            module, for: .host, options: ["--no-lockdown"])
        #expect(try await survivors(of: open, only: [getppid]) == [getppid])
        let closed = try await Artifacts.shared.program(module, for: .host)
        let grants = "--no-lockdown"
        #expect(try await survivors(of: closed, grants: grants, only: [getppid]) == [getppid])
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        #expect(try await survivors(of: closed, only: [getppid]).isEmpty)
    }

    /// A program that needs nothing but the kernel's strict mode cannot have it where somebody else
    /// has installed a filter, and gets one of its own then.
    @Test func filtersOfOthersAreNoObstacle() async throws {
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module(text: Self.spinning), for: .host)
        let getppid = 110
        var command = try Self.refusing([], program)
        command.environment = ["SMELT_GRANTS": "--try-call \(getppid)"]
        #expect(try command.run().status == 128 + SIGSYS)
        // seccomp(2) alone is not the only way to install one.
        command = try Self.refusing(["317"], program)
        command.environment = ["SMELT_GRANTS": "--try-call \(getppid)"]
        #expect(try command.run().status == 128 + SIGSYS)
    }

    /// What the kernel has and refuses is not done without.
    @Test(arguments: [
        (["317", "157"], "error: cannot lock the program down: seccomp is refused here"),
        (["444"], "error: cannot lock the program down: Landlock is refused here"),
        (["445"], "error: cannot lock the program down: Landlock is refused here"),
        (["446"], "error: cannot lock the program down: Landlock is refused here"),
        (["131"], "error: cannot install signal handlers"),
        (["13"], "error: cannot ignore SIGPIPE"),
        (["158"], "error: arch_prctl(ARCH_SET_GS) is refused here"),
        (["10"], "error: cannot reserve"),
    ])
    func refusalsEndTheProgram(numbers: [String], message: String) async throws {
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("access.c", in: Project.grants), for: .host, options: ["-Os"])
        var command = try Self.refusing(numbers, program, ["read", "/data/file"])
        // Landlock needs prctl, too, and comes first.
        let isFilter = message.contains("seccomp")
        let grants = isFilter ? "" : "--dir .::/data --stack-size 16M"
        command.environment = ["SMELT_GRANTS": grants]
        let refused = try command.run()
        #expect(refused.status == 1)
        #expect(refused.errors.hasPrefix(message), "\(refused.errors)")
        #expect(refused.text.isEmpty)
        // Refusals of other calls are no matter of the lockdown: not a skip.
        guard message.contains("lock") else { return }
        #expect(refused.errors.contains("the grant --no-lockdown does without"))
        command.environment = ["SMELT_GRANTS": grants + " --no-lockdown"]
        let free = try command.run()
        #expect(free.text.hasPrefix("read: "), "\(free.errors)")
    }

    /// A filter that answers for the calls that install another one is not taken for a kernel without
    /// filters, nor for one that has installed it.
    @Test(arguments: [["157"], ["317", "157"]], [0, EINVAL, ENOSYS])
    func answersOfFiltersAreNotBelieved(numbers: [String], error: Int32) async throws {
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        for module in [
            try await Artifacts.shared.module("access.c", in: Project.grants),
            try await Artifacts.shared.module(text: Self.spinning),
        ] {
            let program = try await Artifacts.shared.program(module, for: .host)
            var command = try Self.refusing(numbers, program, with: error)
            command.environment = ["SMELT_GRANTS": "--try-call 110"]
            let result = try command.run()
            #expect(result.status == 1)
            let message = "error: cannot lock the program down: seccomp is refused here"
            #expect(result.errors.hasPrefix(message), "\(result.errors)")
        }
    }

    /// One way to install a filter is enough.
    @Test(arguments: [0, EINVAL, ENOSYS])
    func oneWayToAFilterIsEnough(error: Int32) async throws {
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("access.c", in: Project.grants), for: .host)
        var command = try Self.refusing(["317"], program, with: error)
        command.environment = ["SMELT_GRANTS": "--try-call 110"]
        #expect(try command.run().status == 128 + SIGSYS)
    }

    /// What the kernel does not have is (emulators have no seccomp).
    @Test func kernelsWithoutLandlockAreNoObstacle() async throws {
        guard Self.canFilter else { try Test.cancel("no filters of system calls here") }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("access.c", in: Project.grants), for: .host)
        for error in [ENOSYS, EOPNOTSUPP] {
            var command = try Self.refusing(["444"], program, ["read", "/data/file"], with: error)
            command.environment = ["SMELT_GRANTS": "--dir .::/data"]
            let result = try command.run()
            #expect(result.text == "read: No such file or directory\n", "\(result.errors)")
        }
    }

    /// A hello world touches no file, and once it runs it writes and exits.
    @Test func helloWorldWritesAndExits() async throws {
        guard let strace = TestEnvironment.tool("strace"), Self.canFilter else {
            try Test.cancel("no strace, or no filters of system calls here")
        }
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module("hello.c"), for: .host)
        let traced = try Command([strace, "-e", "trace=%file", program.path]).run()
        let files = traced.errors.split(separator: "\n").filter { !$0.hasPrefix("+++") }
        #expect(files.count == 1)
        #expect(files.first?.hasPrefix("execve(") == true, "\(traced.errors)")

        let all = try Command([strace, program.path]).run().errors.split(separator: "\n")
        let start = try #require(all.lastIndex { $0.hasPrefix("seccomp(") })
        let calls = all[(start + 1)...].map { String($0.prefix { $0 != "(" }) }
        #expect(calls.filter { $0 != "writev" } == ["exit_group", "+++ exited with 0 +++"])
    }

    private static let spinning = Project.root
        .appending(path: "Tests/EndToEndTests/lockdown/spinning.wat")

    /// The program under a filter that refuses some calls of x86-64.
    private static func refusing(
        _ numbers: [String], _ program: URL, _ arguments: [String] = [], with error: Int32 = EPERM
    ) throws -> Command {
        let script = Project.root.appending(path: "Tests/EndToEndTests/lockdown/refusing.py")
        return Command(
            [
                "/usr/bin/python3", script.path, "\(error)", numbers.joined(separator: ","),
                program.path,
            ] + arguments)
    }

    /// Which calls, by number, the program survives when it makes them in place of its guest.
    private func survivors(
        of program: URL, grants: String = "", only: Set<Int>? = nil, except: Set<Int> = []
    ) async throws -> [Int] {
        let numbers = (only ?? Set(0..<470)).subtracting(except).sorted()
        let script = """
            import subprocess, sys
            for number in sys.argv[2:]:
                result = subprocess.run(
                    [sys.argv[1]], stdin=subprocess.DEVNULL, capture_output=True,
                    env={"SMELT_GRANTS": "\(grants) --try-call " + number})
                if result.returncode == 1 and b"was allowed" in result.stderr:
                    print(number)
                elif result.returncode != -31:
                    sys.exit(f"{number}: {result}")
            """
        let words = ["python3", "-c", script, program.path] + numbers.map(String.init)
        return try Command.tool(words).text.split(separator: "\n").compactMap { Int($0) }
    }
}

@Suite struct EmulatedLockdownTests {
    /// The filter of AArch64 cannot be tried here, so what programs call after the point at which
    /// it is installed is compared with the list that it is made of.
    @Test(arguments: ["files.c", "clocks.c", "arguments.c", "growing_memory.c", "word_count.c"])
    func everyCallIsOnTheList(source: String) async throws {
        let program = try await Artifacts.shared.program(
            Artifacts.shared.module(source), for: .aarch64LinuxMusl)
        let folder = try Project.freshFolder("listed")
        let script = Project.root.appending(path: "Tests/EndToEndTests/lockdown/listed_calls.py")
        var command = Command(["/usr/bin/python3", script.path, program.path])
        command.environment = ["SMELT_GRANTS": "--dir .", "PATH": "/usr/bin"]
        command.folder = folder
        let result = try command.run()
        #expect(result.status == 0, "\(result.errors)")
    }
}
