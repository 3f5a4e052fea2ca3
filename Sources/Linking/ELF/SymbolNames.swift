// The names that debuggers and profilers show. Objects call functions by their index, so that no
// text of a module takes part in a link. Once everything is linked, each gets its name: a new table
// of strings takes the place of the old one, and what lies behind it moves.

public import SystemPackage

/// Gives the symbols of functions their final names.
public enum SymbolNames {
    /// Renames the symbols of an executable, which is written anew in place.
    ///
    /// - Parameter name: The name for a symbol; nil for those that keep theirs.
    public static func finish(
        _ path: FilePath, name: (String) -> String?
    ) throws(LinkError) {
        do {
            let file = try FileDescriptor.open(path, .readWrite)
            try file.closeAfter {
                let bytes = try renamed(try ELFFile.contents(of: file), name: name)
                try file.writeAll(toAbsoluteOffset: 0, bytes)
                try file.resize(to: Int64(bytes.count))
            }
        } catch let error as LinkError {
            throw error
        } catch {
            throw .file(path: path, reason: "cannot name the symbols: \(error)")
        }
    }

    /// An object or executable with other names of symbols.
    ///
    /// - Parameter name: The name for a symbol; nil for those that keep theirs. Only local symbols
    ///   are renamed: nothing can refer to these by their names.
    /// - Throws: ``LinkError/malformedELF(reason:)``, also if a symbol to be renamed is not local.
    public static func renamed(
        _ bytes: [UInt8], name: (String) -> String?
    ) throws(LinkError) -> [UInt8] {
        let file = try ELFFile(bytes)
        guard let table = file.symbolTable else { return bytes }
        var renaming = Renaming(file, stringIndex: table.link)
        try renaming.renameSymbols(name)
        return try renaming.finish()
    }

    /// An object of whose definitions others see only those that are kept. The others stay what they
    /// are to the linker, but no dynamic linker sees them, and no object can have the same names.
    ///
    /// - Parameters:
    ///   - kept: the names that those get which others see.
    ///   - suffix: what the names of the others get.
    ///   - needed: what has to be there, although it is only asked for weakly.
    static func hidden(
        _ bytes: [UInt8], keeping kept: [String: String], suffix: String,
        needing needed: Set<String>
    ) throws(LinkError) -> [UInt8] {
        let file = try ELFFile(bytes)
        guard let table = file.symbolTable else { return bytes }
        var renaming = Renaming(file, stringIndex: table.link)
        try renaming.hideSymbols(keeping: kept, suffix: suffix, needing: needed)
        return try renaming.finish()
    }
}

/// A file in the course of being changed.
private struct Renaming {
    private let file: ELFFile
    /// The section with the names of symbols, and in some files those of sections.
    private let stringIndex: Int
    private var bytes: [UInt8]
    private var strings: [UInt8] = [0]
    private var offsets: [ArraySlice<UInt8>: UInt32] = [[]: 0]

    private var oldStrings: ELFFile.Section { file.sections[stringIndex] }

    init(_ file: ELFFile, stringIndex: Int) {
        self.file = file
        self.stringIndex = stringIndex
        bytes = file.bytes
    }

    mutating func renameSymbols(_ name: (String) -> String?) throws(LinkError) {
        for symbol in file.symbols {
            let text: ArraySlice<UInt8>
            if let new = name(symbol.name) {
                guard symbol.isLocal else {
                    throw .malformedELF(reason: "the symbol \(symbol.name) is not local")
                }
                text = Array(new.utf8)[...]
            } else {
                text = ELFFile.stringBytes(
                    in: file.bytes, oldStrings.range, at: symbol.nameOffset)
            }
            put(try offset(of: text), at: symbol.position)
        }
    }

