// Errors of files, as errors of a compilation.

extension CompilerError {
    /// The error of a file.
    package init(_ error: FileError) {
        self.init(.file(error.path, reason: error.reason))
        furtherNotes = error.remedies
    }
}

/// Does what only files can make fail, in a compilation.
package func withFiles<Result: ~Copyable>(
    _ body: () throws(FileError) -> Result
) throws(CompilerError) -> Result {
    do throws(FileError) {
        return try body()
    } catch {
        throw CompilerError(error)
    }
}

extension CompilerError {
    /// Ends a compilation that could not start tools.
    static func checkDescriptors() throws(CompilerError) {
        guard let left = Files.scarceDescriptors else { return }
        let needed = Files.descriptorsOfTools
        var error = CompilerError(
            .option("only \(left) more files can be opened; starting tools takes up to \(needed)"))
        error.furtherNotes = ["raise the limit of open files: ulimit -n 1024"]
        throw error
    }
}
