// The symbols of imports that are defined where an object is linked: `smelt_import$$env$$log` for the
// import `log` of the module `env`. The names are the guest's, so they stand behind a prefix that no
// other symbol has, and every byte that is not a letter, a digit or `_` is spelled `$` and two digits of
// base sixteen. Different imports have different symbols.

internal import WasmBinary

enum ImportSymbol {
    static func name(of item: Import) -> String {
        "smelt_import$$\(escape(item.module))$$\(escape(item.name))"
    }

    /// The symbol of an exported function of an object.
    static func exportName(_ name: String) -> String { "smelt_export$$\(escape(name))" }

    private static func escape(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "$" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
