// Makes the extension's package with the server inside: npm run package [-- options of vsce].
//
// The server is $ASL_LSP_BIN, or the release build of this checkout; $ASL_LSP_TARGET is what it runs on, as vsce names it,
// or this machine.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import * as path from 'node:path';

const target = process.env.ASL_LSP_TARGET || `${process.platform}-${process.arch}`;
const executable = target.startsWith('win32-') ? 'asl-lsp.exe' : 'asl-lsp';
const here = import.meta.dirname;
const repository = path.resolve(here, '../..');

const server = process.env.ASL_LSP_BIN || path.join(repository, 'target/release', executable);
if (!existsSync(server)) {
    console.error(`error: there is no server at ${server}: run \`cargo build --release\`, or name one in ASL_LSP_BIN`);
    process.exit(1);
}
// Empty at first: it may hold another machine's server.
const folder = path.join(here, 'server');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
copyFileSync(server, path.join(folder, executable));
chmodSync(path.join(folder, executable), 0o755);
for (const license of ['LICENSE-APACHE', 'LICENSE-MIT']) {
    copyFileSync(path.join(repository, license), path.join(here, license));
}

function run(tool, ...options) {
    const { status, error } = spawnSync(path.join(here, 'node_modules/.bin', tool), options, { cwd: here, stdio: 'inherit' });
    if (status === 0) return;
    console.error(`error: ${tool} failed${error ? `: ${error.message}` : ''}`);
    process.exit(1);
}
run('tsc', '--noEmit');
run('esbuild', 'src/extension.ts', '--bundle', '--minify', '--platform=node', '--format=cjs', '--target=node20',
    '--external:vscode', '--outfile=dist/extension.cjs', '--log-level=warning');
run('vsce', 'package', '--target', target, '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', ...process.argv.slice(2));
