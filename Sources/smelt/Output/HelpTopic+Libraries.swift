// `smelt help libraries`.

extension HelpTopic {
    static let libraries = HelpTopic(
        name: "libraries", aliases: ["library", "interruptible", "fuel", "bounds-checks"],
        abstract: "Modules as libraries, and what limits them.",
        text: """
            --emit archive and --emit shared make a library of a module, --header the header by
            which programs in C use it; its comments say what each function does.

            --interruptible lets a call of the guest end before it returns, with the status
            SMELT_INTERRUPTED. The guest looks at a word of 32 bits in every loop and in front of
            calls that may take long, and ends when that is not 0. NAME_interrupt sets the word,
            from any thread and any signal handler; smelt_options.interrupt may be the address of
            a word that the host has already, and smelt_options.interrupted a function that is
            asked first. Copying and filling looks after each MiB, and what waits (memory.atomic.wait,
            poll_oneoff, reading from a stream) twice in a millisecond; a function of the host, a file
            or a stream that nobody reads is not interrupted. A
            deadline is a timer of the host's whose handler or thread calls NAME_interrupt, and
            NAME_continue takes back a request that has come too late.

            --fuel counts what the guest executes, and ends a call that would execute more than
            there is, with the status SMELT_OUT_OF_FUEL. NAME_fuel says how much is left,
            NAME_set_fuel changes it, smelt_options.fuel is what an instance begins with. The cost
            of an instruction is

                block, loop, else, end, nop                 0
                memory.copy, memory.fill, memory.init       1, and 1 for every 64 bytes
                table.copy, fill, init and grow             1, and 1 for every 8 elements
                any other                                   1

            whatever the level and the processor. It is paid for whole blocks between branches and
            calls. When there is too little, no function of the host is called any more, and the
            guest stops in its next loop or call: what it has written until then is not the same
            everywhere. After a trap in a block, the block is not paid; after one by an access
            outside of a memory, what is left may be more than that.

            --bounds-checks explicit compares each access with the size of its memory. Otherwise
            each memory has 6 GiB of address space of which what is no memory faults, and limits
            such as ulimit -v may refuse that. With comparisons it has as much as it may grow to:
            its own limit, 1 GiB at most unless --memory-reservation says another size, and no
            more than smelt_options.maximum_memory.
            """)
}
