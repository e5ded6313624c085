// Starts the language server and keeps the editor's user informed about it. Everything about the
// language is in the server.

import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as vscode from 'vscode';
import {
    ErrorAction,
    ExecuteCommandRequest,
    LanguageClient,
    State,
    type ClientCapabilities,
    type ErrorHandler,
    type LanguageClientOptions,
} from 'vscode-languageclient/node';
import { registerDebugger } from './debug.js';
import { findServer, ServerNotFound, type Server } from './server.js';
import { ScenarioTests } from './tests.js';
import { pickScenario, ScenarioMemory } from './scenarios.js';
import { LANGUAGES, SIMULATE, simulateWithInput, SimulationResults, summary, type SimulationResult } from './simulate.js';
import { RunViews, type Simulation } from './views.js';

const SECTION = 'asl-lsp';
const SELECTOR = ['file', 'untitled'].flatMap((scheme) =>
    LANGUAGES.map((language) => ({ scheme, language })),
);

/** Files of scenarios stay JSON or YAML to the editor; the server knows them by their names. */
const SCENARIOS = { scheme: 'file', pattern: '**/*.scenarios.{json,yaml,yml}' };

/** Settings that only a new server heeds, or only one that reports its problems anew. */
const RESTARTING = ['server.path', 'logLevel', 'diagnostics.enabled', 'dynamodbEndpoint', 'dynamodbAllowWrites'];

/** What `activate` returns to other extensions, and to the tests. */
export interface Api {
    /** The server that runs, if one does. */
    server(): Server | undefined;
    /** The scenarios as tests. */
    tests: ScenarioTests;
    /** What is shown beside a state machine. */
    views: RunViews;
    /** The server's process, for whoever wants to end it. */
    serverProcess(): number | undefined;
}

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
    const current = (session = new Session(context));
    const tests = new ScenarioTests(() => current.program());
    context.subscriptions.push(
        current,
        tests,
        vscode.commands.registerCommand('asl-lsp.restartServer', () => current.restart()),
        vscode.commands.registerCommand('asl-lsp.showLog', () => current.log.show()),
        vscode.commands.registerCommand('asl-lsp.showVersion', () => current.showVersion()),
        vscode.commands.registerCommand('asl-lsp.simulateWithInput', (uri?: unknown, input?: unknown) =>
            current.simulate(uri instanceof vscode.Uri ? uri : undefined, input),
        ),
        vscode.commands.registerCommand('asl-lsp.pickScenario', (name?: unknown) =>
            pickScenario(current.execute, current.memory, typeof name === 'string' ? name : undefined),
        ),
        vscode.commands.registerCommand('asl-lsp.createScenario', () => current.aboutActive('asl.createScenario')),
        vscode.commands.registerCommand('asl-lsp.testState', () => current.testState()),
        registerDebugger(() => current.program()),
        vscode.workspace.onDidGrantWorkspaceTrust(() => current.restart()),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (RESTARTING.some((name) => change.affectsConfiguration(`${SECTION}.${name}`))) {
                void current.restart();
            } else if (change.affectsConfiguration(`${SECTION}.inlayHints.enabled`)) {
                current.refreshInlayHints();
            } else if (change.affectsConfiguration(`${SECTION}.trace.server`)) {
                current.trace.refresh();
            }
        }),
    );
    await current.restart();
    return { server: () => current.server, tests, views: current.views, serverProcess: () => current.processId };
}

export async function deactivate(): Promise<void> {
    await session?.stop();
}

/** One server at a time, from its start to its end, and what is shown of it. */
class Session implements vscode.Disposable {
    readonly log = vscode.window.createOutputChannel('ASL Language Server', { log: true });
    readonly trace = new Trace(this.log);
    readonly #context: vscode.ExtensionContext;
    readonly #status = vscode.languages.createLanguageStatusItem('asl-lsp.status', SELECTOR);
    readonly #results = new SimulationResults();
    readonly views: RunViews;
    readonly memory: ScenarioMemory;
    #client: LanguageClient | undefined;
    #server: Server | undefined;
    /** Starts and stops wait for each other: two at once would leave a server without an owner. */
    #queue: Promise<void> = Promise.resolve();

    constructor(context: vscode.ExtensionContext) {
        this.#context = context;
        this.memory = new ScenarioMemory(context.workspaceState);
        this.views = new RunViews(context.extensionUri, this.execute);
        this.#status.name = 'ASL Language Server';
        this.#status.command = { command: 'asl-lsp.showLog', title: 'Show Log' };
    }

    get server(): Server | undefined {
        return this.#server;
    }

