// VS Code's workbench in a headless browser, served by code-server with an extension host of its own.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(path.join(process.env.ASL_TEST_MODULES, '/'));
const { chromium } = require('playwright-core');

/** No network, no surprises, and nothing that covers the editor. */
const SETTINGS = {
    'chat.disableAIFeatures': true,
    'editor.accessibilitySupport': 'off',
    'editor.minimap.enabled': false,
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'files.simpleDialog.enable': true,
    'git.enabled': false,
    'security.workspace.trust.startupPrompt': 'never',
    'telemetry.telemetryLevel': 'off',
    'update.mode': 'none',
    'window.confirmBeforeClose': 'never',
    'workbench.enableExperiments': false,
    'workbench.reduceMotion': 'on',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
};

const CHROMIUM_FLAGS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--no-first-run',
];

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples');

/** A folder with the state machine that the tests work on, one with an expression in it, and one with scenarios. */
export function machineFolder(scratch) {
    const folder = path.join(scratch, 'orders');
    mkdirSync(folder, { recursive: true });
    copyFileSync(process.env.ASL_TEST_EXAMPLE, path.join(folder, 'order.asl.json'));
    const total = { Type: 'Pass', Output: "{% $sum($states.input.items.price) & ' EUR' %}", End: true };
    const machine = { QueryLanguage: 'JSONata', StartAt: 'Total', States: { Total: total } };
    writeFileSync(path.join(folder, 'total.asl.json'), JSON.stringify(machine, null, 2));
    writeFileSync(path.join(folder, 'lines.asl.json'), JSON.stringify(lines(), null, 2));
    writeFileSync(path.join(folder, 'lines.input.json'), JSON.stringify({ lines: [{ sku: 'lamp', pieces: 2 }, { sku: 'desk', pieces: 1 }] }));
    scenarioFolder(path.join(folder, 'stock'));
    return folder;
}

/** A state machine that goes over a list. */
function lines() {
    const price = { Type: 'Pass', Output: { sku: '{% $states.input.sku %}', euros: '{% $states.input.pieces * 30 %}' }, End: true };
    const processor = { StartAt: 'Price', States: { Price: price } };
    const each = { Type: 'Map', Items: '{% $states.input.lines %}', ItemProcessor: processor, End: true };
    return { QueryLanguage: 'JSONata', StartAt: 'Each', States: { Each: each } };
}

/** A state machine with scenarios, the last of which fails. */
function scenarioFolder(folder) {
    mkdirSync(folder);
    for (const part of ['asl', 'tables']) copyFileSync(path.join(EXAMPLES, `inventory.${part}.json`), path.join(folder, `inventory.${part}.json`));
    copyFileSync(path.join(import.meta.dirname, 'inventory.scenarios.json'), path.join(folder, 'inventory.scenarios.json'));
}

/** Whatever is open when the test is told to end. */
const open = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, async () => {
        await Promise.all([...open].map((close) => close()));
        process.exit(1);
    });
}

/** One profile of VS Code in a directory of its own, with the given extension packages. */
export class Profile {
    constructor(directory, { settings = {}, packages = [] } = {}) {
        this.directory = directory;
        for (const name of ['home', 'tmp', 'user/User', 'extensions', 'browser']) {
            mkdirSync(path.join(directory, name), { recursive: true });
        }
        writeFileSync(path.join(directory, 'user/User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
        for (const file of packages) {
            const { status, stdout, stderr } = spawnSync(...this.#codeServer(['--install-extension', file]), {
                env: this.environment(),
                encoding: 'utf8',
                timeout: 60_000,
            });
            if (status !== 0) throw new Error(`cannot install ${file}:\n${stdout}${stderr}`);
        }
    }

    /** The environment of whatever runs in this profile: no user's home, and no asl-lsp on PATH by chance. */
    environment(extra = {}) {
        const inside = (name) => path.join(this.directory, name);
        return {
            ...process.env,
            HOME: inside('home'),
            TMPDIR: inside('tmp'),
            XDG_CACHE_HOME: inside('home/.cache'),
            XDG_CONFIG_HOME: inside('home/.config'),
            XDG_DATA_HOME: inside('home/.local/share'),
            ...extra,
        };
    }

    /** Opens `folder` in a browser. `payload` is for the workbench, as [key, value] pairs made from the server's address. */
    async open({ folder, trustAll = true, payload = () => [], options = [], environment = {}, expose = {} }) {
        const port = await freePort();
        const env = this.environment(environment);
        const trust = trustAll ? ['--disable-workspace-trust'] : [];
        const server = spawn(...this.#codeServer(['--bind-addr', `127.0.0.1:${port}`, ...trust, ...options]), {
            env,
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        let log = '';
        for (const stream of [server.stdout, server.stderr]) stream.on('data', (data) => (log += data));

        let browser;
        const close = async () => {
            open.delete(close);
            await browser?.close().catch(() => {});
            await stop(server);
        };
        open.add(close);
        try {
            await answering(`http://127.0.0.1:${port}/healthz`, 30_000);
            browser = await chromium.launchPersistentContext(path.join(this.directory, 'browser'), {
                executablePath: process.env.ASL_TEST_CHROMIUM,
                headless: true,
                viewport: { width: 1280, height: 800 },
                args: CHROMIUM_FLAGS,
                env,
                handleSIGINT: false,
                handleSIGTERM: false,
            });
            const page = browser.pages()[0] ?? (await browser.newPage());
            for (const [name, callback] of Object.entries(expose)) await page.exposeFunction(name, callback);
            const query = new URLSearchParams({
                folder,
                payload: JSON.stringify([['skipWelcome', 'true'], ...payload((file) => `vscode-remote://127.0.0.1:${port}${file}`)]),
            });
            await page.goto(`http://127.0.0.1:${port}/?${query}`);
            await page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
            return { page, close, log: () => log };
        } catch (error) {
            await close();
            throw new Error(`the workbench does not open: ${error.message}\n${log.slice(-2000)}`);
        }
    }

    #codeServer(options) {
        const inside = (name) => path.join(this.directory, name);
        return [
            process.execPath,
            [
                process.env.ASL_TEST_CODE_SERVER,
                ...['--user-data-dir', inside('user'), '--extensions-dir', inside('extensions'), '--config', inside('config.yaml')],
                ...['--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
                ...options,
            ],
        ];
    }
}

function freePort() {
    return new Promise((resolve, reject) => {
        const probe = createServer().once('error', reject);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

async function answering(url, limit) {
    for (const end = Date.now() + limit; Date.now() < end; await sleep(100)) {
        const answer = await fetch(url).catch(() => undefined);
        if (answer?.ok) return;
    }
    throw new Error(`no answer from ${url}`);
}

/** Ends a process and all it has started; what does not heed the first signal gets the last one. */
async function stop(child) {
    if (child.exitCode !== null) return;
    const family = descendants(child.pid);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(5_000)]);
    for (const pid of [child.pid, ...family]) {
        try {
            process.kill(pid, 'SIGKILL');
        } catch {
            // It has ended, as it should.
        }
    }
}

function descendants(ancestor) {
    const children = new Map();
    for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
            // pid (name of the program) state parent …; the name may hold anything, parentheses too.
            const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
            const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
            children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
        } catch {
            // It ended while we looked.
        }
    }
    const found = [];
    for (const queue = [ancestor]; queue.length > 0; ) {
        const next = children.get(queue.shift()) ?? [];
        found.push(...next);
        queue.push(...next);
    }
    return found;
}
