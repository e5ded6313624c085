// Starts the debugger, which is the server's program in another role, and fills in what a launch
// configuration leaves out.

import { access } from 'node:fs/promises';
import * as vscode from 'vscode';

export const DEBUG_TYPE = 'asl';

/** Registers the debugger. `program` answers with the path of asl-lsp, or throws what the user is told. */
export function registerDebugger(program: () => Promise<string>): vscode.Disposable {
    return vscode.Disposable.from(
        vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
            createDebugAdapterDescriptor: async () => new vscode.DebugAdapterExecutable(await program(), ['dap']),
        }),
        vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, {
            resolveDebugConfiguration: (_folder, configuration) => withDefaults(configuration),
            resolveDebugConfigurationWithSubstitutedVariables: (_folder, configuration) => withCompanions(configuration),
        }),
        vscode.commands.registerCommand('asl-lsp.debug', (uri?: unknown) => {
            const machine = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
            if (machine === undefined) return false;
            return vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(machine), {
                type: DEBUG_TYPE,
                request: 'launch',
                name: 'Debug State Machine',
                program: machine.fsPath,
                stopOnEntry: true,
            });
        }),
    );
}

/** F5 without a launch.json: the state machine in the editor. */
function withDefaults(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration | undefined {
    if (configuration.type || configuration.request) return configuration;
    const document = vscode.window.activeTextEditor?.document;
    if (document?.languageId !== 'asl') return undefined;
    return {
        type: DEBUG_TYPE,
        request: 'launch',
        name: 'Debug State Machine',
        program: document.uri.fsPath,
        stopOnEntry: true,
    };
}

/** Input and tables from the files beside the definition, as the language server reads them. */
async function withCompanions(configuration: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration> {
    if (configuration['scenario'] !== undefined) return configuration;
    const program: unknown = configuration['program'];
    const stem = typeof program === 'string' ? /^(.*?)\.asl(?:\.json|\.ya?ml)?$/.exec(program)?.[1] : undefined;
    for (const part of ['input', 'tables']) {
        const file = `${stem}.${part}.json`;
        if (stem !== undefined && configuration[part] === undefined && (await exists(file))) {
            configuration[part] = file;
        }
    }
    return configuration;
}

async function exists(file: string): Promise<boolean> {
    return access(file).then(
        () => true,
        () => false,
    );
}
