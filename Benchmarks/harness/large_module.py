"""A large C program of made-up functions, to see how the compiler does on a large module.

The functions are of a few shapes with other constants and callees each: loops over memory,
switches, floating point, calls. They are reachable, or the linker would drop them.
"""

import random

_SHAPES = [
    """
int f{n}(int a, int b) {{
    int sum = a * {k};
    for (int i = 0; i < (b & 31); i++) {{
        words[(a + i * {m}) & 4095] += sum ^ i;
        if (words[(sum + i) & 4095] % {p} == {q}) sum += f{c}(i, sum & 7);
        else sum = (sum << 3) - words[(i + {k}) & 4095];
    }}
    return sum;
}}""",
    """
int f{n}(int a, int b) {{
    switch ((a + b) & 7) {{
    case 0: return f{c}(b, a >> 1) + {k};
    case 1: words[a & 4095] = b * {m}; break;
    case 2: numbers[b & 1023] += a * {k}.5; break;
    case 3: return a * {p} - b / {q};
    case 4: words[(a ^ {k}) & 4095]--; return f{d}(a - 1, b);
    case 5: bytes[(a + {m}) & 8191] ^= b; break;
    default: return words[(b + {p}) & 4095] + bytes[(a * {q}) & 8191];
    }}
    return words[(a + {k}) & 4095] > {m} ? a : b;
}}""",
    """
int f{n}(int a, int b) {{
    double x = numbers[a & 1023], y = numbers[(b + {k}) & 1023], z = {m};
    for (int i = 0; i < (a & 15); i++) {{
        x = x * 0.{p} + y / ({k} + i);
        y = y - x * z;
        if (y > {m}.0) y = {q} - x;
        numbers[(a + i) & 1023] = x + y;
    }}
    return (int)(x > 0 && x < 1000 ? x : f{c}(a >> 2, b));
}}""",
    """
int f{n}(int a, int b) {{
    unsigned char *p = bytes + (a & 4095);
    int length = b & 63, hash = {k};
    while (length-- > 0 && *p != {q}) hash = hash * {m} + *p++;
    struct pair {{ int x, y; }} pairs[4] = {{{{a, b}}, {{hash, {p}}}, {{b, {k}}}, {{length, a}}}};
    int best = 0;
    for (int i = 1; i < 4; i++) if (pairs[i].x * {q} > pairs[best].y) best = i;
    return pairs[best].x + f{c}(pairs[best].y & 3, hash) + f{d}(hash & 1, best);
}}""",
]


def source(functions: int) -> str:
    """The same text each time, for the same number."""
    choose = random.Random(1)
    parts = ["int words[4096]; double numbers[1024]; unsigned char bytes[8192];"]
    parts += [f"int f{n}(int, int);" for n in range(functions)]
    for n in range(functions):
        constants = {name: choose.randrange(2, 999) for name in "kmpq"}
        callees = {name: choose.randrange(functions) for name in "cd"}
        parts.append(choose.choice(_SHAPES).format(n=n, **constants, **callees))
    table = ", ".join(f"f{n}" for n in range(functions))
    parts.append(f"int (*volatile table[])(int, int) = {{{table}}};")
    call = f"table[c % {functions}](c, 1)"
    parts.append(f"int main(int c, char **v) {{ return c > 99 ? {call} : 0; }}")
    return "\n".join(parts) + "\n"
