// One unit of code generation: a context, a module and a builder, which live and die together.
//
// Each unit has a context of its own, so units can be built and compiled on different threads.

internal import CLLVM

/// Owns an LLVM context with one module in it. Handles that it gave out end with it.
public struct IRModule: ~Copyable {
    let context: LLVMContextRef
    let reference: LLVMModuleRef
    public let types: IRTypes
    public let builder: IRBuilder

    /// - Parameter name: shown in dumps only.
    public init(name: String, for machine: borrowing TargetMachine) {
        context = LLVMContextCreate()
        reference = LLVMModuleCreateWithNameInContext(name, context)
        types = IRTypes(context)
        builder = IRBuilder(
            reference: LLVMCreateBuilderInContext(context), module: reference, context: context,
            types: types)
        setTarget(machine)
    }

    /// Reads LLVM's textual form, which is how tests of passes are written.
    package init(parsing text: String, for machine: borrowing TargetMachine) throws(LLVMError) {
        let context = LLVMContextCreate()!
        let buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(text, text.utf8.count, "text")
        defer { LLVMDisposeMemoryBuffer(buffer) }
        var parsed: LLVMModuleRef?
        var message: UnsafeMutablePointer<CChar>?
        guard LLVMParseIRInContext2(context, buffer, &parsed, &message) == 0, let parsed else {
            LLVMContextDispose(context)
            throw LLVMError(takeMessage(message))
        }
        self.context = context
        reference = parsed
        types = IRTypes(context)
        builder = IRBuilder(
            reference: LLVMCreateBuilderInContext(context), module: parsed, context: context,
            types: types)
        setTarget(machine)
    }

    private func setTarget(_ machine: borrowing TargetMachine) {
        LLVMSetTarget(reference, machine.triple)
        let layout = LLVMCreateTargetDataLayout(machine.reference)
        LLVMSetModuleDataLayout(reference, layout)
        LLVMDisposeTargetData(layout)
    }

    deinit {
        LLVMDisposeBuilder(builder.reference)
        LLVMDisposeModule(reference)
        LLVMContextDispose(context)
    }

    // Functions and globals ------------------------------------------------------------------

    /// Adds a function; without blocks it is a declaration.
    public func addFunction(
        _ name: String, type: IRType, convention: CallingConvention, linkage: Linkage
    ) -> IRFunction {
        let function = LLVMAddFunction(reference, name, type.reference)!
        LLVMSetFunctionCallConv(function, convention.rawValue)
        linkage.apply(to: function)
        return IRFunction(function, type: type, callingConvention: convention)
    }

    /// Declares a C function of the runtime, once.
    ///
    /// - Parameter mayThrow: whether it may go on elsewhere than behind its call.
    public func runtimeFunction(
        _ name: String, type: IRType, convention: CallingConvention = .c, mayThrow: Bool = false
    ) -> IRFunction {
        if let function = LLVMGetNamedFunction(reference, name) {
            return IRFunction(function, type: type, callingConvention: convention)
        }
        let function = addFunction(name, type: type, convention: convention, linkage: .hidden)
        if !mayThrow { addAttribute("nounwind", to: function) }
        return function
    }

    /// A global that another module defines, declared when it is first asked for.
    public func hiddenGlobal(_ name: String, type: IRType) -> IRValue {
        LLVMGetNamedGlobal(reference, name).map(IRValue.init)
            ?? addGlobal(name, type: type, linkage: .hidden).value
    }

    /// All functions with a body, in the module's order. Ask again after running passes: they
    /// remove functions and add others.
    public var definedFunctions: [(name: String, address: IRValue)] {
        var functions: [(String, IRValue)] = []
        var next = LLVMGetFirstFunction(reference)
        while let function = next {
            next = LLVMGetNextFunction(function)
            if LLVMIsDeclaration(function) != 0 { continue }
            var length = 0
            let name = LLVMGetValueName2(function, &length)
            let bytes = UnsafeRawBufferPointer(start: name, count: length)
            functions.append(
                (
                    String(decoding: bytes, as: UTF8.self),
                    IRValue(function)
                ))
        }
        return functions
    }

    /// All functions, defined or declared.
    public var functions: [IRFunction] {
        var functions: [IRFunction] = []
        var next = LLVMGetFirstFunction(reference)
        while let function = next {
            next = LLVMGetNextFunction(function)
            functions.append(IRFunction(function))
        }
        return functions
    }

    /// The functions with a body, as passes see them.
    public var functionDefinitions: [IRFunction] { functions.filter(\.isDefinition) }

