// Abbreviation tables (section 7.5.3): the shapes of entries.

/// The shape of an entry: its tag, and its attributes with their forms.
struct Abbreviation {
    struct Field {
        var attribute: Attribute
        var form: Form
        /// The value of an attribute that is the same in every entry of this shape.
        var constant: Int64
    }

    var tag: Tag
    var hasChildren: Bool
    var fields: Range<Int>
}

/// The abbreviations of one or several units.
struct AbbreviationTable {
    /// By code, which compilers count from 1.
    private var byCode: [UInt64: Abbreviation] = [:]
    private(set) var fields: [Abbreviation.Field] = []

    subscript(code: UInt64) -> Abbreviation? { byCode[code] }

    init(_ reader: DataReader) throws(DWARFError) {
        var reader = reader
        while true {
            let code = try reader.readULEB()
            if code == 0 { return }
            let tag = try reader.readULEB()
            let hasChildren = try reader.readByte() != 0
            let first = fields.count
            while true {
                let attribute = try reader.readULEB()
                let form = try reader.readULEB()
                if attribute == 0, form == 0 { break }
                // Numbers beyond 16 bits mean nothing, and none of them is asked for.
                let field = Form(rawValue: UInt16(clamping: form))
                let constant = field == .implicitConstant ? try reader.readSLEB() : 0
                fields.append(
                    Abbreviation.Field(
                        attribute: Attribute(rawValue: UInt16(clamping: attribute)), form: field,
                        constant: constant))
            }
            byCode[code] = Abbreviation(
                tag: Tag(rawValue: UInt16(clamping: tag)), hasChildren: hasChildren,
                fields: first..<fields.count)
        }
    }
}
