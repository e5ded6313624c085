// The command that runs a state machine with an input of the user's choice, and shows what came out.

import * as vscode from 'vscode';
import { ExecuteCommandRequest, type LanguageClient } from 'vscode-languageclient/node';

/** What the server's command `asl.simulate` returns, as far as it is used here. */
export interface SimulationResult {
    status: string;
    output?: unknown;
    error?: string | null;
    cause?: string | null;
    /** Why the simulation could not go on, if that is how it ended: the machine is not finished yet. */
    blocked?: { state: string | null; reason: string };
}

/** The server's own command; the language client registers it because the server lists it. */
export const SIMULATE = 'asl.simulate';

/** The languages of state machines, which AWS Toolkit calls so too. */
export const LANGUAGES = ['asl', 'asl-yaml'];

const RESULT_SCHEME = 'asl-lsp-result';

/** Keeps the last result per state machine and shows it as a read-only JSON document on request. */
export class SimulationResults implements vscode.TextDocumentContentProvider, vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<vscode.Uri>();
    readonly #texts = new Map<string, string>();
    readonly #registration = vscode.workspace.registerTextDocumentContentProvider(RESULT_SCHEME, this);
    readonly onDidChange = this.#changed.event;

    set(machine: vscode.Uri, result: SimulationResult): vscode.Uri {
        const uri = resultUri(machine);
        this.#texts.set(uri.toString(), `${JSON.stringify(result, null, 2)}\n`);
        this.#changed.fire(uri);
        return uri;
    }

    /** Shows anything else that the server has answered about a machine. */
    async show(machine: vscode.Uri, answer: unknown): Promise<void> {
        const uri = resultUri(machine);
        this.#texts.set(uri.toString(), `${JSON.stringify(answer, null, 2)}\n`);
        this.#changed.fire(uri);
        await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true });
    }

    provideTextDocumentContent(uri: vscode.Uri): string {
        return this.#texts.get(uri.toString()) ?? '';
    }

    dispose(): void {
        this.#registration.dispose();
        this.#changed.dispose();
    }
}

/**
 * Asks for an input, simulates the machine with it and reports the outcome.
 *
 * Both arguments are for key bindings and tests: the machine in place of the active editor's, and the
 * input in place of asking. Returns undefined if the user thought better of it.
 */
export async function simulateWithInput(
    client: LanguageClient,
    results: SimulationResults,
    memory: vscode.Memento,
    machine?: vscode.Uri,
    input?: unknown,
): Promise<SimulationResult | undefined> {
    const uri = machine ?? activeMachine();
    if (uri === undefined) {
        void vscode.window.showWarningMessage('Open a state machine (*.asl.json, *.asl.yaml) to simulate it.');
        return undefined;
    }

    if (input === undefined) {
        const text = await askInput(memory, uri);
        if (text === undefined) return undefined;
        input = text.trim() === '' ? undefined : JSON.parse(text);
    }

    const location = { location: vscode.ProgressLocation.Window, title: 'ASL: simulating' };
    const result = await vscode.window.withProgress(location, async () => {
        const arguments_ = [{ uri: client.code2ProtocolConverter.asUri(uri), input }];
        const answer: SimulationResult | null = await client.sendRequest(ExecuteCommandRequest.type, {
            command: SIMULATE,
            arguments: arguments_,
        });
        if (answer === null) throw new Error('the server knows nothing of this document');
        return answer;
    });
    void report(results.set(uri, result), result);
    return result;
}

/** Says in one line how a simulation ended. */
export function summary(result: SimulationResult): string {
    const { status, error, cause, blocked } = result;
    const details = [error, cause, blocked?.state, blocked?.reason].filter(Boolean);
    return details.length > 0 ? `${status} · ${details.join(': ')}` : status;
}

function activeMachine(): vscode.Uri | undefined {
    const document = vscode.window.activeTextEditor?.document;
    return document && LANGUAGES.includes(document.languageId) ? document.uri : undefined;
}

async function askInput(memory: vscode.Memento, machine: vscode.Uri): Promise<string | undefined> {
    const key = `input ${machine.toString()}`;
    const text = await vscode.window.showInputBox({
        title: 'Simulate with Input',
        prompt: 'Input of the execution, as JSON; leave it empty for that of the *.input.json beside it',
        placeHolder: '{"orderId": "001"}',
        value: memory.get<string>(key, '{}'),
        ignoreFocusOut: true,
        validateInput: jsonProblem,
    });
    if (text !== undefined) await memory.update(key, text);
    return text;
}

function jsonProblem(text: string): string | undefined {
    if (text.trim() === '') return undefined;
    try {
        JSON.parse(text);
        return undefined;
    } catch (error) {
        return `Not JSON: ${(error as Error).message}`;
    }
}

async function report(document: vscode.Uri, result: SimulationResult): Promise<void> {
    const show = 'Show Result';
    const message = `Simulation ${summary(result)}`;
    const chosen =
        result.status === 'SUCCEEDED'
            ? await vscode.window.showInformationMessage(message, show)
            : await vscode.window.showWarningMessage(message, show);
    if (chosen === show) {
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    }
}

/** `order.asl.json` becomes `order.result.json`, which makes it JSON and not another state machine. */
function resultUri(machine: vscode.Uri): vscode.Uri {
    return machine.with({
        scheme: RESULT_SCHEME,
        authority: '',
        path: `${machine.path.replace(/(\.asl)?(\.(json|ya?ml))?$/, '')}.result.json`,
        query: machine.toString(),
    });
}
