// Line number programs (section 6.2): which address belongs to which line of which file.

/// A file that lines are in.
public struct SourceFile: Hashable, Sendable {
    /// Its path, absolute or relative to the folder that the compiler was started in.
    public var path: String
}

/// One row of a line table: from its address up to that of the next row.
public struct LineRow: Sendable {
    public var address: UInt64
    /// Its number in the unit's list of files.
    public var file: UInt32
    public var line: UInt32
    public var column: UInt32
    /// Whether a breakpoint on the function belongs here.
    public var isPrologueEnd: Bool
    /// Whether no code of this sequence begins here any more.
    public var isEnd: Bool
}

/// The line table of a unit.
public struct LineTable: Sendable {
    /// By their numbers; before version 5 there is no file 0.
    public private(set) var files: [UInt32: SourceFile] = [:]
    /// In the order of the program: each sequence ascends.
    public private(set) var rows: [LineRow] = []

    /// The parameters of a program, from its header.
    private struct Header {
        var minimumLength: UInt64 = 1
        var lineBase: Int64 = 0
        var lineRange: UInt64 = 1
        var opcodeBase: UInt8 = 1
        var operandCounts: [UInt8] = []
        var addressSize: Int
    }

    init(
        _ reader: DataReader, unit: Unit, in sections: DWARFSections
    ) throws(DWARFError) {
        var reader = reader
        let (contents, offsetSize) = try reader.readUnit()
        var program = contents
        let version = try program.readU16()
        guard (2...5).contains(version) else {
            throw program.error("unknown version \(version) of line numbers")
        }
        var header = Header(addressSize: unit.encoding.addressSize)
        if version >= 5 {
            header.addressSize = Int(try program.readByte())
            try program.skip(1)  // the size of segment selectors
        }
        let length = try program.readUnsigned(offsetSize)
        var fields = try program.readBlock(length)
        header.minimumLength = UInt64(try fields.readByte())
        if version >= 4 { try fields.skip(1) }  // operations per instruction, for VLIW
        try fields.skip(1)  // whether rows begin statements by default
        header.lineBase = Int64(Int8(bitPattern: try fields.readByte()))
        header.lineRange = UInt64(try fields.readByte())
        header.opcodeBase = try fields.readByte()
        guard header.lineRange > 0, header.opcodeBase > 0 else {
            throw fields.error("a line number header of zeros")
        }
        for _ in 1..<header.opcodeBase { header.operandCounts.append(try fields.readByte()) }
        if version >= 5 {
            var encoding = unit.encoding
            encoding.offsetSize = offsetSize
            try readFiles(&fields, unit, encoding, sections)
        } else {
            try readOldFiles(&fields)
        }
        try run(&program, header)
    }

    // Files ----------------------------------------------------------------------------------

    private static func join(_ folder: String, _ name: String) -> SourceFile {
        var name = name[...]
        while name.hasPrefix("./") { name.removeFirst(2) }
        let isWhole = folder.isEmpty || name.hasPrefix("/")
        return SourceFile(path: isWhole ? String(name) : folder + "/" + name)
    }

    /// Until version 4: strings up to an empty one. Folder 0 is the one of the compilation.
    private mutating func readOldFiles(_ reader: inout DataReader) throws(DWARFError) {
        var folders = [""]
        while true {
            let folder = try reader.readString()
            if folder.isEmpty { break }
            folders.append(folder)
        }
        var number: UInt32 = 1
        while true {
            let name = try reader.readString()
            if name.isEmpty { return }
            let folder = try reader.readULEB()
            _ = try reader.readULEB()
            _ = try reader.readULEB()
            let path = folder < UInt64(folders.count) ? folders[Int(folder)] : ""
            files[number] = Self.join(path, name)
            number += 1
        }
    }

    /// From version 5 on: tables that describe their own columns.
    private mutating func readFiles(
        _ reader: inout DataReader, _ unit: Unit, _ encoding: Encoding, _ sections: DWARFSections
    ) throws(DWARFError) {
        let folders = try Self.readTable(&reader, unit, encoding, sections)
        let files = try Self.readTable(&reader, unit, encoding, sections)
        for (number, file) in files.enumerated() {
            let inFolder = file.folder != 0 && file.folder < UInt64(folders.count)
            let folder = inFolder ? folders[Int(file.folder)].name : ""
            self.files[UInt32(number)] = Self.join(folder, file.name)
        }
    }

