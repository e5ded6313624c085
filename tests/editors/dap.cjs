// Steps through a state machine with Microsoft's own client for tests of debug adapters.
//
//   node tests/editors/dap.cjs MODULES SERVER MACHINE

const assert = require('node:assert/strict');
const { createRequire } = require('node:module');

const [modules, server, program] = process.argv.slice(2);
const { DebugClient } = createRequire(`${modules}/`)('@vscode/debugadapter-testsupport');

async function main() {
    const client = new DebugClient(server, 'dap', 'asl');
    await client.start();
    const [, , entry] = await Promise.all([
        client.configurationSequence(),
        client.launch({ program, stopOnEntry: true }),
        client.waitForEvent('stopped'),
    ]);
    assert.equal(entry.body.reason, 'entry');
    const at = async () => (await client.stackTraceRequest({ threadId: 1 })).body.stackFrames[0];
    const go = async (request) => {
        const [event] = await Promise.all([client.waitForEvent('stopped'), request()]);
        return event.body.reason;
    };

    const first = await at();
    assert.equal(await go(() => client.nextRequest({ threadId: 1 })), 'step');
    const second = await at();
    assert.notEqual(second.name, first.name);
    assert.equal(await go(() => client.stepBackRequest({ threadId: 1 })), 'step');
    assert.equal((await at()).line, first.line);

    const { breakpoints } = (await client.setBreakpointsRequest({ source: { path: program }, breakpoints: [{ line: second.line + 1 }] })).body;
    assert.deepEqual([breakpoints[0].verified, breakpoints[0].line], [true, second.line]);
    assert.equal(await go(() => client.continueRequest({ threadId: 1 })), 'breakpoint');
    const { scopes } = (await client.scopesRequest({ frameId: (await at()).id })).body;
    const tables = scopes.find(({ name }) => name === 'Tables');
    const { variables } = (await client.variablesRequest({ variablesReference: tables.variablesReference })).body;
    assert.match(variables[0].value, /OrderId/);

    await Promise.all([client.waitForEvent('terminated'), client.continueRequest({ threadId: 1 })]);
    await client.stop();
}

main().then(
    () => console.log('ok    a client of Microsoft steps forth and back'),
    (error) => {
        console.error(error);
        process.exitCode = 1;
    },
);
