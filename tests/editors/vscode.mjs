// The extension in VS Code: a suite in the extension host, then what a user sees in the window.

import { Report } from './report.mjs';
import { hostSuite } from './vscode-host.mjs';
import { windowChecks, restrictedChecks } from './vscode-window.mjs';

const report = new Report();
for (const [name, part] of Object.entries({ hostSuite, windowChecks, restrictedChecks })) {
    if (process.argv[2] && process.argv[2] !== name) continue;
    console.log(`-- ${name}`);
    await part(report).catch((error) => report.record({ name, ms: 0, error: error.stack }));
}
process.exit(report.close());