    mutating func hideSymbols(
        keeping kept: [String: String], suffix: String, needing needed: Set<String>
    ) throws(LinkError) {
        for symbol in file.symbols {
            var text = ELFFile.stringBytes(
                in: file.bytes, oldStrings.range, at: symbol.nameOffset)
            let (information, visibility) = (symbol.position + 4, symbol.position + 5)
            if let name = kept[symbol.name] {
                text = Array(name.utf8)[...]
            } else if symbol.isDefined, !symbol.isLocal {
                text += Array(suffix.utf8)
                let hidden: UInt8 = 2
                bytes[visibility] = bytes[visibility] & ~3 | hidden
            } else if needed.contains(symbol.name), bytes[information] >> 4 == Self.weak {
                bytes[information] = bytes[information] & 15 | Self.global << 4
            }
            put(try offset(of: text), at: symbol.position)
        }
    }

    /// Bindings of symbols.
    private static let global: UInt8 = 1
    private static let weak: UInt8 = 2

    private mutating func offset(of text: ArraySlice<UInt8>) throws(LinkError) -> UInt32 {
        if let known = offsets[text] { return known }
        guard let offset = UInt32(exactly: strings.count) else {
            throw .malformedELF(reason: "the names of symbols take more than 4 GiB")
        }
        offsets[text] = offset
        strings += text
        strings.append(0)
        return offset
    }

    /// The file with the new strings.
    mutating func finish() throws(LinkError) -> [UInt8] {
        if file.sectionNames == stringIndex {
            for (index, section) in file.sections.enumerated() {
                let name = ELFFile.stringBytes(
                    in: file.bytes, oldStrings.range, at: section.nameOffset)
                put(try offset(of: name), at: headerPosition(index))
            }
        }
        let old = oldStrings.range
        let isLoaded = (ELFFile.segments(in: file.bytes) ?? []).contains { segment in
            guard let offset = segment.integer(UInt64.self, at: 8),
                let size = segment.integer(UInt64.self, at: 0x20)
            else { return true }
            let (end, overflow) = offset.addingReportingOverflow(size)
            return size > 0 && (overflow || end > UInt64(old.lowerBound))
        }
        guard !isLoaded, file.sectionTable >= old.upperBound else {
            throw .malformedELF(reason: "something else lies behind the names of symbols")
        }
        // What follows keeps its alignment.
        let alignment = try alignmentBehind(old)
        let size = strings.count
        while (strings.count - old.count) % alignment != 0 { strings.append(0) }
        move(by: strings.count - old.count, behind: old.upperBound)
        put(UInt64(size), at: headerPosition(stringIndex) + 0x20)
        bytes.replaceSubrange(old, with: strings)
        return bytes
    }

    /// Adjusts offsets to what is behind the old strings.
    private mutating func move(by distance: Int, behind end: Int) {
        for (index, section) in file.sections.enumerated()
        where index != stringIndex && section.range.lowerBound >= end {
            put(UInt64(section.range.lowerBound + distance), at: headerPosition(index) + 0x18)
        }
        put(UInt64(file.sectionTable + distance), at: 0x28)
    }

    private func alignmentBehind(_ strings: Range<Int>) throws(LinkError) -> Int {
        let largest: UInt64 = 1 << 16
        var alignment: UInt64 = 8
        for section in file.sections where section.range.lowerBound >= strings.upperBound {
            alignment = max(alignment, section.alignment)
        }
        guard alignment <= largest, alignment.nonzeroBitCount == 1 else {
            throw .malformedELF(reason: "a section is aligned to \(alignment) bytes")
        }
        return Int(alignment)
    }

    private func headerPosition(_ section: Int) -> Int {
        file.sectionTable + section * ELFFile.sectionHeaderSize
    }

    /// Stores a little-endian integer at a position that has been read.
    private mutating func put<Value: FixedWidthInteger>(_ value: Value, at position: Int) {
        for index in 0..<MemoryLayout<Value>.size {
            bytes[position + index] = UInt8(truncatingIfNeeded: value >> Value(8 * index))
        }
    }
}
