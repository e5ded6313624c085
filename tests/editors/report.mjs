// Counts checks and prints them as they end.

export class Report {
    passed = 0;
    failed = 0;

    /** Runs one check; its failure is reported and does not stop the rest. Returns whether it passed. */
    async check(name, body) {
        const start = Date.now();
        try {
            await body();
        } catch (error) {
            this.record({ name, ms: Date.now() - start, error: error?.stack ?? String(error) });
            return false;
        }
        this.record({ name, ms: Date.now() - start });
        return true;
    }

    record({ name, ms, error }) {
        if (error === undefined) {
            this.passed += 1;
            console.log(`ok    ${name} (${ms} ms)`);
        } else {
            this.failed += 1;
            console.log(`FAIL  ${name} (${ms} ms)\n${error.replace(/^/gm, '      ')}`);
        }
    }

    /** Prints the closing line and returns the exit code. No check at all is a failure, too. */
    close() {
        console.log(`${this.passed} passed, ${this.failed} failed`);
        return this.passed > 0 && this.failed === 0 ? 0 : 1;
    }
}
