// Runs a test script, translated by `wasm-tools json-from-wast`, in V8: script.mjs FOLDER/script.json.
// Says what V8 does otherwise. Vectors cannot cross into JavaScript, and NaNs lose their bits there.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, exit } from 'node:process';

const folder = dirname(argv[2]);
const { commands } = JSON.parse(readFileSync(argv[2], 'utf8'));
const definitions = {}, instances = {}, registered = {};
let current, passed = 0, failed = 0, skipped = 0;

const words = new DataView(new ArrayBuffer(8));
function value({ type, value: text }) {
    switch (type) {
    case 'i32': return Number(text) | 0;
    case 'i64': return BigInt.asIntN(64, BigInt(text));
    case 'f32': if (text.startsWith('nan')) return NaN; words.setUint32(0, Number(text)); return words.getFloat32(0);
    case 'f64': if (text.startsWith('nan')) return NaN; words.setBigUint64(0, BigInt(text)); return words.getFloat64(0);
    case 'externref': return text === 'null' ? null : Number(text);
    case 'funcref': case 'exnref': return text === 'null' ? null : text;
    default: throw { skip: type };
    }
}
function same(actual, expected) {
    if (expected.type === 'funcref' && expected.value !== 'null') return typeof actual === 'function';
    return Object.is(actual, value(expected));
}
function compile(command) { return new WebAssembly.Module(readFileSync(join(folder, command.filename))); }
function instantiate(module) { return new WebAssembly.Instance(module, registered).exports; }
function act({ module, field, args }) {
    const found = (module === undefined ? current : instances[module])[field];
    return typeof found === 'function' ? found(...args.map(value)) : found.value;
}
function outcome(action) {
    try { return { results: action() }; }
    catch (error) {
        if (error.skip) throw error;
        if (/transforming from\/to JS/.test(error.message)) throw { skip: error.message };
        if (error instanceof WebAssembly.Exception) return { exception: true };
        if (error instanceof RangeError) return { trap: 'call stack exhausted' };
        if (error instanceof WebAssembly.RuntimeError) return { trap: error.message };
        return { refused: String(error) };
    }
}
function holds(command) {
    switch (command.type) {
    case 'module': current = instantiate(compile(command)); if (command.name) instances[command.name] = current; return true;
    case 'module_definition': definitions[command.name] = compile(command); return true;
    case 'module_instance': current = instances[command.instance] = instantiate(definitions[command.module]); return true;
    case 'register': registered[command.as] = command.name === undefined ? current : instances[command.name]; return true;
    case 'action': return !!outcome(() => act(command.action)).results || true;
    case 'assert_return': {
        const got = outcome(() => act(command.action));
        if (!('results' in got)) return JSON.stringify(got);
        const list = command.expected.length === 1 ? [got.results] : command.expected.length ? [...got.results] : [];
        return command.expected.every((each, i) => same(list[i], each)) || `returns ${list.map(String)}`;
    }
    case 'assert_exception': { const got = outcome(() => act(command.action)); return got.exception || JSON.stringify(got, (k, v) => typeof v === 'bigint' ? String(v) : v); }
    case 'assert_trap': case 'assert_exhaustion': {
        // The words are another engine's, that it is a trap is what counts.
        const got = outcome(() => act(command.action)); return 'trap' in got || 'refused' in got || JSON.stringify(got);
    }
    case 'assert_unlinkable': return 'refused' in outcome(() => instantiate(compile(command)));
    case 'assert_invalid': case 'assert_malformed':
        if (command.module_type === 'text') throw { skip: 'text' };
        return 'refused' in outcome(() => compile(command)) || 'it is accepted';
    default: throw { skip: command.type };
    }
}
for (const command of commands) {
    let verdict;
    try { verdict = holds(command); }
    catch (error) { if (error.skip) { skipped++; continue; } verdict = String(error); }
    if (verdict === true) { passed++; continue; }
    failed++;
    console.log(`${argv[2]}:${command.line}: ${command.type}: ${verdict}`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
exit(failed ? 1 : 0);
