// Measures AWS's language service on the documents of process.py: the figures of the peer in README.md.
//
// Usage: npm install --prefix target/peer amazon-states-language-service@1.16.1 && node benches/peer.cjs
//
// AWS's server is this library behind VS Code's language server, which adds a pause of half a second before it looks at a
// change. Here the library alone is measured, so what a person waits for is more.

const { execFileSync } = require('node:child_process');
const { createRequire } = require('node:module');
const path = require('node:path');

const N_RUNS = 5;
const modules = createRequire(path.resolve(__dirname, '../target/peer/package.json'));

/** The definition that process.py has, too. */
function definition(nStates) {
    const states = {};
    for (let i = 0; i < nStates; i++) {
        const end = i + 1 < nStates ? { Next: `State${i + 1}` } : { End: true };
        const key = { OrderId: { 'S.$': '$.orders[0].id' } };
        states[`State${i}`] = [
            {
                Type: 'Task', Resource: 'arn:aws:states:::dynamodb:getItem',
                Parameters: { TableName: 'Orders', Key: key }, ResultPath: '$.order', ...end,
            },
            { Type: 'Pass', Comment: 'Hands its input on.', ...end },
            { Type: 'Wait', Seconds: 5, ...end },
        ][i % 3];
    }
    return `${JSON.stringify({ Comment: 'a chain', StartAt: 'State0', States: states }, null, 2)}\n`;
}

function show(what, values, unit) {
    const sorted = [...values].sort((a, b) => a - b);
    const figure = value => value.toFixed(1).padStart(8);
    console.log(`${what.padEnd(48)} ${figure(sorted[0])} ${unit} least ${figure(sorted[sorted.length >> 1])} ${unit} median`);
}

/** The time on the processor since a mark, of all threads: other work going on beside it counts least in it. */
function cpuMs(since) {
    const { user, system } = process.cpuUsage(since);
    return (user + system) / 1000;
}
const residentMib = () => process.memoryUsage.rss() / 1024 ** 2;

/** What a process of its own does with a document: opens it, and validates it anew after each change. */
async function edit(nStates) {
    const { getLanguageService, TextDocument } = modules('amazon-states-language-service');
    const service = getLanguageService({});
    const text = definition(nStates);
    const times = [];
    for (let version = 1; version <= N_RUNS + 1; version++) {
        const changed = text.replace('a chain', `a chain${'x'.repeat(version - 1)}`);
        const begun = process.cpuUsage();
        const document = TextDocument.create('file:///bench.asl.json', 'asl', version, changed);
        await service.doValidation(document, service.parseJSONDocument(document));
        times.push(cpuMs(begun));
        if (version === 1) console.log(JSON.stringify({ opened: residentMib() }));
    }
    console.log(JSON.stringify({ times: times.slice(1), resident: residentMib() }));
}

function inProcess(...options) {
    return execFileSync(process.execPath, [__filename, ...options], { encoding: 'utf8' }).trim().split('\n').filter(Boolean);
}

function main() {
    const starts = [];
    for (let i = 0; i < N_RUNS; i++) {
        const [{ started }] = inProcess('--load').map(line => JSON.parse(line));
        starts.push(started);
    }
    show('CPU from spawn to the library being loaded', starts, 'ms');
    for (const [nStates, what] of [[1_000, '1,000 states'], [5_700, '1 MB']]) {
        const [{ opened }, { times, resident }] = inProcess('--edit', String(nStates)).map(line => JSON.parse(line));
        show(`resident memory, ${what} open`, [opened], 'MiB');
        show(`CPU from change to diagnostics, ${what}`, times, 'ms');
        show(`resident memory after ${N_RUNS} changes, ${what}`, [resident], 'MiB');
    }
}

const [mode, nStates] = process.argv.slice(2);
if (mode === '--load') {
    modules('amazon-states-language-service').getLanguageService({});
    console.log(JSON.stringify({ started: cpuMs() }));
} else if (mode === '--edit') edit(Number(nStates));
else main();
