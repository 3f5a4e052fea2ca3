// Custom sections, and the one that is read here: names (Binary.md, name section).
//
// As in core modules, what is broken in the section of names ends the reading of it and is not reported.

import WasmBinary
import WasmTypes

extension ComponentDecoder {
    mutating func readCustomSection(into component: inout Component) throws(ModuleError) {
        let name = try reader.readName()
        let contents = try reader.readRange(reader.remaining)
        if name == "component-name" {
            let section = reader
            reader = contents
            try? readNames(into: &component.names)
            reader = section
        } else {
            component.customSections.append(
                CustomSection(name: name, range: contents.position..<contents.end))
        }
    }

    private mutating func readNames(into names: inout ComponentNames) throws(ModuleError) {
        while !reader.isAtEnd {
            let id = try reader.readByte()
            let subsection = try reader.readRange(try reader.readLength())
            let section = reader
            reader = subsection
            switch id {
            case 0: names.component = try reader.readName()
            case 1:
                let sort = try readSort()
                for _ in 0..<(try reader.readCount()) {
                    let index = try reader.readU32()
                    names.items[sort, default: [:]][index] = try reader.readName()
                }
            default: break
            }
            reader = section
        }
    }
}
