// Scenarios as tests in the Test Explorer. The program runs them and says where things are; this file only
// carries them to and from the editor.

import { execFile } from 'node:child_process';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './debug.js';

const SCENARIO_FILES = '**/*.scenarios.{json,yaml,yml}';
/** What a scenario can depend on: definitions, tables, mocks, the file itself. */
const INPUT_FILES = '**/*.{json,yaml,yml,asl}';
const EXCLUDED = '**/node_modules/**';
const MILLISECONDS_MAX = 120_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

interface Place {
    path: string;
    line: number;
    column: number;
}

interface Difference {
    /** A JSON Pointer in `expect`. */
    path: string;
    expected: unknown;
    actual: unknown;
    /** The state it comes from. */
    place: Place | null;
    expectedAt: Place | null;
}

interface ScenarioResult {
    name: string;
    result: 'passed' | 'failed' | 'error';
    status: string | null;
    differences: Difference[];
    reason: string | null;
    place: Place | null;
}

interface ListedFile {
    definition?: string;
    scenarios: { name: string; line: number; column: number }[];
    reason?: string;
}

interface CoveredPart {
    kind: 'state' | 'rule' | 'default' | 'retrier' | 'catcher';
    state: string[];
    index?: number;
    line: number;
    count: number;
}

/** How one scenario came out, for whoever watches. */
export interface TestOutcome {
    file: string;
    name: string;
    result: ScenarioResult['result'];
    messages: vscode.TestMessage[];
}

/** The tests, for other extensions and for our own tests. */
export class ScenarioTests implements vscode.Disposable {
    readonly controller = vscode.tests.createTestController('asl-lsp.scenarios', 'State Machine Scenarios');
    readonly #finished = new vscode.EventEmitter<TestOutcome[]>();
    /** Fires after each run with all that was run. */
    readonly onDidRun = this.#finished.event;
    /** The ways to run them. */
    readonly profiles: { run: vscode.TestRunProfile; debug: vscode.TestRunProfile; coverage: vscode.TestRunProfile };
    readonly #coverage = new WeakMap<vscode.FileCoverage, vscode.FileCoverageDetail[]>();
    readonly #definitions = new Map<string, string>();
    readonly #continuous = new Set<(changed: vscode.Uri) => void>();
    readonly #disposables: vscode.Disposable[] = [this.controller, this.#finished];
    readonly #program: () => Promise<string>;

