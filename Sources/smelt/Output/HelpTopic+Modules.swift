// `smelt help modules`.

extension HelpTopic {
    static let modules = HelpTopic(
        name: "modules", aliases: ["module", "import", "imports", "invoke"],
        abstract: "Programs of several modules, and of modules without _start.",
        text: """
            A program begins with the function _start that its module exports. --invoke NAME calls
            another exported function in its place. It can be repeated; the functions are called in
            that order, behind _initialize if the module exports that. Their arguments come from the
            command line of the program, by their types:

                i32, i64      decimal, or hexadecimal behind 0x, with a sign or none
                f32, f64      decimal, with an exponent or none; inf and nan
                v128          decimal or hexadecimal, without a sign

            and each result is a line on standard output. What is left of the command line is the
            guest's own, and so is all of it by WASI.

            --import MODULE=FILE links the module in FILE, from which others import under the name
            MODULE. It may import itself, from the runtime and from other such modules, as long as
            no two of them need each other. They are instantiated in that order, each followed by
            its _initialize; with one FILE under two names there are two instances. Memories,
            tables, globals and tags are shared, and types have to be those that are imported. A
            module that is called as WASI is (wasi_snapshot_preview1) comes before the runtime, of
            which it may import the same functions.

            --stub-imports makes the functions that nobody provides trap when they are called,
            with a message that names the import.

            A component begins with run of the interface wasi:cli/run that it exports, of WASI 0.2.
            --with FILE composes it with another component: what one imports and the other exports,
            in versions that stand for each other, is connected, also among several of them. What
            nobody exports has to be a function of WASI 0.2, or --stub-imports. smelt inspect shows
            the world of a component in WIT.

            With --emit obj, asm, llvm-ir or llvm-bc any module can be compiled. What nobody
            provides is a symbol then, as in smelt_import$$env$$log for log of the module env: a C
            function with a struct smelt_context * first, or what smelt/abi.h says of memories,
            tables and tags; globals are 16 bytes. Without _start and --invoke exported functions
            are symbols, too, as in smelt_export$$add. Of both names $ and two hexadecimal digits
            stand for what is not a letter, a digit or _. Several results are left in an array of
            union smelt_value, whose address is the last argument.
            """)
}
