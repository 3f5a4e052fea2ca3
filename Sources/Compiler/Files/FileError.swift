// What goes wrong with files. It knows of nothing but files; `CompilerError` takes it in where a
// compilation ends for it.

internal import Linking
package import SystemPackage

/// A file that could not be read, written, made or found.
package struct FileError: Error, Sendable, CustomStringConvertible {
    /// The file, as the user called it.
    package var path: FilePath
    /// What is wrong with it.
    package var reason: String
    /// What can be done about it.
    package var remedies: [String] = []

    package var description: String { "\(path.readable): \(reason)" }

    package init(_ path: FilePath, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// Nothing goes without /proc: it is how a process finds itself, and its files again.
    static var noProc: FileError {
        var error = FileError("/proc/self", "not there")
        error.remedies = ["mount it: mount -t proc proc /proc"]
        return error
    }
}
