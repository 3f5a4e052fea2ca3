// The names that debuggers and profilers show: after the link, functions of the module lose the
// prefix that kept them apart from the runtime's and libc's until then.

public import SystemPackage

/// Gives the symbols of an executable their final names, in place.
public enum SymbolNames {
    /// What stands in front of the names of the module's functions in objects.
    static let prefix = "wasm."
    /// Renames the symbols of an executable.
    public static func finish(_ path: FilePath) throws(LinkError) {
        do {
            let file = try FileDescriptor.open(path, .readWrite)
            try file.closeAfter { try finish(file) }
        } catch let error as LinkError {
            throw error
        } catch {
            throw .file(path: path, reason: "cannot name the symbols: \(error)")
        }
    }

    private static func finish(_ file: FileDescriptor) throws {
        let image = try ELFFile(try ELFFile.contents(of: file))
        for symbol in image.symbols where symbol.name.hasPrefix(prefix) {
            // The linker shares the ends of names, so this is a name, too.
            try write(symbol.nameOffset + UInt32(prefix.utf8.count), at: symbol, of: file)
        }
    }

    private static func write(
        _ nameOffset: UInt32, at symbol: ELFFile.Symbol, of file: FileDescriptor
    ) throws {
        try withUnsafeBytes(of: nameOffset.littleEndian) { bytes in
            _ = try file.writeAll(toAbsoluteOffset: Int64(symbol.position), bytes)
        }
    }
}