    /// The names of the functions that are only declared.
    public var declaredFunctionNames: [String] {
        var names: [String] = []
        var next = LLVMGetFirstFunction(reference)
        while let function = next {
            next = LLVMGetNextFunction(function)
            if LLVMIsDeclaration(function) == 0 { continue }
            var length = 0
            let name = LLVMGetValueName2(function, &length)
            let bytes = UnsafeRawBufferPointer(start: name, count: length)
            names.append(String(decoding: bytes, as: UTF8.self))
        }
        return names
    }

    /// Puts a value in place of every call of a function, and removes that.
    public func replaceCalls(of name: String, with value: IRValue) {
        for call in calls(of: name) {
            call.replaceAllUses(with: value)
            call.erase()
        }
        if let function = LLVMGetNamedFunction(reference, name) { LLVMDeleteFunction(function) }
    }

    /// The calls of a function or an intrinsic; none if the module does not have it.
    public func calls(of name: String) -> [IRInstruction] {
        guard let function = LLVMGetNamedFunction(reference, name) else { return [] }
        return IRValue(function).users.filter { $0.opcode == .call }
    }

    /// A global that is there already.
    public func global(named name: String) -> IRGlobal? {
        LLVMGetNamedGlobal(reference, name).map(IRGlobal.init)
    }

    /// Adds a global; without an initializer it is a declaration.
    public func addGlobal(
        _ name: String, type: IRType, linkage: Linkage, initializer: IRValue? = nil,
        isConstant: Bool = false
    ) -> IRGlobal {
        let global = LLVMAddGlobal(reference, type.reference, name)!
        if let initializer { LLVMSetInitializer(global, initializer.reference) }
        LLVMSetGlobalConstant(global, isConstant ? 1 : 0)
        linkage.apply(to: global)
        return IRGlobal(global)
    }

    /// A zero-terminated string in read-only data.
    public func addString(_ string: String) -> IRValue {
        let bytes = types.constantBytes(Array(string.utf8) + [0])
        let global = addGlobal(
            "", type: bytes.type, linkage: .private, initializer: bytes, isConstant: true)
        global.setAlignment(1)
        LLVMSetUnnamedAddress(global.reference, LLVMGlobalUnnamedAddr)
        return global.value
    }

    /// Promises that a declared symbol's address lies in `range`, so that it is used as an
    /// immediate operand.
    public func setAbsoluteSymbol(_ global: IRGlobal, range: Range<UInt64>) {
        var bounds = [range.lowerBound, range.upperBound].map {
            LLVMValueAsMetadata(types.i64.constant($0).reference)
        }
        let node = LLVMMDNodeInContext2(context, &bounds, 2)
        LLVMGlobalSetMetadata(global.reference, metadataKind("absolute_symbol"), node)
    }

    /// Lets the linker drop `global` when it drops `function`.
    public func setAssociated(_ global: IRGlobal, with function: IRValue) {
        var operand = LLVMValueAsMetadata(function.reference)
        let node = LLVMMDNodeInContext2(context, &operand, 1)
        LLVMGlobalSetMetadata(global.reference, metadataKind("associated"), node)
    }

    func metadataKind(_ name: String) -> UInt32 {
        LLVMGetMDKindIDInContext(context, name, UInt32(name.utf8.count))
    }

    // Attributes -----------------------------------------------------------------------------

    /// Adds an attribute that LLVM knows by this name, such as `nounwind`.
    public func addAttribute(_ name: String, value: UInt64 = 0, to function: IRFunction) {
        let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
        precondition(kind != 0, "LLVM does not know the attribute \(name)")
        let attribute = LLVMCreateEnumAttribute(context, kind, value)
        LLVMAddAttributeAtIndex(function.reference, functionAttributeIndex, attribute)
    }

    /// Adds an attribute that only a part of LLVM knows, such as `"target-cpu"`.
    public func addAttribute(string name: String, _ value: String, to function: IRFunction) {
        let attribute = LLVMCreateStringAttribute(
            context, name, UInt32(name.utf8.count), value, UInt32(value.utf8.count))
        LLVMAddAttributeAtIndex(function.reference, functionAttributeIndex, attribute)
    }

    /// Keeps passes of LLVM's from changing a function, and from copying it into others, or lets them
    /// change it again. A function cannot be kept and be optimised for size; that is not said again.
    public func setUnoptimized(_ isUnoptimized: Bool, _ function: IRFunction) {
        let kept = ["optnone", "noinline"]
        if isUnoptimized { for name in kept { addAttribute(name, to: function) } }
        for name in isUnoptimized ? ["optsize", "minsize"] : kept {
            let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
            LLVMRemoveEnumAttributeAtIndex(function.reference, functionAttributeIndex, kind)
        }
    }

    /// Leaves a function without optimisation by the code generator as well, which is fast then.
    public func keepUnoptimized(_ function: IRFunction) {
        for name in ["optsize", "minsize"] {
            let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
            LLVMRemoveEnumAttributeAtIndex(function.reference, functionAttributeIndex, kind)
        }
        setUnoptimized(true, function)
    }

