// Wheels: the archives by which Python's packages are installed. Files are stored as they are, and no time
// is in them, so equal contents are equal wheels.

internal import Crypto
internal import TargetModel

/// A wheel with one extension module in it.
struct Wheel {
    let name: String
    let version: String
    let architecture: Architecture

    /// What installers take it for: for CPython 3.11 and every later one.
    private var tag: String {
        "cp311-abi3-manylinux_2_17_\(architecture == .x86_64 ? "x86_64" : "aarch64")"
    }

    var fileName: String { "\(name)-\(version)-\(tag).whl" }

    /// The archive.
    func bytes(module: [UInt8]) -> [UInt8] {
        let folder = "\(name)-\(version).dist-info"
        var files: [(name: String, bytes: [UInt8])] = [
            ("\(name).abi3.so", module),
            (
                "\(folder)/METADATA",
                Array(
                    """
                    Metadata-Version: 2.1
                    Name: \(name)
                    Version: \(version)
                    Summary: functions of a WebAssembly module
                    Requires-Python: >=3.11

                    """.utf8)
            ),
            (
                "\(folder)/WHEEL",
                Array(
                    """
                    Wheel-Version: 1.0
                    Generator: smelt
                    Root-Is-Purelib: false
                    Tag: \(tag)

                    """.utf8)
            ),
        ]
        let records = files.map { "\($0.name),sha256=\(Self.digest($0.bytes)),\($0.bytes.count)" }
        let record = (records + ["\(folder)/RECORD,,"]).joined(separator: "\n") + "\n"
        files.append(("\(folder)/RECORD", Array(record.utf8)))
        return Self.archive(files)
    }

    /// SHA-256 in the alphabet of names, without padding.
    private static func digest(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var text = ""
        var (bits, count) = (0, 0)
        for byte in SHA256.hash(data: bytes) {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[bits >> count & 63])
            }
            bits &= 1 << count - 1
        }
        if count > 0 { text.append(alphabet[bits << (6 - count) & 63]) }
        return text
    }

    // Zip ------------------------------------------------------------------------------------

    private static func archive(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let place = archive.count
            // Version 2.0, names in UTF-8, stored, 1980-01-01.
            let common: [UInt8] =
                little(20, 2) + little(0x800, 2) + little(0, 2) + little(0, 2) + little(0x21, 2)
                + little(Int(checksum(file.bytes)), 4) + little(file.bytes.count, 4)
                + little(file.bytes.count, 4) + little(file.name.utf8.count, 2) + little(0, 2)
            archive += little(0x0403_4b50, 4) + common + Array(file.name.utf8) + file.bytes
            let mode = file.name.hasSuffix(".so") ? 0o100755 : 0o100644
            // Made on Unix, as the mode is.
            directory += little(0x0201_4b50, 4) + little(3 << 8 | 20, 2) + common
            directory += little(0, 2) + little(0, 2) + little(0, 2) + little(mode << 16, 4)
            directory += little(place, 4) + Array(file.name.utf8)
        }
        let start = archive.count
        archive += directory
        archive += little(0x0605_4b50, 4) + little(0, 4) + little(files.count, 2)
        archive +=
            little(files.count, 2) + little(directory.count, 4) + little(start, 4) + little(0, 2)
        return archive
    }

    private static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// CRC-32 as in zip.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        let table = (0..<256 as Range<UInt32>).map { byte in
            (0..<8).reduce(byte) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~bytes.reduce(~0) { crc, byte in
            table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ crc >> 8
        }
    }
}
