// Which scenario a state machine is simulated with: picked from a list, and remembered for a server that is started again.

import * as vscode from 'vscode';
import { LANGUAGES } from './simulate.js';
import type { Execute, Simulation } from './views.js';

const KEY = 'scenarios';

/** The scenarios that were chosen, by the addresses of state machines. */
export class ScenarioMemory {
    readonly #memento: vscode.Memento;

    constructor(memento: vscode.Memento) {
        this.#memento = memento;
    }

    chosen(): Record<string, string> {
        return this.#memento.get<Record<string, string>>(KEY, {});
    }

    /** What a simulation was run with, if it was chosen: by a lens, too. */
    note({ uri, scenario }: Simulation): void {
        if (scenario?.isChosen) this.remember(uri, scenario.name);
    }

    remember(uri: string, name: string): void {
        const chosen = this.chosen();
        if (chosen[uri] !== name) void this.#memento.update(KEY, { ...chosen, [uri]: name });
    }
}

interface Scenarios {
    file: string | null;
    current: string | null;
    scenarios: string[];
}

/** Asks which scenario of the state machine in the editor to simulate; `name` is for key bindings and tests. */
export async function pickScenario(execute: Execute, memory: ScenarioMemory, name?: string): Promise<string | undefined> {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || !LANGUAGES.includes(document.languageId)) {
        void vscode.window.showWarningMessage('Open a state machine (*.asl.json, *.asl.yaml) to pick one of its scenarios.');
        return undefined;
    }
    const uri = document.uri.toString();
    if (name === undefined) {
        const known = await execute<Scenarios>('asl.scenarios', { uri });
        if (known === undefined || known.scenarios.length === 0) {
            const create = 'Create Scenario';
            const chosen = await vscode.window.showInformationMessage('There are no scenarios beside this state machine.', create);
            if (chosen === create) await vscode.commands.executeCommand('asl.createScenario', { uri });
            return undefined;
        }
        const items = known.scenarios.map((label) => ({ label, description: label === known.current ? 'simulated now' : undefined }));
        const picked = await vscode.window.showQuickPick(items, { title: 'Pick Scenario', placeHolder: 'What the live simulation runs with' });
        if (picked === undefined) return undefined;
        name = picked.label;
    }
    const taken = await execute<string>('asl.scenario', { uri, name });
    // Now, and not when its simulation is told: the server may be gone by then.
    if (taken !== undefined) memory.remember(uri, taken);
    return taken;
}
