// The last words of a compiler that crashes: that it is our bug, and what to attach to a report.
//
// A signal handler can do next to nothing, so the reports are written when a compilation begins.

internal import LLVMKit
internal import Platform
internal import Synchronization
internal import SystemPackage

/// Crashes of the process that a command line wants reported.
public enum CrashReports {
    /// A report that a signal handler can write.
    private struct Report {
        var text: UnsafeMutablePointer<UInt8>
        var count: Int
    }

    private static let signals: [(number: Int32, name: String)] = [
        (SIGSEGV, "SIGSEGV"), (SIGBUS, "SIGBUS"), (SIGILL, "SIGILL"), (SIGTRAP, "SIGTRAP"),
        (SIGFPE, "SIGFPE"), (SIGABRT, "SIGABRT"),
    ]

    /// The address of an array with one report for each signal number; zero before installation.
    private static let reports = Atomic<UInt>(0)
    private static let capacity = 32

    /// How reports look, and the input that is being compiled.
    private static let subject = Mutex<Subject>(Subject())
    private struct Subject {
        var render: @Sendable (CompilerError) -> String = { "\($0)" }
        var input: CompilerInput?
        /// The input's hash, which takes a while for a large one.
        var digest: String?
    }

    /// Makes crashes end the process with a report on standard error and status 70. For programs;
    /// a library leaves its host's signals alone.
    ///
    /// - Parameter render: How an error is shown.
    public static func install(rendering render: @escaping @Sendable (CompilerError) -> String) {
        subject.withLock { $0.render = render }
        prepare()
        _ = AlternateStack()
        for (number, _) in signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                CrashReports.report(number)
                TemporaryFiles.removeAll()
                _exit(70)
            }
            action.sa_flags = Int32(SA_ONSTACK) | Int32(bitPattern: UInt32(SA_RESETHAND))
            sigaction(number, &action, nil)
        }
        LLVM.onFatalError { reason in
            let reason = reason.map { String(cString: $0) } ?? "no reason given"
            CrashReports.finish(with: CompilerError(.bug("LLVM cannot go on: \(reason)")))
        }
    }

    /// Names the input that is being compiled from now on.
    static func begin(_ input: CompilerInput) {
        guard reports.load(ordering: .acquiring) != 0 else { return }
        let digest = Digest.of(input.bytes)
        subject.withLock { ($0.input, $0.digest) = (input, digest) }
        prepare()
    }

    private static func render(_ error: CompilerError) -> String {
        let subject = subject.withLock { $0 }
        var error = error
        error.inputDigest = subject.digest
        return subject.render(subject.input.map(error.about) ?? error) + "\n"
    }

    /// Writes the reports for later. What was there before is not freed: a signal may come now.
    private static func prepare() {
        let list = UnsafeMutablePointer<Report?>.allocate(capacity: capacity)
        list.initialize(repeating: nil, count: capacity)
        for (number, name) in signals {
            let text = Array(render(CompilerError(.bug("the compiler crashed (\(name))"))).utf8)
            let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
            copy.initialize(from: text, count: text.count)
            list[Int(number)] = Report(text: copy, count: text.count)
        }
        reports.store(UInt(bitPattern: list), ordering: .releasing)
    }

    /// Writes the report for a signal. Safe in a signal handler.
    private static func report(_ number: Int32) {
        let list = UnsafeMutablePointer<Report?>(
            bitPattern: reports.load(ordering: .acquiring))
        guard let report = list?[Int(number)] else { return }
        _ = write(STDERR_FILENO, report.text, report.count)
    }

    private static func finish(with error: CompilerError) -> Never {
        _ = try? FileDescriptor.standardError.writeAll(render(error).utf8)
        TemporaryFiles.removeAll()
        _exit(70)
    }
}

/// A stack for signal handlers, so that they can run when a thread's own is exhausted.
struct AlternateStack {
    private let bytes: UnsafeMutableRawPointer

    /// Gives one to this thread.
    init() {
        let size = 64 << 10
        bytes = .allocate(byteCount: size, alignment: 16)
        var stack = stack_t()
        stack.ss_sp = bytes
        stack.ss_size = size
        sigaltstack(&stack, nil)
    }

    /// Takes it away from the same thread.
    func remove() {
        var stack = stack_t()
        stack.ss_flags = Int32(SS_DISABLE)
        sigaltstack(&stack, nil)
        bytes.deallocate()
    }
}
