// Text that a module brings along, made fit to be shown.
//
// The rule: names of functions, imports, exports and sections, and everything that debug
// information says, are whatever the module's author likes. Before such a text goes to a terminal,
// into a table of symbols, debug information, a backtrace or an assembler's comment, what cannot be
// seen is written out: control characters (C0, DEL and C1), NUL among them, format characters,
// which turn the direction of text round or take no room, what fonts may leave out (fillers,
// selectors of variants), and separators of lines and paragraphs.
// JSON has the same characters in JSON's own escapes. And however printable it is, such a text is
// never a symbol that a linker resolves; see Lowering's FunctionNames.

extension String {
    /// The text with `\u{9b}` in place of each character that could not be seen, or would change
    /// how others are shown.
    public var printable: String {
        if utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return self }
        var result = ""
        for scalar in unicodeScalars {
            if scalar.isPrintable {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    /// JSON with escapes for characters that could not be seen. Its meaning stays the same.
    public var printableJSON: String {
        var result = ""
        for scalar in unicodeScalars {
            if scalar.value < 0x20 || scalar.isPrintable {
                // Below 0x20 there are only the separators between JSON's tokens.
                result.unicodeScalars.append(scalar)
            } else {
                for unit in UTF16.encode(scalar)! {
                    result += "\\u" + String(0x10000 + Int(unit), radix: 16).dropFirst()
                }
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether a character can be seen, and changes neither how others are shown nor where.
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        // The blank of Braille has ink nowhere, and is no space either.
        default: !properties.isDefaultIgnorableCodePoint && self != "\u{2800}"
        }
    }
}
