// One side of a call: where its values are and how it gets memory.

import ComponentModel
import WasmTypes

/// What decides how values are read or written on a side.
struct SideKey: Hashable {
    var instance: Int
    var options: ResolvedOptions
}

/// A side of a call, in the module that calls.
struct Side {
    let key: SideKey
    /// The component instance.
    var instance: Int { key.instance }
    var encoding: StringEncoding { key.options.encoding }
    /// The index of the memory in the module; nil if no value needs one.
    let memory: UInt32?
    let pageSizeLog2: UInt8
    let realloc: FunctionReference?
    /// The flag that is off while the instance allocates; nil if nobody sees it.
    let mayLeave: UInt32?
    /// Variables of tasks, which an allocation has its own of.
    let context: [UInt32]
    /// Whether values come from or go to constants of a driver.
    var isDriver = false
}

extension ModuleEmitter {
    func side(
        _ instance: Int, _ options: ResolvedOptions,
        memoryType: (Source) throws(LinkingError) -> MemoryType
    ) throws(LinkingError) -> Side {
        var index: UInt32?
        var pageSize: UInt8 = 16
        if let memory = options.memory {
            let type = try memoryType(memory)
            pageSize = type.pageSizeLog2
            index = self.memory(memory, type)
        }
        let realloc = options.realloc.map {
            function($0, CoreSignature([.i32, .i32, .i32, .i32], [.i32]), "realloc")
        }
        let isSeen = options.realloc.map(facts.leave.roots.contains) ?? false
        let usesContext = facts.usesContext.contains(instance)
        return Side(
            key: SideKey(instance: instance, options: options), memory: index,
            pageSizeLog2: pageSize, realloc: realloc,
            mayLeave: isSeen ? stateGlobal(.mayLeave, of: instance) : nil,
            context: usesContext
                ? [stateGlobal(.context0, of: instance), stateGlobal(.context1, of: instance)] : [])
    }

    /// Whether a side has a resource as it is, without a handle.
    func hasRepresentation(_ id: ResourceID, _ side: Side) -> Bool {
        (facts.resources[id.index].instance ?? Evaluator.host) == side.instance
    }

    /// The number that entries of a handle table have for a resource type.
    func tag(_ id: ResourceID) -> UInt32 { UInt32(id.index) + 1 }
}

/// Where a value is: in locals, or in memory at an address.
enum Place {
    case flat([Local])
    case memory(Local, UInt32)

    /// A part behind so many bytes; values in locals have no such parts.
    func offset(_ bytes: UInt32) -> Place {
        switch self {
        case .flat: self
        case .memory(let base, let offset): .memory(base, offset + bytes)
        }
    }
}
