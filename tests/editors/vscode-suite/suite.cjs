// What a user of VS Code gets from extension and server together, through the same calls the editor
// itself makes. Runs in the extension host.

const assert = require('node:assert/strict');
const { chmodSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

const SECTION = 'asl-lsp';

describe('asl-lsp in VS Code', () => {
    let document;
    let original;
    let api;

    before(async () => {
        const [folder] = vscode.workspace.workspaceFolders;
        document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, 'order.asl.json'));
        original = document.getText();
        await vscode.window.showTextDocument(document);
        api = await vscode.extensions.getExtension('asl-lsp.asl-lsp').activate();
    });

    afterEach(async () => {
        if (document.getText() !== original) await replace(new vscode.Range(0, 0, document.lineCount, 0), original);
    });

    it('takes *.asl.json for state machines', () => {
        assert.equal(document.languageId, 'asl');
    });

    it('runs the bundled server', () => {
        assert.equal(api.server()?.origin, 'bundled');
        assert.match(api.server().version, /^\d+\.\d+\.\d+/);
    });

    it('shows the output of each state behind its name', async () => {
        await eventually(async () => {
            const hints = await hintsByState();
            assert.ok(hints.get('SaveOrder'), 'a hint on SaveOrder');
            assert.match(hints.get('GetOrder') ?? '', /OrderId.*001/);
        });
    });

    it('simulates state machines in YAML', async () => {
        const [folder] = vscode.workspace.workspaceFolders;
        const uri = vscode.Uri.joinPath(folder.uri, 'greeting.asl.yaml');
        const text = 'StartAt: Greet\nStates:\n  Greet:\n    Type: Pass\n    Result: { hello: world }\n    End: true\n';
        await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
        try {
            const other = await vscode.workspace.openTextDocument(uri);
            assert.equal(other.languageId, 'asl-yaml');
            await eventually(async () => {
                const all = new vscode.Range(0, 0, other.lineCount, 0);
                const hints = await vscode.commands.executeCommand('vscode.executeInlayHintProvider', uri, all);
                assert.equal(hints.length, 1);
                assert.match(JSON.stringify(hints[0].label), /hello.*world/);
            });
        } finally {
            await vscode.workspace.fs.delete(uri);
        }
    });

    it('hides the hints when told so', async () => {
        await configure('inlayHints.enabled', false);
        try {
            await eventually(async () => assert.equal((await hintsByState()).size, 0));
        } finally {
            await configure('inlayHints.enabled', undefined);
        }
        await eventually(async () => assert.notEqual((await hintsByState()).size, 0));
    });

    it('shows the item that was read as a table', async () => {
        await eventually(async () => {
            const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, within('"GetOrder": {', 3));
            const text = hovers.flatMap((hover) => hover.contents).map((content) => content.value ?? content).join('\n');
            assert.match(text, row('OrderId', 'S', '001'));
            assert.match(text, row('Status', 'S', 'Created'));
        });
    });

    it('marks a transition to a missing state until it is mended', async () => {
        await eventually(() => assert.deepEqual(errors(), []));
        const target = nextOfSaveOrder();
        await replace(target, '"Missing"');
        await eventually(() => {
            const [error, ...others] = errors().filter(({ range }) => range.start.line === target.start.line);
            assert.ok(error, `reported: ${JSON.stringify(errors())}`);
            assert.deepEqual(others, []);
            assert.match(error.message, /Missing/);
            const marked = document.getText(error.range);
            assert.ok(marked === '"Missing"' || marked === 'Missing', `marked: ${marked}`);
        });
        await replace(new vscode.Range(target.start, target.start.translate(0, '"Missing"'.length)), '"GetOrder"');
        await eventually(() => assert.deepEqual(errors(), []));
    });

    it('reports no problems when told so', async () => {
        await replace(nextOfSaveOrder(), '"Missing"');
        await eventually(() => assert.notDeepEqual(errors(), []));
        await configure('diagnostics.enabled', false);
        try {
            await eventually(async () => {
                assert.deepEqual(errors(), []);
                assert.notEqual((await hintsByState()).size, 0);
            });
        } finally {
            await configure('diagnostics.enabled', undefined);
        }
        await eventually(() => assert.notDeepEqual(errors(), []));
    });

    it('debugs the state machine in the editor', async () => {
        const breakpoint = new vscode.SourceBreakpoint(new vscode.Location(document.uri, within('"GetOrder": {', 3)));
        vscode.debug.addBreakpoints([breakpoint]);
        const seen = [];
        const tracker = vscode.debug.registerDebugAdapterTrackerFactory('asl', {
            createDebugAdapterTracker: () => ({
                onDidSendMessage: ({ type, event, body }) => {
                    if (type === 'event' && event === 'stopped') seen.push(body.reason);
                    if (type === 'event' && event === 'exited') seen.push(`exit ${body.exitCode}`);
                },
            }),
        });
        let hasEnded = false;
        const ending = vscode.debug.onDidTerminateDebugSession(() => (hasEnded = true));
        try {
            assert.ok(await vscode.commands.executeCommand('asl-lsp.debug', document.uri));
            await eventually(() => assert.deepEqual(seen, ['entry']));
            const session = vscode.debug.activeDebugSession;
            assert.equal(session.type, 'asl');
            await session.customRequest('continue', { threadId: 1 });
            await eventually(() => assert.deepEqual(seen, ['entry', 'breakpoint']));
            const { stackFrames } = await session.customRequest('stackTrace', { threadId: 1 });
            assert.match(stackFrames[0].name, /^GetOrder/);
            await session.customRequest('stepBack', { threadId: 1 });
            await eventually(() => assert.deepEqual(seen, ['entry', 'breakpoint', 'step']));
            await session.customRequest('continue', { threadId: 1 });
            await eventually(() => assert.equal(seen.at(-1), 'breakpoint'));
            await session.customRequest('continue', { threadId: 1 });
            await eventually(() => assert.equal(seen.at(-1), 'exit 0'));
            await eventually(() => assert.ok(hasEnded));
        } finally {
            vscode.debug.removeBreakpoints([breakpoint]);
            if (!hasEnded) await vscode.debug.stopDebugging();
            ending.dispose();
            tracker.dispose();
        }
    });

    describe('the Test Explorer', () => {
        const TIMES = 20_000;
        const none = new vscode.CancellationTokenSource().token;
        let tests;
        let file;

        before(async () => {
            tests = api.tests;
            await eventually(() => {
                file = [...tests.controller.items].map(([, item]) => item).find(({ label }) => label === 'stock/inventory.scenarios.json');
                assert.equal(file?.children.size, 3);
            });
        });

        /** The outcomes of the next run. */
        function run(start) {
            return new Promise((resolve, reject) => {
                const timer = setTimeout(() => reject(new Error('no run came to its end')), TIMES);
                const watching = tests.onDidRun((outcomes) => {
                    clearTimeout(timer);
                    watching.dispose();
                    resolve(outcomes);
                });
                start();
            });
        }

        function request(profile, include, continuous = false) {
            return new vscode.TestRunRequest(include, undefined, profile, continuous);
        }

        it('has the scenarios of the files, where they are named', () => {
            const scenarios = [...file.children].map(([, item]) => item);
            assert.deepEqual(scenarios.map(({ label }) => label), ['enough in stock', 'sold out', 'one left']);
            assert.ok(scenarios.every(({ range }) => range.start.line > 0));
        });

        it('runs all and shows what differs at the state', async () => {
            const { run: profile } = tests.profiles;
            const outcomes = await run(() => profile.runHandler(request(profile), none));
            assert.deepEqual(outcomes.map(({ result }) => result), ['passed', 'passed', 'failed']);
            const [{ message, expectedOutput, actualOutput, location }] = outcomes[2].messages;
            assert.equal(message, 'output.stock.left: expected 2, actual 1');
            assert.deepEqual([expectedOutput, actualOutput], ['2', '1']);
            assert.match(location.uri.path, /inventory\.asl\.json$/);
            const definition = await vscode.workspace.openTextDocument(location.uri);
            assert.match(definition.lineAt(location.range.start.line).text, /"Reserved"/);
        });

        it('runs one by its name', async () => {
            const { run: profile } = tests.profiles;
            const [, soldOut] = [...file.children].map(([, item]) => item);
            const outcomes = await run(() => profile.runHandler(request(profile, [soldOut]), none));
            assert.deepEqual(outcomes.map(({ name, result }) => [name, result]), [['sold out', 'passed']]);
        });

        it('tells which states were reached', async () => {
            const { coverage: profile } = tests.profiles;
            const [enough] = [...file.children].map(([, item]) => item);
            const outcomes = await run(() => profile.runHandler(request(profile, [enough]), none));
            assert.equal(outcomes.length, 1);
        });

        it('runs again when a file changes', async () => {
            const { run: profile } = tests.profiles;
            const ending = new vscode.CancellationTokenSource();
            await profile.runHandler(request(profile, [file], true), ending.token);
            const before = await vscode.workspace.fs.readFile(file.uri);
            try {
                const mended = Buffer.from(before).toString().replace('"left": 2', '"left": 1');
                const outcomes = await run(() => vscode.workspace.fs.writeFile(file.uri, Buffer.from(mended)));
                assert.deepEqual(outcomes.map(({ result }) => result), ['passed', 'passed', 'passed']);
            } finally {
                ending.cancel();
                await vscode.workspace.fs.writeFile(file.uri, before);
            }
        });

        it('debugs a scenario', async () => {
            const { debug: profile } = tests.profiles;
            const stopped = [];
            const tracker = vscode.debug.registerDebugAdapterTrackerFactory('asl', {
                createDebugAdapterTracker: () => ({
                    onDidSendMessage: ({ type, event, body }) => type === 'event' && event === 'stopped' && stopped.push(body.reason),
                }),
            });
            try {
                const [, soldOut] = [...file.children].map(([, item]) => item);
                const outcomes = run(() => profile.runHandler(request(profile, [soldOut]), none));
                await eventually(() => assert.deepEqual(stopped, ['entry']));
                const { variables } = await frameInput(vscode.debug.activeDebugSession);
                assert.ok(variables.some(({ name, value }) => name === 'pieces' && value === '9'), JSON.stringify(variables));
                await vscode.debug.stopDebugging();
                assert.deepEqual((await outcomes).map(({ result }) => result), ['passed']);
            } finally {
                tracker.dispose();
            }
        });

        async function frameInput(session) {
            const { stackFrames } = await session.customRequest('stackTrace', { threadId: 1 });
            const { scopes } = await session.customRequest('scopes', { frameId: stackFrames[0].id });
            return session.customRequest('variables', { variablesReference: scopes[0].variablesReference });
        }
    });

    describe('beside the text', () => {
        it('shows tables and history of the run', async () => {
            await vscode.window.showTextDocument(document);
            await eventually(() => {
                const { tables, history } = api.views.shown;
                assert.equal(tables?.tables.Orders.Items.length, 1);
                assert.deepEqual(tables.keys, { Orders: ['OrderId'] });
                assert.equal(history.at(-1)?.type, 'ExecutionSucceeded');
            });
        });

        it('goes back and forth through the run', async () => {
            await vscode.window.showTextDocument(document);
            await vscode.commands.executeCommand('asl-lsp.stepFirst');
            await eventually(async () => {
                const hints = await hintsByState();
                assert.deepEqual([hints.has('SaveOrder'), hints.has('GetOrder')], [true, false]);
                assert.equal(api.views.shown.history.at(-1).type, 'TaskStateExited');
            });
            await vscode.commands.executeCommand('asl-lsp.stepForward');
            await eventually(async () => {
                assert.match((await hintsByState()).get('GetOrder') ?? '', /001/);
                assert.equal(api.views.shown.history.at(-1).type, 'ExecutionSucceeded');
            });
        });

        it('goes to the state of an event', async () => {
            const event = api.views.shown.history.find(({ state }) => state === 'GetOrder');
            await vscode.commands.executeCommand('asl-lsp.goToState', document.uri, event.range);
            const line = vscode.window.activeTextEditor.selection.start.line;
            assert.match(document.lineAt(line).text, /"GetOrder"/);
        });

        it('tests one state alone', async () => {
            const tested = await vscode.commands.executeCommand('asl.testState', { uri: document.uri.toString(), state: 'GetOrder' });
            assert.equal(tested.answer.status, 'SUCCEEDED');
            await eventually(() => {
                const shown = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'asl-lsp-result');
                assert.match(shown?.getText() ?? '', /"state": "GetOrder"/);
            });
        });

        it('makes a first scenario, which feeds the simulation', async () => {
            const [folder] = vscode.workspace.workspaceFolders;
            const uri = vscode.Uri.joinPath(folder.uri, 'fresh.asl.json');
            const machine = { StartAt: 'Read', States: { Read: { Type: 'Pass', InputPath: '$.order.id', End: true } } };
            await vscode.workspace.fs.writeFile(uri, Buffer.from(JSON.stringify(machine, null, 2)));
            await vscode.window.showTextDocument(uri);
            await eventually(async () => {
                const lenses = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 10);
                const lens = lenses.find(({ command }) => command?.title === 'Create scenario');
                assert.ok(lens, 'a lens offers it');
                await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
            });
            await eventually(async () => {
                const made = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder.uri, 'fresh.scenarios.json'));
                assert.equal(JSON.parse(Buffer.from(made).toString()).scenarios.first.input.order.id, 'id-1');
                const all = new vscode.Range(0, 0, 99, 0);
                const [hint] = await vscode.commands.executeCommand('vscode.executeInlayHintProvider', uri, all);
                assert.match(JSON.stringify(hint?.label ?? ''), /id-1/);
            });
            await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        });

        it('keeps the scenario that was picked when the server is killed', async () => {
            const [folder] = vscode.workspace.workspaceFolders;
            const uri = vscode.Uri.joinPath(folder.uri, 'stock/inventory.asl.json');
            await vscode.window.showTextDocument(uri);
            const simulated = async () => (await vscode.commands.executeCommand('asl.simulation', { uri: uri.toString() })).scenario?.name;
            await eventually(async () => assert.equal(await simulated(), 'enough in stock'));
            assert.equal(await vscode.commands.executeCommand('asl-lsp.pickScenario', 'sold out'), 'sold out');
            await eventually(async () => assert.equal(await simulated(), 'sold out'));
            const killed = api.serverProcess();
            process.kill(killed, 'SIGKILL');
            await eventually(async () => {
                assert.ok(api.serverProcess() !== undefined && api.serverProcess() !== killed, 'another server runs');
                assert.equal(await simulated(), 'sold out');
            });
            await vscode.commands.executeCommand('asl-lsp.pickScenario', 'enough in stock');
            await vscode.window.showTextDocument(document);
        });
    });

    it('offers the names of states after Next', async () => {
        const target = nextOfSaveOrder();
        await replace(target, '""');
        await eventually(async () => {
            const { items } = await vscode.commands.executeCommand(
                'vscode.executeCompletionItemProvider',
                document.uri,
                target.start.translate(0, 1),
                '"',
            );
            const names = items.map(({ label }) => (typeof label === 'string' ? label : label.label).replaceAll('"', ''));
            assert.ok(names.includes('GetOrder'), `offered: ${names}`);
        });
    });

    it('goes from a transition to its state', async () => {
        const from = nextOfSaveOrder().start.translate(0, 3);
        const [place] = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, from);
        const range = place.targetSelectionRange ?? place.targetRange ?? place.range;
        assert.equal(range.start.line, rangeOf('"GetOrder": {').start.line);
    });

    it('renames a state everywhere', async () => {
        const at = nextOfSaveOrder().start.translate(0, 3);
        const edit = await vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, at, 'Read');
        assert.equal(edit.get(document.uri).length, 2);
    });

    it('finds the references of a state', async () => {
        const at = nextOfSaveOrder().start.translate(0, 3);
        const found = await vscode.commands.executeCommand('vscode.executeReferenceProvider', document.uri, at);
        assert.equal(found.length, 2);
    });

    it('colours what stands in strings', async () => {
        const tokens = await vscode.commands.executeCommand('vscode.provideDocumentSemanticTokens', document.uri);
        assert.ok(tokens.data.length >= 5 * 7, `${tokens.data.length / 5} tokens`);
    });

    it('formats', async () => {
        await replace(nextOfSaveOrder(), '   "GetOrder"');
        const options = { tabSize: 2, insertSpaces: true };
        const edits = await vscode.commands.executeCommand('vscode.executeFormatDocumentProvider', document.uri, options);
        assert.ok(edits.length > 0);
    });

    it('mends a transition to nowhere', async () => {
        const target = nextOfSaveOrder();
        await replace(target, '"Missing"');
        await eventually(async () => {
            const range = new vscode.Range(target.start.translate(0, 2), target.start.translate(0, 2));
            const actions = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, range, undefined, 5);
            const action = actions.find(({ title }) => title === 'Add state "Missing"');
            assert.ok(action?.edit, `offered: ${actions.map(({ title }) => title)}`);
        });
    });

    it('folds, and grows selections', async () => {
        const folds = await vscode.commands.executeCommand('vscode.executeFoldingRangeProvider', document.uri);
        assert.ok(folds.length >= 4, `${folds.length} folds`);
        const at = nextOfSaveOrder().start.translate(0, 3);
        const [selection] = await vscode.commands.executeCommand('vscode.executeSelectionRangeProvider', document.uri, [at]);
        const texts = [];
        for (let at = selection; at; at = at.parent) texts.push(document.getText(at.range));
        assert.ok(texts.includes('"Next": "GetOrder"'), texts.slice(0, 4).join('\n'));
    });

    it('tells what leads to a state', async () => {
        const at = rangeOf('"GetOrder": {').start.translate(0, 3);
        const [item] = await vscode.commands.executeCommand('vscode.prepareCallHierarchy', document.uri, at);
        const calls = await vscode.commands.executeCommand('vscode.provideIncomingCalls', item);
        assert.deepEqual(calls.map(({ from }) => from.name), ['SaveOrder']);
    });

    it('lists the states as symbols', async () => {
        const symbols = await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
        const names = [];
        for (const queue = [...symbols]; queue.length > 0; ) {
            const symbol = queue.shift();
            names.push(symbol.name);
            queue.push(...(symbol.children ?? []));
        }
        assert.ok(names.includes('SaveOrder') && names.includes('GetOrder'), `listed: ${names}`);
    });

    it('simulates from the lens above StartAt', async () => {
        await eventually(async () => {
            const lenses = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 10);
            const lens = lenses.find(({ command }) => command?.command === 'asl.simulate');
            assert.match(lens?.command.title ?? '', /Simulate.*SUCCEEDED/);
            assert.equal(lens.range.start.line, rangeOf('"StartAt"').start.line);
            const result = await vscode.commands.executeCommand(lens.command.command, ...lens.command.arguments);
            assert.equal(result.status, 'SUCCEEDED');
        });
    });

    it('simulates with an input of the user\'s', async () => {
        const result = await vscode.commands.executeCommand('asl-lsp.simulateWithInput', document.uri, { orderId: '001' });
        assert.equal(result.status, 'SUCCEEDED');
        assert.match(JSON.stringify(result.output), /001/);
        assert.ok(Object.hasOwn(result.tables, 'Orders'), 'the table is part of the result');
    });

    it('restarts the server on command', async () => {
        await vscode.commands.executeCommand('asl-lsp.restartServer');
        await eventually(async () => assert.match((await hintsByState()).get('GetOrder') ?? '', /001/));
    });

    it('logs the messages between editor and server when asked to', async () => {
        assert.doesNotMatch(serverLog(), /textDocument\/hover/);
        await configure('trace.server', 'messages');
        try {
            await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, within('"GetOrder": {', 3));
            await eventually(() => assert.match(serverLog(), /textDocument\/hover/));
        } finally {
            await configure('trace.server', undefined);
        }
    });

    it('runs the configured server in place of the bundled one', async () => {
        const wrapper = path.join(process.env.ASL_TEST_SCRATCH, 'wrapper');
        writeFileSync(wrapper, `#!/bin/sh\nexec '${process.env.ASL_TEST_SERVER}' "$@"\n`);
        chmodSync(wrapper, 0o755);
        await configure('server.path', wrapper);
        await eventually(() => assert.deepEqual([api.server()?.origin, api.server()?.path], ['setting', wrapper]));
        await eventually(async () => assert.match((await hintsByState()).get('GetOrder') ?? '', /001/));
    });

    it('runs no other server when the configured one is not there, until that is mended', async () => {
        await configure('server.path', '/nowhere/asl-lsp');
        await eventually(() => assert.equal(api.server(), undefined));
        await configure('server.path', undefined);
        await eventually(() => assert.equal(api.server()?.origin, 'bundled'));
    });

    it('prefers a server on PATH to the bundled one', async () => {
        const before = process.env.PATH;
        process.env.PATH = `${path.dirname(process.env.ASL_TEST_ON_PATH)}:${before}`;
        try {
            await vscode.commands.executeCommand('asl-lsp.restartServer');
            assert.deepEqual([api.server()?.origin, api.server()?.path], ['PATH', process.env.ASL_TEST_ON_PATH]);
        } finally {
            process.env.PATH = before;
            await vscode.commands.executeCommand('asl-lsp.restartServer');
        }
        assert.equal(api.server()?.origin, 'bundled');
    });

    it('closes the delimiters of an expression', async () => {
        const untitled = await vscode.workspace.openTextDocument({ language: 'asl', content: '' });
        await vscode.window.showTextDocument(untitled);
        for (const text of ['"', '{', '%', ' ', '$']) await vscode.commands.executeCommand('type', { text });
        assert.equal(untitled.getText(), '"{% $ %}"');
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
        await vscode.window.showTextDocument(document);
    });

    /** The position `characters` into the first occurrence of `text`. */
    function within(text, characters) {
        return document.positionAt(document.getText().indexOf(text) + characters);
    }

    function rangeOf(text) {
        return new vscode.Range(within(text, 0), within(text, text.length));
    }

    /** Where `"GetOrder"` stands as the state that follows SaveOrder, with its quotation marks. */
    function nextOfSaveOrder() {
        const transition = rangeOf('"Next": "GetOrder"');
        return transition.with(transition.start.translate(0, '"Next": '.length));
    }

    async function replace(range, text) {
        const editor = await vscode.window.showTextDocument(document);
        assert.ok(await editor.edit((edit) => edit.replace(range, text)));
    }

    function errors() {
        return vscode.languages.getDiagnostics(document.uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    }

    /** The text of the hints at the ends of lines that open a state, by the state's name. */
    async function hintsByState() {
        const all = new vscode.Range(0, 0, document.lineCount, 0);
        const hints = await vscode.commands.executeCommand('vscode.executeInlayHintProvider', document.uri, all);
        const texts = hints.map(({ position, label }) => {
            const line = document.lineAt(position.line).text;
            assert.equal(position.character, line.length, 'hints stand at the ends of lines');
            return [/^\s*"([^"]+)": \{$/.exec(line)?.[1], typeof label === 'string' ? label : label.map(({ value }) => value).join('')];
        });
        return new Map(texts);
    }
});

async function configure(name, value) {
    await vscode.workspace.getConfiguration(SECTION).update(name, value, vscode.ConfigurationTarget.Global);
}

/** All that the extension has logged so far. */
function serverLog() {
    const logs = path.join(process.env.ASL_TEST_SCRATCH, 'user/logs');
    const files = readdirSync(logs, { recursive: true }).filter((file) => file.endsWith('ASL Language Server.log'));
    return files.map((file) => readFileSync(path.join(logs, file), 'utf8')).join('');
}

/** A row of a Markdown table; the cells may be code or emphasised. */
function row(...cells) {
    return new RegExp(`\\|${cells.map((cell) => `[\\s*_\`"]*${cell}[\\s*_\`"]*`).join('\\|')}\\|`);
}

/** Repeats a check until it holds, for at most fifteen seconds. */
async function eventually(check) {
    for (const end = Date.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
        try {
            return await check();
        } catch (error) {
            if (Date.now() > end) throw error;
        }
    }
}
