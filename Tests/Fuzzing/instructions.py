"""Modules with one instruction each, tried with edge cases.

Operands come as parameters, as constants, and as one of each: the optimiser folds the latter two,
which is where it and WebAssembly are most likely to disagree.
"""

import itertools
import random

import accesses
from opcodes import OPCODES, Opcode
from oracle import Oracle
from script import Behaviour, Call
from values import Value, constant, edges, vector_edges
from wasmtime import wat2wasm

#: How many results a function with constants gives at once.
RESULTS = 8
#: How many combinations of operands are tried.
THOROUGH, QUICK = 400, 24


def names(match: str) -> list[str]:
    """The instructions whose names contain a text."""
    return [name for name in [*OPCODES, *accesses.names()] if match in name]


def observe(name: str, oracle: Oracle, source: random.Random, thorough: bool) -> Behaviour:
    """What an instruction does."""
    if name not in OPCODES:
        return accesses.observe(name, oracle, source, thorough)
    opcode = OPCODES[name]
    combinations = operands(opcode, source, THOROUGH if thorough else QUICK)
    text, calls = module(opcode, combinations)
    binary = bytes(wat2wasm(text))
    return oracle.perform(binary, oracle.interface(binary), calls)


def operand_types(opcode: Opcode) -> list[str]:
    """The value types of the operands."""
    is_vector = opcode.text.startswith("v128") or "x" in opcode.text.partition(".")[0]
    if not is_vector or ".splat" in opcode.text:
        return list(opcode.operands)
    types = ["v128"] * len(opcode.operands)
    if "replace_lane" in opcode.text or ".sh" in opcode.text and "shuffle" not in opcode.text:
        types[1] = opcode.operands[1]
    return types


def operands(opcode: Opcode, source: random.Random, limit: int) -> list[tuple[Value, ...]]:
    """Combinations of edge cases, all of them or as many as the limit lets."""
    choices = []
    for operand, type_ in zip(opcode.operands, operand_types(opcode)):
        bits = vector_edges(operand) if type_ == "v128" else edges(operand)
        choices.append([Value(type_, value) for value in bits])
    combinations = list(itertools.product(*choices)) if len(choices) < 4 else [
        tuple(source.choice(choice) for choice in choices) for _ in range(limit)
    ]
    return combinations if len(combinations) <= limit else source.sample(combinations, limit)


def module(opcode: Opcode, combinations: list[tuple[Value, ...]]) -> tuple[str, list[Call]]:
    """The module in the text format, and the calls to make."""
    types = operand_types(opcode)
    functions, calls = [], []

    def add(name: str, parameters: list[str], results: list[str], body: str) -> None:
        text = f'(func (export "{name}") (param {" ".join(parameters)})'
        functions.append(f'{text} (result {" ".join(results)}) {body})')

    def applied(arguments: list[str]) -> str:
        return f"({opcode.text} {' '.join(arguments)})"

    all_parameters = [f"(local.get {index})" for index in range(len(types))]
    add("parameters", types, list(opcode.results), applied(all_parameters))
    for values in combinations:
        calls.append(Call("parameters", list(values), any_nan=opcode.any_nan))

    step = 1 if opcode.traps else RESULTS
    for start in range(0, len(combinations), step):
        group = combinations[start : start + step]
        body = " ".join(applied([constant(value) for value in values]) for values in group)
        name = f"constants{start}"
        add(name, [], list(opcode.results) * len(group), body)
        calls.append(Call(name, [], any_nan=opcode.any_nan))

    for index in range(len(types)) if len(types) > 1 else ():
        others = types[:index] + types[index + 1 :]
        for number, value in enumerate(dict.fromkeys(values[index] for values in combinations)):
            name = f"constant{index}-{number}"
            arguments = [f"(local.get {i})" for i in range(len(others))]
            arguments.insert(index, constant(value))
            add(name, others, list(opcode.results), applied(arguments))
            for values in combinations:
                if values[index] == value:
                    rest = [*values[:index], *values[index + 1 :]]
                    calls.append(Call(name, rest, any_nan=opcode.any_nan))
    return "(module " + "\n".join(functions) + ")", calls