    get processId(): number | undefined {
        // The client keeps its process to itself.
        return (this.#client as unknown as { _serverProcess?: { pid?: number } } | undefined)?._serverProcess?.pid;
    }

    /** Carries out a command of the server. */
    readonly execute = async <T>(command: string, argument: object): Promise<T | undefined> => {
        await this.#queue;
        return this.#client?.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] }) as Promise<T> | undefined;
    };

    /** Carries out a command of the server about the state machine in the editor, as a lens would. */
    aboutActive(command: string, argument: object = {}): Thenable<unknown> | undefined {
        const document = vscode.window.activeTextEditor?.document;
        if (document === undefined || !LANGUAGES.includes(document.languageId)) return undefined;
        return vscode.commands.executeCommand(command, { uri: document.uri.toString(), ...argument });
    }

    async testState(): Promise<unknown> {
        const document = vscode.window.activeTextEditor?.document;
        if (document === undefined || !LANGUAGES.includes(document.languageId)) return undefined;
        const graph = await this.execute<{ nodes: { name: string }[] }>('asl-lsp.graph', { uri: document.uri.toString(), format: 'dot' });
        const state = await vscode.window.showQuickPick(graph?.nodes.map(({ name }) => name) ?? [], { title: 'Test State', placeHolder: 'The state, with the input it had in the last run' });
        return state === undefined ? undefined : this.aboutActive('asl.testState', { state });
    }

    restart(): Promise<void> {
        return this.#enqueue(async () => {
            await this.#stop();
            await this.#start();
        });
    }

    stop(): Promise<void> {
        return this.#enqueue(() => this.#stop());
    }

    /** The path of asl-lsp, whether it runs as a server just now or not. */
    async program(): Promise<string> {
        await this.#queue;
        return (this.#server ?? (await this.#find())).path;
    }

    async simulate(machine: vscode.Uri | undefined, input: unknown): Promise<SimulationResult | undefined> {
        await this.#queue;
        if (this.#client === undefined) {
            void vscode.window.showErrorMessage('The ASL language server does not run, so nothing can be simulated.');
            return undefined;
        }
        return simulateWithInput(this.#client, this.#results, this.#context.workspaceState, machine, input);
    }

    showVersion(): void {
        const { version } = this.#context.extension.packageJSON;
        const server = this.#server;
        const running = server ? `server ${server.version} (${server.origin}: ${server.path})` : 'no server runs';
        void vscode.window.showInformationMessage(`asl-lsp: extension ${version}, ${running}`);
    }

    refreshInlayHints(): void {
        for (const document of vscode.workspace.textDocuments) {
            const feature = this.#client?.getFeature('textDocument/inlayHint');
            feature?.getProvider(document)?.onDidChangeInlayHints.fire();
        }
    }

    dispose(): void {
        this.#status.dispose();
        this.views.dispose();
        this.#results.dispose();
        this.trace.dispose();
        this.log.dispose();
    }

    #enqueue(work: () => Promise<void>): Promise<void> {
        this.#queue = this.#queue.then(work).catch((error: unknown) => this.#showFailure(error));
        return this.#queue;
    }

    async #start(): Promise<void> {
        this.#status.severity = vscode.LanguageStatusSeverity.Information;
        this.#status.busy = true;
        this.#status.text = 'asl-lsp';
        this.#status.detail = 'starting';
        const server = await this.#find();
        this.log.info(`Starting asl-lsp ${server.version} (${server.origin}: ${server.path})`);

        const level = configuration().get<string>('logLevel', 'info');
        const run = { command: server.path, args: ['server', '--log-level', level] };
        // What is written to a server that has just been killed fails, and by itself the client gives up after a few such
        // failures. Whether another server is started is decided when the connection closes.
        const errorHandler: ErrorHandler = {
            error: () => ({ action: ErrorAction.Continue, handled: true }),
            closed: () => restarts.closed(),
        };
        const client = new LanguageClient(SECTION, 'ASL Language Server', run, { ...this.#clientOptions(), errorHandler });
        const restarts = client.createDefaultErrorHandler();
        client.onDidChangeState(({ newState }) => {
            if (newState === State.Stopped && this.#client === client) {
                this.#status.severity = vscode.LanguageStatusSeverity.Error;
                this.#status.detail = 'the server has stopped';
            } else if (newState === State.Running) {
                this.#showRunning(server);
            }
        });
        client.registerFeature({
            fillClientCapabilities: (capabilities: ClientCapabilities) => {
                capabilities.experimental = { ...capabilities.experimental, asl: { simulation: true } };
            },
            initialize: () => {},
            getState: () => ({ kind: 'static' }),
            clear: () => {},
        });
        client.onNotification('asl/simulation', (simulation: Simulation) => {
            this.memory.note(simulation);
            this.views.update(simulation);
        });
        this.#client = client;
        try {
            await client.start();
        } catch (error) {
            this.#client = undefined;
            throw error;
        }
        this.#server = server;
    }

    #find(): Promise<Server> {
        return findServer({
            configured: vscode.workspace.isTrusted ? configuration().get<string | null>('server.path') : undefined,
            searchPath: vscode.workspace.isTrusted ? process.env['PATH'] : undefined,
            bundled: path.join(this.#context.extensionPath, 'server', process.platform === 'win32' ? 'asl-lsp.exe' : 'asl-lsp'),
        });
    }

    async #stop(): Promise<void> {
        const client = this.#client;
        this.#client = undefined;
        this.#server = undefined;
        await client?.dispose();
    }

    #clientOptions(): LanguageClientOptions {
        return {
            documentSelector: [...SELECTOR, SCENARIOS],
            outputChannel: this.log,
            traceOutputChannel: this.trace.channel,
            stdioOptions: { stdout: logLines, stderr: logLines },
            // A function, so that a server that is started again after its end gets them, too.
            initializationOptions: () => ({ ...configuration(), scenarios: this.memory.chosen() }),
            synchronize: { configurationSection: SECTION },
            middleware: {
                handleDiagnostics: (uri, diagnostics, next) =>
                    next(uri, configuration().get('diagnostics.enabled') ? diagnostics : []),
                provideInlayHints: (document, range, token, next) =>
                    configuration().get('inlayHints.enabled') ? next(document, range, token) : [],
                // The code lens runs the server's command and would otherwise end without a word.
                executeCommand: async (command, args, next) => {
                    const result: unknown = await next(command, args);
                    if (command === SIMULATE && isResult(result)) {
                        vscode.window.setStatusBarMessage(`ASL: simulation ${summary(result)}`, 8_000);
                    } else if (command === 'asl.testState' && result) {
                        await this.#results.show(vscode.Uri.parse((args[0] as { uri: string }).uri), result);
                    } else if (command === 'asl.createScenario' && result) {
                        void saveWhenMade(vscode.Uri.parse((result as { uri: string }).uri));
                    }
                    return result;
                },
            },
        };
    }

    #showRunning(server: Server): void {
        this.#status.busy = false;
        this.#status.severity = vscode.LanguageStatusSeverity.Information;
        this.#status.text = `asl-lsp ${server.version}`;
        this.#status.detail = server.origin === 'bundled' ? 'comes with the extension' : server.path;
    }

    #showFailure(error: unknown): void {
        const message = error instanceof Error ? error.message : String(error);
        this.#status.busy = false;
        this.#status.severity = vscode.LanguageStatusSeverity.Error;
        this.#status.text = 'asl-lsp does not run';
        this.#status.detail = message;
        this.log.error(message);

        const setting = 'Open Setting';
        const log = 'Show Log';
        const choices = error instanceof ServerNotFound ? [setting, log] : [log];
        void vscode.window.showErrorMessage(message, ...choices).then((chosen) => {
            if (chosen === log) this.log.show();
            if (chosen === setting) void vscode.commands.executeCommand('workbench.action.openSettings', `${SECTION}.server.path`);
        });
    }
}