    private static func readTable(
        _ reader: inout DataReader, _ unit: Unit, _ encoding: Encoding, _ sections: DWARFSections
    ) throws(DWARFError) -> [(name: String, folder: UInt64)] {
        let (path, folderIndex): (UInt64, UInt64) = (1, 2)
        var columns: [(content: UInt64, form: Form)] = []
        for _ in 0..<(try reader.readByte()) {
            let content = try reader.readULEB()
            columns.append((content, Form(rawValue: UInt16(clamping: try reader.readULEB()))))
        }
        let count = try reader.readULEB()
        guard count <= UInt64(reader.remaining) else {
            throw reader.error("more files than there is room for")
        }
        var rows: [(String, UInt64)] = []
        for _ in 0..<(columns.isEmpty ? 0 : count) {
            var row = (name: "", folder: UInt64(0))
            for column in columns {
                let value = try reader.readValue(column.form, encoding, in: sections)
                switch (column.content, value) {
                case (path, .string(let position)):
                    var string = DataReader(
                        bytes: sections.bytes, position: position, end: sections.bytes.count)
                    row.name = try string.readString()
                case (path, .stringIndex(let index)):
                    row.name = try unit.string(index, in: sections)
                case (folderIndex, .constant(let index)): row.folder = index
                default: break
                }
            }
            rows.append(row)
        }
        return rows
    }

    // The program ----------------------------------------------------------------------------

    private static let initialRow = LineRow(
        address: 0, file: 1, line: 1, column: 0, isPrologueEnd: false, isEnd: false)

    /// Every opcode takes a byte, and adds one row at most.
    private mutating func run(
        _ program: inout DataReader, _ header: Header
    ) throws(DWARFError) {
        var row = Self.initialRow
        while !program.isAtEnd {
            let opcode = try program.readByte()
            if opcode >= header.opcodeBase {
                let adjusted = UInt64(opcode - header.opcodeBase)
                row.address &+= adjusted / header.lineRange &* header.minimumLength
                row.advanceLine(header.lineBase + Int64(adjusted % header.lineRange))
                append(&row)
            } else if opcode == 0 {
                try runExtended(&program, &row)
            } else {
                try runStandard(opcode, &program, header, &row)
            }
        }
    }

    private mutating func append(_ row: inout LineRow) {
        rows.append(row)
        row.isPrologueEnd = false
    }

    private mutating func runExtended(
        _ program: inout DataReader, _ row: inout LineRow
    ) throws(DWARFError) {
        let (endSequence, setAddress): (UInt8, UInt8) = (1, 2)
        var operands = try program.readBlock(try program.readULEB())
        if operands.isAtEnd { return }
        switch try operands.readByte() {
        case endSequence:
            row.isEnd = true
            append(&row)
            row = Self.initialRow
        case setAddress: row.address = try operands.readUnsigned(min(8, operands.remaining))
        default: break
        }
    }

    private mutating func runStandard(
        _ opcode: UInt8, _ program: inout DataReader, _ header: Header, _ row: inout LineRow
    ) throws(DWARFError) {
        switch opcode {
        case 1: append(&row)
        case 2: row.address &+= (try program.readULEB()) &* header.minimumLength
        case 3: row.advanceLine(try program.readSLEB())
        case 4: row.file = UInt32(clamping: try program.readULEB())
        case 5: row.column = UInt32(clamping: try program.readULEB())
        case 6, 7, 11: break
        case 8:
            let adjusted = UInt64(255 - header.opcodeBase)
            row.address &+= adjusted / header.lineRange &* header.minimumLength
        case 9: row.address &+= try program.readUnsigned(2)
        case 10: row.isPrologueEnd = true
        default:
            for _ in 0..<header.operandCounts[Int(opcode) - 1] { _ = try program.readULEB() }
        }
    }
}

extension LineRow {
    fileprivate mutating func advanceLine(_ distance: Int64) {
        line = UInt32(truncatingIfNeeded: Int64(line) &+ distance)
    }
}

extension DebugInformation {
    /// The line table of a unit; nil if it has none.
    public func lineTable(ofUnit index: Int) throws(DWARFError) -> LineTable? {
        guard let root = root(ofUnit: index),
            let offset = attributes(root).unsigned(.statementList)
        else { return nil }
        return try LineTable(
            try sections.reader(.lines, from: offset), unit: units[index], in: sections)
    }
}
