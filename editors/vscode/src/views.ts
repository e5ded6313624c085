// What is shown beside a state machine: its graph with the run, tables and history. All of it comes from the server's
// commands, which editors/PROTOCOL.md describes; the server says when there is something new.

import * as vscode from 'vscode';
import { LANGUAGES } from './simulate.js';

export interface Range {
    start: { line: number; character: number };
    end: { line: number; character: number };
}

/** What `asl.simulation` answers, and `asl/simulation` tells. */
export interface Simulation {
    uri: string;
    status: string | null;
    scenario: { name: string; isChosen: boolean; count: number } | null;
    step: number | null;
    steps: number;
    event: number | null;
    state: { name: string; range: Range | null } | null;
}

interface Tables {
    tables: Record<string, { Items: Item[] }>;
    keys: Record<string, string[]>;
    changes: { table: string; before: Item | null; after: Item | null }[];
}

type Item = Record<string, Record<string, unknown>>;

interface HistoryEvent {
    id: number;
    type: string;
    timestamp: string;
    state: string | null;
    range: Range | null;
}

/** Carries out a command of the server; undefined while none runs. */
export type Execute = <T>(command: string, argument: object) => Promise<T | undefined>;

/** The views of the state machine that is worked on. */
export class RunViews implements vscode.Disposable {
    readonly #execute: Execute;
    readonly #tables = new TablesProvider();
    readonly #history = new HistoryProvider();
    readonly #panels = new Map<string, RunPanel>();
    readonly #extension: vscode.Uri;
    readonly #disposables: vscode.Disposable[];
    #machine: vscode.Uri | undefined;
    /** The latest request counts: answers may overtake each other. */
    #generation = 0;