    /** `program` answers with the path of asl-lsp, or throws what the user is told. */
    constructor(program: () => Promise<string>) {
        this.#program = program;
        this.controller.resolveHandler = (item) => (item === undefined ? this.discover() : this.#list(item));
        this.controller.refreshHandler = () => this.discover();
        const { Run, Debug, Coverage } = vscode.TestRunProfileKind;
        const run = this.controller.createRunProfile('Run', Run, (request, token) => this.#start(request, token), true, undefined, true);
        const debug = this.controller.createRunProfile('Debug', Debug, (request, token) => this.#debug(request, token), true);
        const coverage = this.controller.createRunProfile('Coverage', Coverage, (request, token) => this.#start(request, token), true, undefined, true);
        coverage.loadDetailedCoverage = async (_run, file) => this.#coverage.get(file) ?? [];

        const watcher = vscode.workspace.createFileSystemWatcher(INPUT_FILES);
        const changed = (uri: vscode.Uri) => {
            if (isScenarioFile(uri)) void this.#list(this.#fileItem(uri));
            for (const rerun of this.#continuous) rerun(uri);
        };
        this.profiles = { run, debug, coverage };
        this.#disposables.push(
            run,
            debug,
            coverage,
            watcher,
            watcher.onDidCreate(changed),
            watcher.onDidChange(changed),
            watcher.onDidDelete((uri) => this.controller.items.delete(uri.toString())),
        );
        void this.discover();
    }

    dispose(): void {
        vscode.Disposable.from(...this.#disposables).dispose();
    }

    /** Finds all files of scenarios and the scenarios in them. */
    async discover(): Promise<void> {
        const found = await vscode.workspace.findFiles(SCENARIO_FILES, EXCLUDED);
        const items = found.map((uri) => this.#fileItem(uri));
        this.controller.items.replace(items);
        for (const item of items) await this.#list(item);
    }

    #fileItem(uri: vscode.Uri): vscode.TestItem {
        const known = this.controller.items.get(uri.toString());
        if (known) return known;
        const item = this.controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
        item.canResolveChildren = true;
        this.controller.items.add(item);
        return item;
    }

    /** Asks which scenarios a file has. */
    async #list(item: vscode.TestItem): Promise<void> {
        const uri = item.uri;
        if (uri === undefined || item.parent !== undefined) return;
        item.busy = true;
        try {
            const { files } = await this.#test<{ files: ListedFile[] }>(uri, ['--list']);
            const [listed] = files;
            item.error = listed?.reason;
            if (listed?.definition !== undefined) this.#definitions.set(item.id, listed.definition);
            // A file that is half typed keeps the scenarios it had.
            if (listed === undefined || listed.reason !== undefined) return;
            item.children.replace(
                listed.scenarios.map(({ name, line, column }) => {
                    const scenario = this.controller.createTestItem(`${item.id}#${name}`, name, uri);
                    const start = new vscode.Position(line - 1, column - 1);
                    scenario.range = new vscode.Range(start, start);
                    return scenario;
                }),
            );
        } catch (error) {
            item.error = message(error);
        } finally {
            item.busy = false;
        }
    }

    async #start(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
        if (!request.continuous) return this.#run(request, token);
        // Runs follow each other, and several changes at once make one run.
        let running = Promise.resolve();
        let pending: NodeJS.Timeout | undefined;
        const rerun = (changed: vscode.Uri) => {
            if (!this.#concerns(request, changed)) return;
            clearTimeout(pending);
            pending = setTimeout(() => {
                running = running.then(() => (token.isCancellationRequested ? undefined : this.#run(request, token)));
            }, 100);
        };
        this.#continuous.add(rerun);
        token.onCancellationRequested(() => {
            clearTimeout(pending);
            this.#continuous.delete(rerun);
        });
    }

    /** Whether a change of a file can change how the tests of a request come out. */
    #concerns(request: vscode.TestRunRequest, changed: vscode.Uri): boolean {
        const folder = path.dirname(changed.fsPath);
        return [...selected(this.controller, request).keys()].some((file) => {
            const definition = this.#definitions.get(file.id);
            const folders = [file.uri?.fsPath, definition].filter((it) => it !== undefined).map((it) => path.dirname(it));
            return folders.some((it) => folder === it || folder.startsWith(it + path.sep));
        });
    }

    async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
        const run = this.controller.createTestRun(request);
        const outcomes: TestOutcome[] = [];
        const parts = new Map<string, CoveredPart[]>();
        try {
            for (const [file, scenarios] of selected(this.controller, request)) {
                if (token.isCancellationRequested) break;
                if (file.children.size === 0) await this.#list(file);
                outcomes.push(...(await this.#runFile(run, file, scenarios, token)));
                if (request.profile?.kind === vscode.TestRunProfileKind.Coverage) await this.#cover(file, scenarios, parts, token);
            }
            for (const [definition, covered] of parts) run.addCoverage(this.#fileCoverage(definition, covered));
        } finally {
            run.end();
            this.#finished.fire(outcomes);
        }
    }

    /** Runs scenarios of a file, all of them if none is named. */
    async #runFile(
        run: vscode.TestRun,
        file: vscode.TestItem,
        scenarios: vscode.TestItem[] | undefined,
        token: vscode.CancellationToken,
    ): Promise<TestOutcome[]> {
        const items = scenarios ?? [...file.children].map(([, item]) => item);
        for (const item of items) run.started(item);
        const start = Date.now();
        let results: ScenarioResult[];
        try {
            const { files } = await this.#test<{ files: { scenarios: ScenarioResult[] }[] }>(file.uri!, named(scenarios), token);
            results = files[0]?.scenarios ?? [];
        } catch (error) {
            for (const item of items) run.errored(item, new vscode.TestMessage(message(error)));
            if (items.length === 0) run.errored(file, new vscode.TestMessage(message(error)));
            return [];
        }
        const milliseconds = (Date.now() - start) / Math.max(1, results.length);
        const outcomes: TestOutcome[] = [];
        for (const item of items) {
            const result = results.find(({ name }) => name === item.label);
            if (result === undefined) {
                run.skipped(item);
                continue;
            }
            const messages = messagesOf(result, item);
            if (result.result === 'passed') run.passed(item, milliseconds);
            else if (result.result === 'failed') run.failed(item, messages, milliseconds);
            else run.errored(item, messages, milliseconds);
            run.appendOutput(`${result.result.padEnd(6)}  ${result.name}  ${result.status ?? ''}\r\n`, undefined, item);
            for (const text of messages) run.appendOutput(`        ${String(text.message).replaceAll('\n', '\r\n')}\r\n`, text.location, item);
            outcomes.push({ file: file.uri!.fsPath, name: result.name, result: result.result, messages });
        }
        return outcomes;
    }

    /** Adds what scenarios reach, by definition. */
    async #cover(file: vscode.TestItem, scenarios: vscode.TestItem[] | undefined, parts: Map<string, CoveredPart[]>, token: vscode.CancellationToken): Promise<void> {
        const { files } = await this.#test<{ files: { definition: string; parts: CoveredPart[] }[] }>(
            file.uri!,
            ['--coverage', 'json', ...named(scenarios)],
            token,
        );
        for (const { definition, parts: found } of files) {
            const known = parts.get(definition);
            if (known === undefined) parts.set(definition, found);
            else known.forEach((part, idx) => (part.count += found[idx]?.count ?? 0));
        }
    }

    /** A state is a statement; its rules, retriers and catchers are branches of it. */
    #fileCoverage(definition: string, parts: CoveredPart[]): vscode.FileCoverage {
        const branches = new Map<string, vscode.BranchCoverage[]>();
        for (const { kind, state, index, line, count } of parts) {
            if (kind === 'state') continue;
            const key = state.join('/');
            const label = index === undefined ? 'Default' : `${kind} ${index + 1}`;
            const branch = new vscode.BranchCoverage(count, new vscode.Position(line - 1, 0), label);
            branches.set(key, [...(branches.get(key) ?? []), branch]);
        }
        const details = parts
            .filter(({ kind }) => kind === 'state')
            .map(({ state, line, count }) => new vscode.StatementCoverage(count, new vscode.Position(line - 1, 0), branches.get(state.join('/')) ?? []));
        const coverage = vscode.FileCoverage.fromDetails(vscode.Uri.file(definition), details);
        this.#coverage.set(coverage, details);
        return coverage;
    }

    async #debug(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
        const run = this.controller.createTestRun(request);
        const outcomes: TestOutcome[] = [];
        try {
            for (const [file, scenarios] of selected(this.controller, request)) {
                const definition = this.#definitions.get(file.id);
                for (const item of scenarios ?? [...file.children].map(([, child]) => child)) {
                    if (token.isCancellationRequested || definition === undefined) break;
                    run.started(item);
                    await debugScenario(definition, file.uri!, item.label, run, token);
                }
                // The verdict is that of a run without a debugger: edits made while it stood still do not count.
                if (!token.isCancellationRequested) outcomes.push(...(await this.#runFile(run, file, scenarios, token)));
            }
        } finally {
            run.end();
            this.#finished.fire(outcomes);
        }
    }

    /** Runs `asl-lsp test` on a file and returns what it prints. */
    async #test<T>(file: vscode.Uri, flags: string[], token?: vscode.CancellationToken): Promise<T> {
        const program = await this.#program();
        const cwd = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? path.dirname(file.fsPath);
        return new Promise((resolve, reject) => {
            const options = { cwd, timeout: MILLISECONDS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
            const child = execFile(program, ['test', '--format', 'json', ...flags, file.fsPath], options, (_error, stdout, stderr) => {
                cancelling?.dispose();
                try {
                    resolve(JSON.parse(stdout) as T);
                } catch {
                    reject(new Error(stderr.trim().replace(/^error: /, '') || 'asl-lsp test ended without a result'));
                }
            });
            const cancelling = token?.onCancellationRequested(() => child.kill());
        });
    }
}

/** The chosen scenarios by file; undefined for all of a file. */
function selected(controller: vscode.TestController, request: vscode.TestRunRequest): Map<vscode.TestItem, vscode.TestItem[] | undefined> {
    const chosen = new Map<vscode.TestItem, vscode.TestItem[] | undefined>();
    for (const item of request.include ?? [...controller.items].map(([, file]) => file)) {
        if (item.parent === undefined) chosen.set(item, undefined);
        else if (!chosen.has(item.parent)) chosen.set(item.parent, [item]);
        else chosen.get(item.parent)?.push(item);
    }
    for (const left of request.exclude ?? []) {
        if (left.parent === undefined) {
            chosen.delete(left);
        } else if (chosen.has(left.parent)) {
            const scenarios = chosen.get(left.parent) ?? [...left.parent.children].map(([, child]) => child);
            chosen.set(left.parent, scenarios.filter((item) => item !== left));
        }
    }
    return chosen;
}

function named(scenarios: vscode.TestItem[] | undefined): string[] {
    return (scenarios ?? []).flatMap((item) => ['--scenario', item.label]);
}

/** What went wrong, each at the state it comes from. */
function messagesOf(result: ScenarioResult, item: vscode.TestItem): vscode.TestMessage[] {
    const fallback = new vscode.Location(item.uri!, item.range ?? new vscode.Range(0, 0, 0, 0));
    if (result.result === 'error') {
        const failure = new vscode.TestMessage(result.reason ?? 'The scenario could not be run');
        failure.location = locationOf(result.place) ?? fallback;
        return [failure];
    }
    return result.differences.map(({ path: pointer, expected, actual, place, expectedAt }) => {
        const what = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
        const failure = vscode.TestMessage.diff(`${what}: expected ${short(expected)}, actual ${short(actual)}`, pretty(expected), pretty(actual));
        failure.location = locationOf(place) ?? locationOf(expectedAt) ?? fallback;
        return failure;
    });
}

function locationOf(place: Place | null): vscode.Location | undefined {
    return place === null ? undefined : new vscode.Location(vscode.Uri.file(place.path), new vscode.Position(place.line - 1, place.column - 1));
}

const SHORT_CHARS_MAX = 80;

function short(value: unknown): string {
    const text = value === null ? 'nothing' : JSON.stringify(value);
    return text.length > SHORT_CHARS_MAX ? `${text.slice(0, SHORT_CHARS_MAX)}…` : text;
}

function pretty(value: unknown): string {
    return value === null ? '' : JSON.stringify(value, null, 2);
}

function isScenarioFile(uri: vscode.Uri): boolean {
    return /\.scenarios\.(json|ya?ml)$/.test(uri.path) && !uri.path.includes('/node_modules/');
}

/** Debugs one scenario until its session ends. */
async function debugScenario(definition: string, file: vscode.Uri, name: string, run: vscode.TestRun, token: vscode.CancellationToken): Promise<void> {
    const has = (breakpoint: vscode.Breakpoint) =>
        breakpoint instanceof vscode.SourceBreakpoint && breakpoint.location.uri.fsPath === definition;
    const configuration = {
        type: DEBUG_TYPE,
        request: 'launch',
        name: `Debug ${name}`,
        program: definition,
        scenarios: file.fsPath,
        scenario: name,
        // Without a breakpoint there would be nothing to see.
        stopOnEntry: !vscode.debug.breakpoints.some(has),
    };
    const disposables: vscode.Disposable[] = [];
    const ended = new Promise<void>((resolve) => {
        disposables.push(
            vscode.debug.onDidTerminateDebugSession((session) => session.configuration['scenario'] === name && resolve()),
            token.onCancellationRequested(() => {
                void vscode.debug.stopDebugging();
                resolve();
            }),
        );
    });
    try {
        const folder = vscode.workspace.getWorkspaceFolder(file);
        if (await vscode.debug.startDebugging(folder, configuration, { testRun: run } as vscode.DebugSessionOptions)) await ended;
    } finally {
        vscode.Disposable.from(...disposables).dispose();
    }
}

function message(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
