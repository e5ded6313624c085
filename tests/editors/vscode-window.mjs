// What a user sees in the window: the packaged extension, installed, with its texts read from the page.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { machineFolder, Profile } from './workbench.mjs';

const PATIENCE = { timeout: 30_000 };

/** Beside an extension that claims the same files for an editor of its own, as another vendor's does. */
export async function windowChecks(report) {
    const scratch = path.join(process.env.ASL_TEST_SCRATCH, 'window');
    const profile = new Profile(scratch, { packages: [process.env.ASL_TEST_RIVAL, process.env.ASL_TEST_PACKAGE] });
    const { page, close } = await profile.open({ folder: machineFolder(scratch) });
    const shot = (name) => page.screenshot({ path: path.join(process.env.ASL_TEST_SHOTS, `${name}.png`), animations: 'disabled' });
    const check = async (name, body) => (await report.check(name, body)) || (await shot(`failure-${name.replace(/\W+/g, '-')}`));
    try {
        await check('a click in the explorer opens the text editor', async () => {
            await openFromExplorer(page, 'order.asl.json');
            assert.equal(await page.locator('iframe.webview.ready').count(), 0);
        });
        await check('the lens above StartAt tells how the simulation ended', async () => {
            await page.locator('.codelens-decoration a', { hasText: /Simulate.*SUCCEEDED/ }).waitFor(PATIENCE);
        });
        await check('hints stand behind SaveOrder and GetOrder', async () => {
            await lineMatching(page, /"SaveOrder": \{.*\S/);
            await lineMatching(page, /"GetOrder": \{.*OrderId.*001/);
            await shot('vscode-hints');
        });
        await check('the hover on GetOrder shows the item', async () => {
            const { x, y } = await centreOf(page, 'GetOrder', '{');
            await page.mouse.move(x - 20, y);
            await page.mouse.move(x, y, { steps: 5 });
            const table = page.locator('.monaco-hover:not(.hidden) table').first();
            await table.waitFor(PATIENCE);
            const cells = await table.locator('tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
            const text = cells.map((row) => row.join(' | ')).join('\n');
            assert.match(text, /OrderId \| S \| "?001"?/);
            assert.match(text, /Status \| S \| "?Created"?/);
            await shot('vscode-hover');
            await page.mouse.move(10, 10);
        });
        await check('a quick fix is offered for a transition to nowhere', async () => {
            const { x, y } = await centreOf(page, 'GetOrder', 'Next');
            await page.mouse.dblclick(x, y);
            await page.keyboard.type('Missing');
            await page.locator('.squiggly-error').first().waitFor(PATIENCE);
            // Findings that come meanwhile close the list.
            const list = page.locator('.action-widget', { hasText: 'Add state "Missing"' });
            await patiently(async () => {
                await page.keyboard.press('Control+.');
                await list.waitFor({ timeout: 5_000 });
            });
            await shot('vscode-quick-fix');
            await page.keyboard.press('Escape');
            await page.keyboard.press('Control+z');
            await lineMatching(page, /"GetOrder": \{.*OrderId.*001/);
        });
        await check('a click on the lens simulates and says so', async () => {
            await page.locator('.codelens-decoration a', { hasText: /Simulate/ }).click(PATIENCE);
            await page.locator('.statusbar-item', { hasText: /simulation SUCCEEDED/ }).waitFor(PATIENCE);
            await lineMatching(page, /"GetOrder": \{.*OrderId.*001/);
        });
        await check('an input is checked as it is typed, and its result shown on request', async () => {
            await runCommand(page, 'ASL: Simulate with Input');
            const field = page.locator('.quick-input-widget input').first();
            await page.locator('.quick-input-widget', { hasText: 'Input of the execution' }).waitFor(PATIENCE);
            await field.fill('{"orderId": ');
            await page.locator('.quick-input-widget', { hasText: 'Not JSON' }).waitFor(PATIENCE);
            await field.fill('{"orderId": "001"}');
            await page.locator('.quick-input-widget', { hasText: 'Not JSON' }).waitFor({ ...PATIENCE, state: 'hidden' });
            await field.press('Enter');
            const toast = page.locator('.notification-toast', { hasText: 'Simulation SUCCEEDED' });
            await toast.waitFor(PATIENCE);
            await shot('vscode-simulated');
            await toast.getByRole('button', { name: 'Show Result' }).click(PATIENCE);
            await lineMatching(page, /"status": "SUCCEEDED"/);
            await shot('vscode-result');
        });
        await check('the last input is offered again', async () => {
            await page.locator('.editor-instance .view-lines').first().click();
            await runCommand(page, 'ASL: Simulate with Input');
            await page.locator('.quick-input-widget', { hasText: 'Input of the execution' }).waitFor(PATIENCE);
            assert.equal(await page.locator('.quick-input-widget input').first().inputValue(), '{"orderId": "001"}');
            await page.keyboard.press('Escape');
        });
        await check('expressions are coloured apart from strings', async () => {
            await openFromExplorer(page, 'total.asl.json');
            await lineMatching(page, /\{% \$sum/);
            const colours = await page.evaluate(() => {
                const line = [...document.querySelectorAll('.view-line')].find((line) => line.innerText.includes('{%'));
                return new Set([...line.querySelectorAll('span > span')].map((span) => getComputedStyle(span).color)).size;
            });
            assert.ok(colours >= 4, `${colours} colours`);
            await shot('vscode-expression');
        });
        await check('the graph opens beside the text, with the tables and the steps of the run', async () => {
            await openFromExplorer(page, 'order.asl.json');
            // The other editors leave their room to the graph.
            await runCommand(page, 'View: Close Other Editors in Group');
            await runCommand(page, 'View: Close Editors in Other Groups');
            await runCommand(page, 'ASL: Open Graph and Run');
            await page.mouse.move(640, 700);
            const graph = runFrame(page);
            await graph.locator('[data-state="GetOrder"].succeeded').waitFor(PATIENCE);
            assert.match(await graph.locator('#tables').innerText(), /Orders · 1 item[^]*001/);
            assert.equal(await graph.locator('#where').innerText(), 'SUCCEEDED');
            await shot('vscode-graph');
        });
        await check('the slider goes through the run', async () => {
            const graph = runFrame(page);
            await graph.locator('#first').click();
            await graph.locator('[data-state="GetOrder"].missed').waitFor(PATIENCE);
            await graph.locator('#where', { hasText: 'step 1 of 2 · SaveOrder' }).waitFor(PATIENCE);
            await graph.locator('#tables tr.put').waitFor(PATIENCE);
            await page.locator('.codelens-decoration a', { hasText: /step 1 of 2/ }).waitFor(PATIENCE);
            await shot('vscode-step');
            await graph.locator('#last').click();
            await graph.locator('[data-state="GetOrder"].succeeded').waitFor(PATIENCE);
        });
        await check('a click on a state in the graph goes to its text', async () => {
            await runFrame(page).locator('[data-state="GetOrder"] .name').click();
            await page.locator('.statusbar-item', { hasText: /Ln 14\b|Ln 15\b|Ln 16\b|Ln 17\b|Ln 18\b/ }).waitFor(PATIENCE);
        });
        await check('the graph follows edits', async () => {
            const { x, y } = await centreOf(page, 'GetOrder', 'Next');
            await page.mouse.dblclick(x, y);
            await page.keyboard.type('Missing');
            await runFrame(page).locator('[data-state="GetOrder"].missed').waitFor(PATIENCE);
            await page.keyboard.press('Control+z');
            await runFrame(page).locator('[data-state="GetOrder"].succeeded').waitFor(PATIENCE);
            await page.locator('.codelens-decoration a', { hasText: /Simulate.*SUCCEEDED/ }).waitFor(PATIENCE);
        });
        await check('tables and history have a place of their own', async () => {
            await runCommand(page, 'View: Show State Machine');
            await page.locator('.pane .monaco-list-row', { hasText: 'ExecutionSucceeded' }).waitFor(PATIENCE);
            await page.locator('.pane .monaco-list-row', { hasText: 'Orders' }).first().waitFor(PATIENCE);
            await shot('vscode-trees');
        });
        await check('a scenario is picked from a list', async () => {
            await runCommand(page, 'View: Show Explorer');
            await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'stock' }).first().click(PATIENCE);
            await openFromExplorer(page, 'inventory.asl.json');
            await page.locator('.codelens-decoration a', { hasText: 'Scenario: enough in stock' }).waitFor(PATIENCE);
            await runCommand(page, 'ASL: Pick Scenario');
            await page.locator('.quick-input-list .monaco-list-row', { hasText: 'sold out' }).click(PATIENCE);
            await page.locator('.codelens-decoration a', { hasText: 'Scenario: sold out' }).waitFor(PATIENCE);
            await page.locator('.codelens-decoration a', { hasText: /FAILED: SoldOut/ }).waitFor(PATIENCE);
            await shot('vscode-scenario');
        });
        await check('the Test Explorer runs scenarios and shows what differs', async () => {
            await runCommand(page, 'View: Close All Editors');
            await runCommand(page, 'View: Show Explorer');
            await openFromExplorer(page, 'inventory.asl.json');
            await page.locator('.codelens-decoration a', { hasText: 'Scenario: sold out' }).click(PATIENCE);
            await page.locator('.codelens-decoration a', { hasText: 'Scenario: one left' }).waitFor(PATIENCE);
            await lineMatching(page, /"TakeFromStock": \{.*left: 1/);
            const { x, y } = await centreOf(page, 'TakeFromStock', '{');
            await page.mouse.move(x - 20, y);
            await page.mouse.move(x, y, { steps: 5 });
            const table = page.locator('.monaco-hover:not(.hidden) table').first();
            await table.waitFor(PATIENCE);
            assert.match(await table.innerText(), /Stock[^]*5[^]*1/);
            await shot('vscode-hover-change');
            await page.mouse.move(10, 10);
            await runCommand(page, 'Testing: Focus on Test Explorer View');
            await page.locator('.test-explorer .monaco-list-row', { hasText: 'inventory.scenarios.json' }).waitFor(PATIENCE);
            await runCommand(page, 'Test: Run All Tests');
            await page.locator('.test-output-peek, .test-explorer .monaco-list-row .codicon-testing-failed-icon').first().waitFor(PATIENCE);
            await page.locator('.test-explorer .monaco-list-row', { hasText: 'inventory.scenarios.json' }).locator('.monaco-tl-twistie').click();
            await page.locator('.test-explorer .monaco-list-row', { hasText: 'one left' }).waitFor(PATIENCE);
            // What was expected stands beside what came out, and a note at the state.
            await page.locator('.test-output-peek-tree .monaco-list-row', { hasText: 'one left' }).locator('.label').first().dblclick();
            await page.locator('.test-output-peek-message-container .monaco-diff-editor, .diffEditor').first().waitFor(PATIENCE);
            await page.mouse.move(640, 790);
            await shot('vscode-tests');
            await page.keyboard.press('Escape');
        });
        await check('the debugger stops in an iteration of a Map', async () => {
            await runCommand(page, 'View: Close All Editors');
            await runCommand(page, 'View: Show Explorer');
            await openFromExplorer(page, 'lines.asl.json');
            await page.locator('.codelens-decoration a', { hasText: /Simulate.*SUCCEEDED/ }).waitFor(PATIENCE);
            const { x, y } = await centreOf(page, 'Price', '{');
            await page.mouse.click(x, y);
            await runCommand(page, 'Debug: Toggle Breakpoint');
            await runCommand(page, 'ASL: Debug State Machine');
            await page.locator('.debug-toolbar').waitFor(PATIENCE);
            await runCommand(page, 'View: Show Run and Debug');
            await page.locator('.debug-call-stack .monaco-list-row', { hasText: 'Each' }).first().waitFor(PATIENCE);
            await page.keyboard.press('F5');
            await page.locator('.debug-call-stack .monaco-list-row', { hasText: 'Price' }).first().waitFor(PATIENCE);
            await page.mouse.move(640, 790);
            await page.waitForTimeout(700);
            await shot('vscode-debug-map');
            await page.keyboard.press('Shift+F5');
            await page.locator('.debug-toolbar').waitFor({ ...PATIENCE, state: 'hidden' });
        });
    } finally {
        await close();
    }
}

/** In a folder that nobody trusts, whose settings name a program. */
export async function restrictedChecks(report) {
    const scratch = path.join(process.env.ASL_TEST_SCRATCH, 'restricted');
    const folder = machineFolder(scratch);
    const trap = path.join(folder, 'trap');
    writeFileSync(trap, `#!/bin/sh\ntouch '${trap}.sprung'\nexec '${process.env.ASL_TEST_SERVER}' "$@"\n`);
    chmodSync(trap, 0o755);
    mkdirSync(path.join(folder, '.vscode'));
    writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify({ 'asl-lsp.server.path': trap }));

    const profile = new Profile(scratch, { packages: [process.env.ASL_TEST_PACKAGE] });
    const { page, close } = await profile.open({
        folder,
        trustAll: false,
        payload: (remote) => [['openFile', remote(path.join(folder, 'order.asl.json'))]],
    });
    try {
        await report.check('without trust the bundled server runs, and not what the folder names', async () => {
            await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor(PATIENCE);
            await lineMatching(page, /"GetOrder": \{.*OrderId.*001/);
            assert.ok(!existsSync(`${trap}.sprung`), 'the program named by the folder was run');
        });
    } finally {
        await close();
    }
}

/** The page within the two frames of a webview. */
function runFrame(page) {
    return page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
}

/** Waits until a line of an editor reads like `pattern`. The page writes no-break spaces. */
async function lineMatching(page, pattern) {
    const lines = () => page.locator('.view-line').evaluateAll((all) => all.map((line) => line.innerText.replaceAll('\u00a0', ' ')));
    for (const end = Date.now() + PATIENCE.timeout; ; await page.waitForTimeout(100)) {
        const seen = await lines();
        if (seen.some((line) => pattern.test(line))) return;
        if (Date.now() > end) throw new Error(`no line like ${pattern}:\n${seen.join('\n')}`);
    }
}

/** The middle of `text` on the line of the editor that holds both texts. */
async function centreOf(page, text, alsoOnLine) {
    return page.evaluate(
        ([text, alsoOnLine]) => {
            const line = [...document.querySelectorAll('.view-line')].find((line) => line.innerText.includes(text) && line.innerText.includes(alsoOnLine));
            const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                const start = node.data.indexOf(text);
                if (start < 0) continue;
                const range = document.createRange();
                range.setStart(node, start);
                range.setEnd(node, start + text.length);
                const box = range.getBoundingClientRect();
                return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            }
            throw new Error(`no ${text} to see`);
        },
        [text, alsoOnLine],
    );
}

async function openFromExplorer(page, file) {
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: file }).dblclick(PATIENCE);
    await page.locator('.tab.active', { hasText: file }).waitFor(PATIENCE);
    await page.waitForSelector('.editor-instance .view-lines .view-line', PATIENCE);
}

/** Runs a command from the palette. A view that opens meanwhile takes the focus and closes the palette. */
async function runCommand(page, title) {
    await patiently(async () => {
        await page.keyboard.press('F1');
        const field = page.locator('.quick-input-widget input').first();
        await field.waitFor({ timeout: 5_000 });
        await field.fill(`>${title}`, { timeout: 5_000 });
        await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor({ timeout: 5_000 });
        await page.keyboard.press('Enter');
    });
}

/** Does something once more when it fails, a few times. */
async function patiently(act) {
    const ATTEMPTS = 4;
    for (let attempt = 1; ; attempt += 1) {
        try {
            return await act();
        } catch (error) {
            if (attempt === ATTEMPTS) {
                throw error;
            }
        }
    }
}
