// What the extension host loads and runs: mocha over the suite next door. The results go into a file,
// because the host's console does not keep to lines.

const { writeFileSync } = require('node:fs');
const path = require('node:path');
const Mocha = require(path.join(process.env.ASL_TEST_MODULES, 'mocha'));

exports.run = () =>
    new Promise((resolve, reject) => {
        const mocha = new Mocha({ ui: 'bdd', timeout: 40_000, reporter: 'min', color: false });
        mocha.addFile(path.join(__dirname, 'suite.cjs'));
        const results = [];
        const runner = mocha.run((failures) => {
            writeFileSync(process.env.ASL_TEST_RESULTS, JSON.stringify(results));
            if (failures > 0) reject(new Error(`${failures} failed`));
            else resolve();
        });
        runner.on('pass', (test) => results.push({ name: test.fullTitle(), ms: test.duration }));
        runner.on('fail', (test, error) =>
            results.push({ name: test.fullTitle(), ms: test.duration ?? 0, error: error.stack ?? String(error) }),
        );
    });