    constructor(extension: vscode.Uri, execute: Execute) {
        this.#extension = extension;
        this.#execute = execute;
        const tables = vscode.window.createTreeView('asl-lsp.tables', { treeDataProvider: this.#tables });
        const history = vscode.window.createTreeView('asl-lsp.history', { treeDataProvider: this.#history });
        this.#disposables = [
            tables,
            history,
            vscode.window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)),
            vscode.commands.registerCommand('asl-lsp.openRun', (uri?: unknown) => this.open(uri)),
            vscode.commands.registerCommand('asl-lsp.stepFirst', () => this.step({ to: 'first' })),
            vscode.commands.registerCommand('asl-lsp.stepBack', () => this.step({ to: 'previous' })),
            vscode.commands.registerCommand('asl-lsp.stepForward', () => this.step({ to: 'next' })),
            vscode.commands.registerCommand('asl-lsp.stepLast', () => this.step({ to: 'last' })),
            vscode.commands.registerCommand('asl-lsp.showMoment', (event?: HistoryEvent) =>
                event === undefined ? undefined : this.step({ event: event.id }),
            ),
            vscode.commands.registerCommand('asl-lsp.goToState', (uri: vscode.Uri, range: Range) => reveal(uri, range)),
        ];
        this.#follow(vscode.window.activeTextEditor);
    }

    /** What the trees hold, for tests. */
    get shown(): { tables: Tables | undefined; history: HistoryEvent[]; panels: string[] } {
        return { tables: this.#tables.content, history: this.#history.events, panels: [...this.#panels.keys()] };
    }

    dispose(): void {
        for (const panel of this.#panels.values()) panel.dispose();
        vscode.Disposable.from(...this.#disposables).dispose();
    }

    /** The server shows another run, or another step of it. */
    update(simulation: Simulation): void {
        const uri = vscode.Uri.parse(simulation.uri);
        if (uri.toString() === this.#machine?.toString()) {
            void this.#refresh();
            if (simulation.state?.range && simulation.step !== null) revealQuietly(uri, simulation.state.range);
        }
        void this.#panels.get(uri.toString())?.refresh(simulation);
    }

    /** Opens the graph of a state machine, with its tables and the steps of its run, beside the text. */
    async open(uri?: unknown): Promise<void> {
        const machine = uri instanceof vscode.Uri ? uri : this.#machine;
        if (machine === undefined) {
            void vscode.window.showWarningMessage('Open a state machine (*.asl.json, *.asl.yaml) to see its graph.');
            return;
        }
        const key = machine.toString();
        const known = this.#panels.get(key);
        if (known) return known.reveal();
        const panel = new RunPanel(this.#extension, machine, this.#execute, () => this.#panels.delete(key));
        this.#panels.set(key, panel);
    }

    async step(argument: object): Promise<Simulation | undefined> {
        const uri = this.#machine;
        if (uri === undefined) return undefined;
        return this.#execute<Simulation>('asl.step', { uri: uri.toString(), ...argument });
    }

    #follow(editor: vscode.TextEditor | undefined): void {
        if (editor === undefined || !LANGUAGES.includes(editor.document.languageId)) return;
        if (editor.document.uri.toString() === this.#machine?.toString()) return;
        this.#machine = editor.document.uri;
        void this.#refresh();
    }

    async #refresh(): Promise<void> {
        const uri = this.#machine;
        const generation = ++this.#generation;
        if (uri === undefined) return;
        const argument = { uri: uri.toString() };
        const [tables, history] = await Promise.all([
            this.#execute<Tables>('asl.tables', argument),
            this.#execute<{ events: HistoryEvent[] }>('asl.history', argument),
        ]).catch(() => [undefined, undefined]);
        if (generation !== this.#generation) return;
        this.#tables.show(tables);
        this.#history.show(uri, history?.events ?? []);
    }
}

type TableNode = { table: string } | { table: string; item: Item; change?: 'put' | 'changed' | 'deleted' } | { attribute: string; value: string };

class TablesProvider implements vscode.TreeDataProvider<TableNode> {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly onDidChangeTreeData = this.#changed.event;
    content: Tables | undefined;

    show(content: Tables | undefined): void {
        this.content = content ?? undefined;
        this.#changed.fire();
    }

    getChildren(node?: TableNode): TableNode[] {
        const content = this.content;
        if (content === undefined) return [];
        if (node === undefined) return Object.keys(content.tables).map((table) => ({ table }));
        if ('attribute' in node) return [];
        if ('item' in node) return Object.entries(node.item).map(([attribute, value]) => ({ attribute, value: attributeText(value) }));
        const changes = content.changes.filter(({ table }) => table === node.table);
        const items = content.tables[node.table]?.Items ?? [];
        const live = items.map((item) => {
            const change = changes.find(({ after }) => JSON.stringify(after) === JSON.stringify(item));
            return { table: node.table, item, change: change && (change.before === null ? ('put' as const) : ('changed' as const)) };
        });
        const gone = changes.filter(({ after }) => after === null).map(({ before }) => ({ table: node.table, item: before!, change: 'deleted' as const }));
        return [...live, ...gone];
    }

    getTreeItem(node: TableNode): vscode.TreeItem {
        const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
        if ('attribute' in node) {
            const item = new vscode.TreeItem(node.attribute, None);
            item.description = node.value;
            return item;
        }
        if (!('item' in node)) {
            const count = this.content?.tables[node.table]?.Items.length ?? 0;
            const item = new vscode.TreeItem(node.table, Expanded);
            item.description = count === 1 ? '1 item' : `${count} items`;
            item.iconPath = new vscode.ThemeIcon('table');
            return item;
        }
        const keys = this.content?.keys[node.table] ?? [];
        const item = new vscode.TreeItem(keys.map((key) => attributeText(node.item[key])).join(' · '), Collapsed);
        item.description = Object.entries(node.item)
            .filter(([name]) => !keys.includes(name))
            .map(([name, value]) => `${name}: ${attributeText(value)}`)
            .join(', ');
        const icons = { put: 'diff-added', changed: 'diff-modified', deleted: 'diff-removed' };
        item.iconPath = new vscode.ThemeIcon(node.change ? icons[node.change] : 'circle-small');
        item.tooltip = node.change && `${node.change} in the ${'run or step'} that is shown`;
        return item;
    }
}

class HistoryProvider implements vscode.TreeDataProvider<HistoryEvent> {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly onDidChangeTreeData = this.#changed.event;
    events: HistoryEvent[] = [];
    #machine: vscode.Uri | undefined;

    show(machine: vscode.Uri, events: HistoryEvent[]): void {
        this.#machine = machine;
        this.events = events;
        this.#changed.fire();
    }

    getChildren(node?: HistoryEvent): HistoryEvent[] {
        return node === undefined ? this.events : [];
    }

    getTreeItem(event: HistoryEvent): vscode.TreeItem {
        const item = new vscode.TreeItem(`${event.id}  ${event.type}`);
        const start = Date.parse(this.events[0]?.timestamp ?? event.timestamp);
        const seconds = (Date.parse(event.timestamp) - start) / 1000;
        item.description = [event.state, seconds > 0 ? `+${seconds} s` : undefined].filter(Boolean).join(' · ');
        item.contextValue = 'event';
        const failed = /Failed|TimedOut|Aborted/.test(event.type);
        item.iconPath = new vscode.ThemeIcon(failed ? 'error' : /Succeeded|Exited/.test(event.type) ? 'pass' : 'circle-outline');
        if (event.range !== null && this.#machine !== undefined) {
            item.command = { command: 'asl-lsp.goToState', title: 'Go to State', arguments: [this.#machine, event.range] };
        }
        return item;
    }
}

/** The page with graph, tables and steps. */
class RunPanel implements vscode.Disposable {
    readonly #panel: vscode.WebviewPanel;
    readonly #machine: vscode.Uri;
    readonly #execute: Execute;
    #generation = 0;
    #nodes: { name: string; range: Range }[] = [];

    constructor(extension: vscode.Uri, machine: vscode.Uri, execute: Execute, closed: () => void) {
        this.#machine = machine;
        this.#execute = execute;
        const media = vscode.Uri.joinPath(extension, 'media');
        const name = machine.path.split('/').pop()?.split('.')[0] ?? 'State Machine';
        const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
        this.#panel = vscode.window.createWebviewPanel('asl-lsp.run', `${name} · run`, column, { enableScripts: true, localResourceRoots: [media] });
        this.#panel.iconPath = vscode.Uri.joinPath(media, 'machine.svg');
        this.#panel.webview.html = page(this.#panel.webview, media);
        this.#panel.webview.onDidReceiveMessage((message: PageMessage) => this.#receive(message));
        this.#panel.onDidDispose(closed);
    }

    dispose(): void {
        this.#panel.dispose();
    }

    reveal(): void {
        this.#panel.reveal(undefined, true);
    }

    async refresh(simulation: Simulation | undefined): Promise<void> {
        const generation = ++this.#generation;
        const argument = { uri: this.#machine.toString() };
        let problem: string | undefined;
        const [graph, tables] = await Promise.all([
            this.#execute<{ svg: string; nodes: { name: string; range: Range }[] }>('asl-lsp.graph', argument).catch((error: Error) => {
                problem = error.message;
                return undefined;
            }),
            this.#execute<Tables>('asl.tables', argument).catch(() => undefined),
        ]);
        if (generation !== this.#generation) return;
        this.#nodes = graph?.nodes ?? [];
        void this.#panel.webview.postMessage({ simulation, svg: graph?.svg, problem, tables });
    }

    async #receive(message: PageMessage): Promise<void> {
        const argument = { uri: this.#machine.toString() };
        if ('ready' in message) {
            await this.refresh(await this.#execute<Simulation>('asl.simulation', argument).catch(() => undefined));
        } else if ('go' in message) {
            const node = this.#nodes.find(({ name }) => name === message.go);
            if (node) await reveal(this.#machine, node.range);
        } else {
            await this.#execute('asl.step', { ...argument, ...message }).catch(() => undefined);
        }
    }
}

type PageMessage = { ready: true } | { go: string } | { to: string } | { step: number };

function page(webview: vscode.Webview, media: vscode.Uri): string {
    const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
    const nonce = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const policy = `default-src 'none'; style-src ${webview.cspSource} 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file('run.css')}">
</head>
<body>
<div id="bar">
<button id="first" title="First step">|◀</button>
<button id="previous" title="Step back">◀</button>
<input id="step" type="range" min="1" max="1" value="1" aria-label="Step">
<button id="next" title="Step forward">▶</button>
<button id="last" title="End of the run">▶|</button>
<span id="where"></span>
</div>
<div id="problem"></div>
<div id="graph"></div>
<div id="tables"></div>
<script nonce="${nonce}" src="${file('run.js')}"></script>
</body>
</html>`;
}

function toRange({ start, end }: Range): vscode.Range {
    return new vscode.Range(start.line, start.character, end.line, end.character);
}

async function reveal(uri: vscode.Uri, range: Range): Promise<void> {
    const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    await vscode.window.showTextDocument(uri, { selection: toRange(range), viewColumn: open?.viewColumn ?? vscode.ViewColumn.One });
}

/** Brings a range into view without taking the focus or moving the cursor. */
function revealQuietly(uri: vscode.Uri, range: Range): void {
    const open = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    open?.revealRange(toRange(range), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** An attribute value of DynamoDB as people read it. */
function attributeText(value: Record<string, unknown> | undefined): string {
    if (value === undefined) return '';
    const [entry] = Object.entries(value);
    if (entry === undefined) return '';
    const [kind, held] = entry;
    return kind === 'S' || kind === 'N' ? String(held) : JSON.stringify(held);
}