/**
 * Writes the messages between editor and server to the log when the setting says so.
 *
 * The language client goes by the level of its channel instead, which no extension can set and few
 * users find. So it gets the log under a level that follows the setting.
 */
class Trace implements vscode.Disposable {
    readonly #levelChanged = new vscode.EventEmitter<vscode.LogLevel>();
    readonly channel: vscode.LogOutputChannel;

    constructor(log: vscode.LogOutputChannel) {
        this.channel = Object.create(log, {
            logLevel: { get: traceLevel },
            onDidChangeLogLevel: { value: this.#levelChanged.event },
            trace: { value: (message: string, ...values: unknown[]) => log.info(message, ...values) },
        });
    }

    refresh(): void {
        this.#levelChanged.fire(traceLevel());
    }

    dispose(): void {
        this.#levelChanged.dispose();
    }
}

function traceLevel(): vscode.LogLevel {
    return configuration().get('trace.server') === 'off' ? vscode.LogLevel.Info : vscode.LogLevel.Trace;
}

/** What the server logs is no error by itself, though it arrives on standard error. */
function logLines(stream: Readable, log: vscode.LogOutputChannel): void {
    createInterface({ input: stream }).on('line', (line) => log.info(line));
}

function configuration(): vscode.WorkspaceConfiguration {
    return vscode.workspace.getConfiguration(SECTION);
}

/** Saves the file that the server has asked the editor to make: the server reads it from the disk. */
async function saveWhenMade(uri: vscode.Uri): Promise<void> {
    const made = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    if (made !== undefined) {
        await made.save();
        return;
    }
    const opening = vscode.workspace.onDidOpenTextDocument(async (document) => {
        if (document.uri.toString() !== uri.toString()) return;
        opening.dispose();
        // The text comes with the edit that follows.
        const changing = vscode.workspace.onDidChangeTextDocument(async (change) => {
            if (change.document !== document) return;
            changing.dispose();
            await document.save();
        });
        if (document.getText() !== '') {
            changing.dispose();
            await document.save();
        }
    });
}

function isResult(value: unknown): value is SimulationResult {
    return typeof value === 'object' && value !== null && typeof (value as SimulationResult).status === 'string';
}
