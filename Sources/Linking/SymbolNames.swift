// The names that debuggers and profilers show: after the link, functions of the module lose the
// prefix that kept them apart from the runtime's and libc's until then.

public import SystemPackage

/// Gives the symbols of an executable their final names, in place.
public enum SymbolNames {
    /// What stands in front of the names of the module's functions in objects.
    static let prefix = "wasm."
    /// The runtime's entry point has to be called `main` in the link, and so may a function of the
    /// module be: a breakpoint on `main` is meant for that one.
    static let entryPoint = (linked: "main", final: "smelt_main")

    /// - Returns: The executable, for further reading.
    @discardableResult
    public static func finish(_ path: FilePath) throws(LinkError) -> ELFFile {
        do {
            let file = try FileDescriptor.open(path, .readWrite)
            return try file.closeAfter { try finish(file) }
        } catch let error as LinkError {
            throw error
        } catch {
            throw .file(path: path, reason: "cannot name the symbols: \(error)")
        }
    }

    private static func finish(_ file: FileDescriptor) throws -> ELFFile {
        let size = Int(try file.seek(offset: 0, from: .end))
        let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let rest = UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let part = try file.read(fromAbsoluteOffset: Int64(count), into: rest)
                if part == 0 { break }
                count += part
            }
        }
        let image = try ELFFile(bytes)
        let symbols = image.symbols
        let entryPointName = symbols.first { $0.name == entryPoint.final }?.nameOffset
        for symbol in symbols {
            if symbol.name.hasPrefix(prefix) {
                // The linker shares the ends of names, so this is a name, too.
                try write(symbol.nameOffset + UInt32(prefix.utf8.count), at: symbol, of: file)
            } else if symbol.isGlobal, symbol.name == entryPoint.linked, let entryPointName {
                try write(entryPointName, at: symbol, of: file)
            }
        }
        return image
    }

    private static func write(
        _ nameOffset: UInt32, at symbol: ELFFile.Symbol, of file: FileDescriptor
    ) throws {
        try withUnsafeBytes(of: nameOffset.littleEndian) { bytes in
            _ = try file.writeAll(toAbsoluteOffset: Int64(symbol.position), bytes)
        }
    }
}
