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
            await page.keyboard.press('Control+.');
            await page.locator('.action-widget', { hasText: 'Add state "Missing"' }).waitFor(PATIENCE);
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
        await check('the Test Explorer runs scenarios and shows what differs', async () => {
            await runCommand(page, 'Testing: Focus on Test Explorer View');
            await page.locator('.test-explorer .monaco-list-row', { hasText: 'inventory.scenarios.json' }).waitFor(PATIENCE);
            await runCommand(page, 'Test: Run All Tests');
            await page.locator('.test-output-peek, .test-explorer .monaco-list-row .codicon-testing-failed-icon').first().waitFor(PATIENCE);
            await page.waitForTimeout(1500);
            await shot('vscode-tests');
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

async function runCommand(page, title) {
    await page.keyboard.press('F1');
    const field = page.locator('.quick-input-widget input').first();
    await field.waitFor(PATIENCE);
    await field.fill(`>${title}`);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click(PATIENCE);
}
