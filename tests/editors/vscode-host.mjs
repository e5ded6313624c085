// Runs vscode-suite/ in the extension host, the way VS Code runs its own integration tests in a browser.

import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import * as path from 'node:path';
import { format } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineFolder, Profile } from './workbench.mjs';

const EXTENSION = path.resolve(import.meta.dirname, '../../editors/vscode');
const LIMIT_MS = 150_000;

export async function hostSuite(report) {
    const scratch = path.join(process.env.ASL_TEST_SCRATCH, 'host');
    const results = path.join(scratch, 'results.json');
    const onPath = path.join(scratch, 'bin/asl-lsp');
    mkdirSync(path.dirname(onPath), { recursive: true });
    symlinkSync(process.env.ASL_TEST_SERVER, onPath);

    const ended = Promise.withResolvers();
    const output = [];
    const { page, close, log } = await new Profile(scratch).open({
        folder: machineFolder(scratch),
        // Without this the workbench ignores the two payload keys below.
        options: ['--vscode-option', 'enable-smoke-test-driver'],
        environment: { ASL_TEST_RESULTS: results, ASL_TEST_SCRATCH: scratch, ASL_TEST_ON_PATH: onPath },
        payload: (remote) => [
            ['extensionDevelopmentPath', remote(EXTENSION)],
            ['extensionTestsPath', remote(path.join(import.meta.dirname, 'vscode-suite/index.cjs'))],
        ],
        expose: {
            codeAutomationLog: (_type, values) => output.push(format(...values)),
            codeAutomationExit: (code) => ended.resolve(code),
        },
    });
    try {
        const code = await Promise.race([ended.promise, sleep(LIMIT_MS, 'no end', { ref: false })]);
        let tests;
        try {
            tests = JSON.parse(readFileSync(results, 'utf8'));
        } catch {
            await page.screenshot({ path: path.join(process.env.ASL_TEST_SHOTS, 'vscode-host-failure.png') });
            throw new Error(`the suite wrote no results (${code}):\n${output.join('\n')}\n${log().slice(-2000)}`);
        }
        for (const test of tests) report.record(test);
    } finally {
        await close();
    }
}