    public func removeAttribute(string name: String, from function: IRFunction) {
        LLVMRemoveStringAttributeAtIndex(
            function.reference, functionAttributeIndex, name, UInt32(name.utf8.count))
    }

    /// Adds an attribute to a parameter.
    public func addParameterAttribute(
        _ name: String, value: UInt64 = 0, at index: Int, of function: IRFunction
    ) {
        let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
        precondition(kind != 0, "LLVM does not know the attribute \(name)")
        let attribute = LLVMCreateEnumAttribute(context, kind, value)
        LLVMAddAttributeAtIndex(
            function.reference, LLVMAttributeIndex(index + 1), attribute)
    }

    /// Adds an attribute to what a function returns.
    public func addResultAttribute(_ name: String, to function: IRFunction) {
        let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
        precondition(kind != 0, "LLVM does not know the attribute \(name)")
        LLVMAddAttributeAtIndex(
            function.reference, LLVMAttributeIndex(0), LLVMCreateEnumAttribute(context, kind, 0))
    }

    /// Lets LLVM take a function for one that makes objects: nobody else has the address that it
    /// returns, what is there is zero, and objects that nobody looks at need not be made.
    ///
    /// - Parameters:
    ///   - size: the position of the parameter with the number of bytes.
    ///   - family: a name; functions that give objects back would have the same one.
    public func setAllocates(_ function: IRFunction, size: Int, family: String) {
        addResultAttribute("noalias", to: function)
        addResultAttribute("nonnull", to: function)
        addAttribute("allockind", value: 1 | 16, to: function)  // AllocFnKind::Alloc | Zeroed
        addAttribute("allocsize", value: UInt64(size) << 32 | 0xffff_ffff, to: function)
        addAttribute(string: "alloc-family", family, to: function)
        setHidden(function)
    }

    /// Says of a function that it returns and that what it touches is nothing that the program sees,
    /// but for what it reads through its arguments.
    ///
    /// - Parameter readsArguments: whether it reads what arguments without `readnone` point to.
    public func setHidden(_ function: IRFunction, readsArguments: Bool = false) {
        // inaccessiblemem: readwrite, and argmem: read.
        addAttribute("memory", value: 3 << 2 | (readsArguments ? 1 : 0), to: function)
        addAttribute("willreturn", to: function)
    }

    /// Forgets what `setAllocates` and `setHidden` have said.
    public func setVisible(_ function: IRFunction) {
        for name in ["memory", "willreturn", "allockind", "allocsize"] {
            let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
            LLVMRemoveEnumAttributeAtIndex(function.reference, functionAttributeIndex, kind)
        }
        for name in ["noalias", "nonnull"] {
            let kind = LLVMGetEnumAttributeKindForName(name, name.utf8.count)
            LLVMRemoveEnumAttributeAtIndex(function.reference, LLVMAttributeIndex(0), kind)
        }
    }

    /// Forgets what is known of the memory that a function touches.
    public func forgetMemory(of function: IRFunction) {
        let kind = LLVMGetEnumAttributeKindForName("memory", "memory".utf8.count)
        LLVMRemoveEnumAttributeAtIndex(function.reference, functionAttributeIndex, kind)
    }

    /// Promises that what a load reads never changes while the program can see it.
    public func setInvariant(_ load: IRValue) {
        let node = LLVMMetadataAsValue(context, LLVMMDNodeInContext2(context, nil, 0))
        LLVMSetMetadata(load.reference, metadataKind("invariant.load"), node)
    }

    /// LLVMAttributeFunctionIndex is a macro that Swift does not import.
    private var functionAttributeIndex: LLVMAttributeIndex { LLVMAttributeIndex(bitPattern: -1) }

    // The whole module -----------------------------------------------------------------------

    /// Checks the module's rules; a violation is a bug of the lowering.
    public func verify() throws(LLVMError) {
        var message: UnsafeMutablePointer<CChar>?
        let failed = LLVMVerifyModule(reference, LLVMReturnStatusAction, &message) != 0
        let text = takeMessage(message)
        if failed { throw LLVMError(text) }
    }

    /// The module as readable LLVM IR.
    public var text: String { takeMessage(LLVMPrintModuleToString(reference)) }

    /// The module as LLVM bitcode.
    public var bitcode: [UInt8] {
        let buffer = LLVMWriteBitcodeToMemoryBuffer(reference)
        defer { LLVMDisposeMemoryBuffer(buffer) }
        return copyBytes(of: buffer)
    }
}

/// Copies what LLVM handed out in a memory buffer.
func copyBytes(of buffer: LLVMMemoryBufferRef?) -> [UInt8] {
    guard let buffer, let start = LLVMGetBufferStart(buffer) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: LLVMGetBufferSize(buffer)))
}
