// How the command line speaks: one line per error, with its remedy behind it, in colour when a
// person is looking. Exit codes: 0, 1 for the input's fault, 2 for usage, 70 for a bug of ours.

internal import ArgumentParser
internal import Compiler
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

enum Diagnostics {
    /// The exit status for command lines that make no sense.
    static let usageStatus: Int32 = 2
    /// The exit status for bugs of ours (EX_SOFTWARE).
    static let bugStatus: Int32 = 70

    /// Ends the process after a failed compilation.
    static func finish(with error: CompilerError) -> Never {
        var text = error.description
        if isColoured {
            text = text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { colour(String($0)) }.joined(separator: "\n")
        }
        if error.exitCode == bugStatus {
            text += "\nnote: this is a bug in smelt, please report it with the module"
        }
        write(text)
        exit(error.exitCode)
    }

    /// Ends the process after anything else than a `CompilerError`: help, a version, wrong usage.
    static func finish(with error: any Error) -> Never {
        let message = Smelt.fullMessage(for: error)
        if Smelt.exitCode(for: error).isSuccess {
            print(message)
            exit(0)
        }
        if !message.isEmpty {
            let isPrefixed = message.hasPrefix("Error: ")
            write(isPrefixed ? "error: " + message.dropFirst("Error: ".count) : message)
        }
        exit(Smelt.exitCode(for: error) == .validationFailure ? usageStatus : bugStatus)
    }

    /// A usage error that is found after parsing.
    static func usage(_ error: GrantError) -> ValidationError { ValidationError("\(error)") }

    private static func write(_ text: String) {
        _ = try? FileDescriptor.standardError.writeAll((text + "\n").utf8)
    }

    /// Colour is for terminals, unless NO_COLOR is set to anything (no-color.org).
    private static var isColoured: Bool {
        if let choice = getenv("NO_COLOR"), choice.pointee != 0 { return false }
        return isatty(STDERR_FILENO) == 1
    }

    private static func colour(_ line: String) -> String {
        for (label, code) in [("error:", "1;31"), ("note:", "1;36")] where line.hasPrefix(label) {
            return "\u{1b}[\(code)m\(label)\u{1b}[0m" + line.dropFirst(label.count)
        }
        return line
    }
}
