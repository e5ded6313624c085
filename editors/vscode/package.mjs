// Makes the extension's package with the server inside: npm run package [-- options of vsce].
//
// The server is $ASL_LSP_BIN, or the release build of this checkout.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import * as path from 'node:path';

const TARGET = 'linux-x64';
const here = import.meta.dirname;
const repository = path.resolve(here, '../..');

const server = process.env.ASL_LSP_BIN || path.join(repository, 'target/release/asl-lsp');
if (!existsSync(server)) {
    console.error(`error: there is no server at ${server}: run \`cargo build --release\`, or name one in ASL_LSP_BIN`);
    process.exit(1);
}
mkdirSync(path.join(here, 'server'), { recursive: true });
copyFileSync(server, path.join(here, 'server/asl-lsp'));
chmodSync(path.join(here, 'server/asl-lsp'), 0o755);
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
run('vsce', 'package', '--target', TARGET, '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', ...process.argv.slice(2));
